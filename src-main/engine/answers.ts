/** Answers about a trained network: figures over a test split, test images with predictions, images from outside. */
import { isFolderPath } from '@shared/datasets/image-folder';
import type { EngineContract } from '@shared/ipc/engine.contract';
import type { Reply, Request } from '@shared/ipc/contract';
import { problem, type Problem } from '@shared/problems/problem';
import { elementsPerSample } from '@shared/ir/shape';
import { failure, type Result, success } from '@shared/util/result';
import type { OpenDataset } from './data/open-dataset';
import type { TestSplit } from './data/split';
import type { Network } from './network';
import { evaluateTest, predictWholeTest } from './training/evaluation';
import { evaluationBatchSize } from './training/schedule';

/** A test split that can be asked about. */
interface LoadedTest {
  readonly id: string;
  readonly split: TestSplit;
  /** Lets what it reads from go. */
  close(): Promise<void>;
}

/** What the network says of every image of a test split. */
interface Predictions {
  /** `[samples, classes]`; under mean squared error any numbers. */
  readonly probabilities: Float32Array;
  readonly predicted: Uint32Array;
  /** Image indices: wrong ones first, within each the surest first. */
  readonly ranking: readonly number[];
  readonly wrong: number;
}

export interface AnswersOptions {
  readonly network: Network;
  /** What the run's settings name; others are opened when they are asked for. */
  readonly dataset: string;
  /** Of the classes; another image folder must have the same. */
  readonly classNames: readonly string[];
  readonly open: (id: string) => Promise<Result<OpenDataset, Problem>>;
  readonly batchSize: number;
  readonly breathe: () => Promise<void>;
}

type PredictTest = Reply<EngineContract, 'predictTest'>;

/** The network's weights do not change any more while this is in use. */
export class Answers {
  readonly #options: AnswersOptions;
  #test: LoadedTest | undefined;
  #predictions: Predictions | undefined;

  /** `own` is the run's data set with its test split, where that is in use already. */
  constructor(options: AnswersOptions, own?: { readonly dataset: OpenDataset; readonly test: TestSplit }) {
    this.#options = options;
    if (own === undefined) return;
    this.#test = { id: options.dataset, split: own.test, close: () => own.dataset.close() };
  }

  /** Over the test split of the run's data set, or of another one that fits the network. */
  async evaluate(id?: string): Promise<Result<Reply<EngineContract, 'evaluate'>, Problem>> {
    const test = await this.#load(id ?? this.#options.dataset);
    if (!test.ok) return test;
    const { split } = test.value;
    const samples = split.count;
    const images = { test: split, samples, batchSize: this.#batchSize };
    const figures = await evaluateTest(this.#options.network, images, this.#goOn);
    if (!figures.ok) return figures;
    const { loss = Number.NaN, accuracy = 0, topK } = figures.value ?? {};
    const { topK: k } = this.#options.network.program;
    return success({
      loss,
      accuracy,
      samples,
      ...(topK === undefined || k === undefined ? {} : { topK, k }),
    });
  }

  /** A page of the run's test images, wrong and surest first. All are predicted once, in the first call. */
  async predictTest({
    offset,
    limit,
  }: Request<EngineContract, 'predictTest'>): Promise<Result<PredictTest, Problem>> {
    const test = await this.#load(this.#options.dataset);
    if (!test.ok) return test;
    const { split } = test.value;
    const predictions = await this.#predict(split);
    if (!predictions.ok) return predictions;
    const { ranking, wrong } = predictions.value;
    const [height = 0, width = 0, channels = 0] = this.#options.network.program.input;
    const images: PredictTest['images'] = [];
    for (const index of ranking.slice(offset, offset + limit)) {
      const pixels = await split.pixels(index);
      if (!pixels.ok) return pixels;
      images.push({ ...this.#image(index, split, predictions.value), pixels: pixels.value });
    }
    return success({ total: split.count, wrong, width, height, channels, images });
  }

  /** Images as bytes, of the network's input size. */
  async predictImages({
    count,
    pixels,
  }: Request<EngineContract, 'predictImages'>): Promise<
    Result<Reply<EngineContract, 'predictImages'>, Problem>
  > {
    const { network } = this.#options;
    const expected = count * elementsPerSample(network.program.input);
    if (pixels.length !== expected) {
      const reason = `pixels: ${pixels.length} bytes, expected ${expected}`;
      return failure(problem('ipc/bad-request', { contract: 'engine', name: 'predictImages', reason }));
    }
    const probabilities = await network.predict(count, pixels);
    return probabilities.ok ? success({ probabilities: probabilities.value.slice() }) : probabilities;
  }

  get #batchSize(): number {
    return evaluationBatchSize(this.#options.batchSize);
  }

  readonly #goOn = async (): Promise<boolean> => {
    await this.#options.breathe();
    return true;
  };

  /** Opens a test split, unless it is the one that is in use. */
  async #load(id: string): Promise<Result<LoadedTest, Problem>> {
    if (this.#test?.id === id) return success(this.#test);
    const { network, open } = this.#options;
    const opened = await open(id);
    if (!opened.ok) return opened;
    const dataset = opened.value;
    const other = this.#otherClasses(dataset);
    if (other !== undefined) {
      await dataset.close();
      return failure(other);
    }
    const before = this.#test;
    this.#test = undefined;
    await before?.close();
    const split = await dataset.enterTest(network);
    if (!split.ok) {
      await dataset.close();
      return split;
    }
    this.#test = { id, split: split.value, close: () => dataset.close() };
    return success(this.#test);
  }

  /** Built-in data sets may stand in for one another; folders say what their classes are. */
  #otherClasses({ id, classNames }: OpenDataset): Problem | undefined {
    const { dataset, classNames: own } = this.#options;
    if (!isFolderPath(id) || !isFolderPath(dataset)) return undefined;
    if (classNames.every((name, label) => name === own[label])) return undefined;
    const [found, expected] = [classNames.join(', '), own.join(', ')];
    return problem('data/other-classes', { path: id, found, expected });
  }

  async #predict(test: TestSplit): Promise<Result<Predictions, Problem>> {
    if (this.#predictions !== undefined) return success(this.#predictions);
    const { network } = this.#options;
    const images = { test, samples: test.count, batchSize: this.#batchSize };
    const all = await predictWholeTest(network, images, this.#goOn);
    if (!all.ok) return all;
    this.#predictions = rank(all.value, test.labels, network.program.classes);
    return success(this.#predictions);
  }

  #image(
    index: number,
    { labels }: TestSplit,
    { probabilities, predicted }: Predictions,
  ): Omit<PredictTest['images'][number], 'pixels'> {
    const { classes } = this.#options.network.program;
    return {
      index,
      label: labels[index] ?? 0,
      predicted: predicted[index] ?? 0,
      // Copies: a view would send the whole array behind it.
      probabilities: probabilities.slice(index * classes, (index + 1) * classes),
    };
  }
}

function rank(probabilities: Float32Array, labels: Int32Array, classes: number): Predictions {
  const predicted = new Uint32Array(labels.length);
  const sureness = new Float32Array(labels.length);
  for (let image = 0; image < labels.length; image++) {
    const own = probabilities.subarray(image * classes, (image + 1) * classes);
    const highest = own.reduce((best, value) => Math.max(best, value), -Infinity);
    predicted[image] = Math.max(0, own.indexOf(highest));
    sureness[image] = highest;
  }
  const isWrong = (image: number): number => Number(predicted[image] !== labels[image]);
  const ranking = Array.from(labels, (_, image) => image).sort(
    (a, b) => isWrong(b) - isWrong(a) || (sureness[b] ?? 0) - (sureness[a] ?? 0) || a - b,
  );
  return { probabilities, predicted, ranking, wrong: ranking.filter(isWrong).length };
}
