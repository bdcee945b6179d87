/** Answers about a trained network: figures over a test split, test images with predictions, images from outside. */
import { type Dataset } from '@shared/datasets';
import type { EngineContract } from '@shared/ipc/engine.contract';
import type { Reply, Request } from '@shared/ipc/contract';
import { problem, type Problem } from '@shared/problems/problem';
import { elementsPerSample } from '@shared/ir/shape';
import { failure, type Result, success } from '@shared/util/result';
import { type LoadedSplit, loadSplit } from './data/load';
import type { Network } from './network';
import { evaluateTest, predictWholeTest } from './training/evaluation';
import { evaluationBatchSize } from './training/schedule';
import { fittingDataset } from './training/prepare';

/** A test split that is in the session. */
interface LoadedTest {
  readonly dataset: Dataset;
  readonly split: LoadedSplit;
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
  /** Of the run; others are loaded when they are asked for. */
  readonly dataset: Dataset;
  readonly directories: Readonly<Record<string, string>>;
  readonly batchSize: number;
  readonly breathe: () => Promise<void>;
}

type PredictTest = Reply<EngineContract, 'predictTest'>;

/** The network's weights do not change any more while this is in use. */
export class Answers {
  readonly #options: AnswersOptions;
  #test: LoadedTest | undefined;
  #predictions: Predictions | undefined;

  /** `test` is the run's own split, where it is in the session already. */
  constructor(options: AnswersOptions, test?: LoadedSplit) {
    this.#options = options;
    if (test !== undefined) this.#test = { dataset: options.dataset, split: test };
  }

  /** Over the test split of the run's data set, or of another one that fits the network. */
  async evaluate(id?: string): Promise<Result<Reply<EngineContract, 'evaluate'>, Problem>> {
    const test = await this.#load(id ?? this.#options.dataset.id);
    if (!test.ok) return test;
    const samples = test.value.split.count;
    const figures = await evaluateTest(this.#options.network, samples, this.#batchSize, this.#goOn);
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
    const test = await this.#load(this.#options.dataset.id);
    if (!test.ok) return test;
    const { split } = test.value;
    const predictions = await this.#predict(split);
    if (!predictions.ok) return predictions;
    const { ranking, wrong } = predictions.value;
    const [height = 0, width = 0, channels = 0] = this.#options.network.program.input;
    const images = ranking
      .slice(offset, offset + limit)
      .map((index) => this.#image(index, split, predictions.value));
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

  /** Puts a test split into the session, unless it is the one that is there. */
  async #load(id: string): Promise<Result<LoadedTest, Problem>> {
    if (this.#test?.dataset.id === id) return success(this.#test);
    const { network, directories } = this.#options;
    const dataset = fittingDataset(network.program, id);
    if (!dataset.ok) return dataset;
    const split = await loadSplit(dataset.value, 'test', directories[id]);
    if (!split.ok) return split;
    this.#test = undefined;
    const fed = await network.feedData('test', split.value);
    if (!fed.ok) return fed;
    this.#test = { dataset: dataset.value, split: split.value };
    return success(this.#test);
  }

  async #predict({ count, labels }: LoadedSplit): Promise<Result<Predictions, Problem>> {
    if (this.#predictions !== undefined) return success(this.#predictions);
    const all = await predictWholeTest(this.#options.network, count, this.#batchSize, this.#goOn);
    if (!all.ok) return all;
    this.#predictions = rank(all.value, labels, this.#options.network.program.classes);
    return success(this.#predictions);
  }

  #image(
    index: number,
    { images, labels }: LoadedSplit,
    { probabilities, predicted }: Predictions,
  ): PredictTest['images'][number] {
    const { input, classes } = this.#options.network.program;
    const size = elementsPerSample(input);
    return {
      index,
      label: labels[index] ?? 0,
      predicted: predicted[index] ?? 0,
      // Copies: a view would send the whole array behind it.
      probabilities: probabilities.slice(index * classes, (index + 1) * classes),
      pixels: images.slice(index * size, (index + 1) * size),
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
