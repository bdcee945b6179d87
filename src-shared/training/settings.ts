/** Reading the training settings of a document, and why a run could not start with them. */
import type { Analysis } from '../compile/analysis';
import { type AnyDataset, datasetOf } from '../datasets';
import { folderName, type ImageFolder, isFolderPath } from '../datasets/image-folder';
import { takesImages } from '../images/fit';
import { formatShape, sameDims } from '../ir/shape';
import type { Shape } from '../ir/types';
import { parseParams } from '../params/fields';
import { type Problem, problem } from '../problems/problem';
import type { JsonObject } from '../util/json';
import { type Precision, precisionNames } from './precision';
import { trainingSchema, type TrainingSettings } from './schema';

export type { TrainingSettings } from './schema';

export interface ParsedTraining {
  /** The default stands in for each refused value. */
  readonly settings: TrainingSettings;
  /** Refused values, as errors whose `param` is the setting. */
  readonly problems: readonly Problem[];
}

export function parseTraining(raw: JsonObject): ParsedTraining {
  const { values, issues } = parseParams(trainingSchema, raw);
  const problems = issues.map(({ param, issue }) => problem(issue.code, issue.args, { param }));
  return { settings: values, problems };
}

/** What is known besides the document; what only it can tell is left out without it. */
interface KnownAround {
  /** The image folder that the settings name. */
  readonly folder?: ImageFolder | undefined;
  /** The precisions in which the device computes; where it is not known yet, all. */
  readonly possible?: readonly Precision[];
}

/**
 * Why training cannot start: mistakes of the graph, and of the graph against data, settings and device. Empty when it can.
 */
export function trainingProblems(
  analysis: Analysis,
  raw: JsonObject,
  { folder, possible = precisionNames }: KnownAround = {},
): readonly Problem[] {
  const { settings, problems } = parseTraining(raw);
  const mistakes = analysis.problems.filter(({ severity }) => severity === 'error').length;
  const graph = mistakes > 0 ? [problem('run/graph-has-problems', { count: mistakes })] : [];
  return [
    ...graph,
    ...problems,
    ...dataProblems(analysis, settings, folder),
    ...batchProblems(analysis, settings, folder),
    ...classWeightProblems(analysis, settings),
    ...precisionProblems(settings, possible),
  ];
}

/** `possible` are the precisions in which the device computes. */
export function precisionProblems(
  { precision }: TrainingSettings,
  possible: readonly Precision[],
): readonly Problem[] {
  if (possible.includes(precision)) return [];
  return [problem('run/precision-not-possible', { precision }, { param: 'precision' })];
}

function dataProblems(
  { input, output }: Analysis,
  { dataset: named }: TrainingSettings,
  folder: ImageFolder | undefined,
): readonly Problem[] {
  const place = { param: 'dataset' };
  const found = [
    input && inputProblem(input, named),
    classesProblem(output?.[0], datasetOf(named) ?? folder),
  ];
  return found.filter((each) => each !== undefined).map((each) => ({ ...each, ...place }));
}

/** Why the network cannot take the images of a data set: folders' images are made to fit, those of others are not. */
export function inputProblem(input: Shape, named: string): Problem | undefined {
  const dataset = datasetOf(named);
  if (dataset === undefined) {
    const isFine = !isFolderPath(named) || takesImages(input);
    return isFine ? undefined : problem('data/input-no-image', { shape: formatShape(input) });
  }
  if (sameDims(input, dataset.input)) return undefined;
  return problem('data/input-mismatch', {
    expected: formatShape(input),
    dataset: dataset.title,
    shape: formatShape(dataset.input),
  });
}

/** A network has an output for each class; undefined where it does, or where either is not known. */
export function classesProblem(
  units: number | undefined,
  dataset: AnyDataset | undefined,
): Problem | undefined {
  if (units === undefined || dataset === undefined) return undefined;
  const classes = dataset.classNames.length;
  if (units === classes) return undefined;
  const name = dataset.kind === 'idx' ? dataset.title : folderName(dataset.id);
  return problem('data/classes-mismatch', { units, dataset: name, classes });
}

function batchProblems(
  analysis: Analysis,
  { batchSize, dataset }: TrainingSettings,
  folder: ImageFolder | undefined,
): readonly Problem[] {
  const place = { param: 'batchSize' };
  const samples = (datasetOf(dataset) ?? folder)?.trainSamples ?? Infinity;
  if (batchSize > samples) return [problem('run/batch-larger-than-data', { batchSize, samples }, place)];
  const { minimumBatch } = analysis;
  if (minimumBatch.node === undefined || batchSize >= minimumBatch.size) return [];
  return [problem('run/batch-of-one', { name: minimumBatch.name ?? minimumBatch.node }, place)];
}

/** One weight for each class that the network tells apart, or none. */
export function classWeightProblems(
  { output }: Analysis,
  { classWeights }: TrainingSettings,
): readonly Problem[] {
  const classes = output?.[0];
  const count = classWeights.length;
  if (count === 0 || classes === undefined || count === classes) return [];
  return [problem('run/class-weights-mismatch', { count, classes }, { param: 'classWeights' })];
}
