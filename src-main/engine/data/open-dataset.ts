/** Data sets as runs use them, built in or a folder of images: found, checked against the network, put where they fit. */
import type { Program } from '@shared/compile/program';
import { type Dataset, datasetOf, datasets } from '@shared/datasets';
import { isFolderPath } from '@shared/datasets/image-folder';
import { problem, type Problem } from '@shared/problems/problem';
import type { DataRecord } from '@shared/run/record';
import type { TrainingSettings } from '@shared/training/schema';
import { classesProblem, inputProblem } from '@shared/training/settings';
import { failure, type Result, success } from '@shared/util/result';
import type { Network } from '../network';
import type { EarlyReading } from './early-reading';
import type { LoadedSplit } from './load';
import { type FolderSources, openFolderDataset } from './folder/folder-dataset';
import { sessionSplit, sessionTestSplit, type Split, type TestSplit } from './split';

/** A data set that fits the network. */
export interface OpenDataset {
  /** What the settings name. */
  readonly id: string;
  readonly classNames: readonly string[];
  readonly trainSamples: number;
  readonly testSamples: number;
  /** What was left out. */
  readonly warnings: readonly Problem[];
  /** What the run's record says of it; absent for built-in ones, which never change. */
  readonly record?: DataRecord;
  /** Puts the training images into the network's session, or gets ready to stream them. */
  enterTrain(network: Network): Promise<Result<Split, Problem>>;
  /** The same for the test images. */
  enterTest(network: Network): Promise<Result<TestSplit, Problem>>;
  /** Lets threads and files go. */
  close(): Promise<void>;
}

/** Where data sets are. */
export interface DataSources {
  /** The built-in ones. */
  readonly builtIn: EarlyReading;
  readonly folders: FolderSources;
}

/** How a folder without a test folder is split; `test` tests with all of it. */
export type SplitSettings = Pick<TrainingSettings, 'testShare' | 'seed'> | 'test';

/** The data set that settings name, for a network that takes its images and has an output for each of its classes. */
export async function openDataset(
  program: Program,
  id: string,
  settings: SplitSettings,
  { builtIn, folders }: DataSources,
): Promise<Result<OpenDataset, Problem>> {
  if (isFolderPath(id)) return openFolderDataset(program, id, settings, folders);
  const dataset = fittingDataset(program, id);
  return dataset.ok ? success(openBuiltIn(dataset.value, builtIn)) : dataset;
}

/** The built-in data set of that id, if it fits. */
export function fittingDataset({ input, classes }: Program, id: string): Result<Dataset, Problem> {
  const dataset = datasetOf(id);
  if (dataset === undefined) {
    const known = datasets.map((each) => each.id).join(', ');
    return failure(problem('data/unknown-dataset', { dataset: id, known }));
  }
  const misfit = inputProblem(input, id) ?? classesProblem(classes, dataset);
  return misfit === undefined ? success(dataset) : failure(misfit);
}

function openBuiltIn(dataset: Dataset, reading: EarlyReading): OpenDataset {
  const { id, classNames, trainSamples, testSamples } = dataset;
  const enter = async (split: 'train' | 'test', network: Network): Promise<Result<LoadedSplit, Problem>> => {
    const loaded = await reading.load(dataset, split);
    if (!loaded.ok) return loaded;
    const fed = await network.feedData(split, loaded.value);
    return fed.ok ? loaded : fed;
  };
  return {
    ...{ id, classNames, trainSamples, testSamples, warnings: [] },
    enterTrain: async (network) => {
      const loaded = await enter('train', network);
      return loaded.ok ? success(sessionSplit(loaded.value)) : loaded;
    },
    enterTest: async (network) => {
      const loaded = await enter('test', network);
      return loaded.ok ? success(sessionTestSplit(loaded.value)) : loaded;
    },
    close: () => Promise.resolve(),
  };
}
