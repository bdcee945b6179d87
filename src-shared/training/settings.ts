/** Reading the training settings of a document, and why a run could not start with them. */
import type { Analysis } from '../compile/analysis';
import { datasetOf } from '../datasets';
import { formatShape, sameDims } from '../ir/shape';
import { parseParams } from '../params/fields';
import { type Problem, problem } from '../problems/problem';
import type { JsonObject } from '../util/json';
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

/** Why training cannot start: mistakes of the graph, and of the graph against data and settings. Empty when it can. */
export function trainingProblems(analysis: Analysis, raw: JsonObject): readonly Problem[] {
  const { settings, problems } = parseTraining(raw);
  const mistakes = analysis.problems.filter(({ severity }) => severity === 'error').length;
  const graph = mistakes > 0 ? [problem('run/graph-has-problems', { count: mistakes })] : [];
  return [
    ...graph,
    ...problems,
    ...dataProblems(analysis, settings),
    ...batchProblems(analysis, settings),
    ...classWeightProblems(analysis, settings),
  ];
}

function dataProblems({ input, output }: Analysis, settings: TrainingSettings): readonly Problem[] {
  const dataset = datasetOf(settings.dataset);
  if (!dataset) return [];
  const found: Problem[] = [];
  const place = { param: 'dataset' };
  if (input && !sameDims(input, dataset.input)) {
    const args = {
      expected: formatShape(input),
      dataset: dataset.title,
      shape: formatShape(dataset.input),
    };
    found.push(problem('data/input-mismatch', args, place));
  }
  const units = output?.[0];
  const classes = dataset.classNames.length;
  if (units !== undefined && units !== classes) {
    found.push(problem('data/classes-mismatch', { units, dataset: dataset.title, classes }, place));
  }
  return found;
}

function batchProblems(analysis: Analysis, { batchSize, dataset }: TrainingSettings): readonly Problem[] {
  const place = { param: 'batchSize' };
  const samples = datasetOf(dataset)?.trainSamples ?? Infinity;
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
