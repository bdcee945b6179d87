/** The classic networks that are timed, and the ratios of samples per second that they are to reach. */
import { templateOf } from '@shared/templates';
import type { Precision } from '@shared/training/precision';
import { required } from '@shared/util/assert';

/** Those that the peers know too. */
export const benchPrecisions = ['fp32', 'bf16'] as const satisfies readonly Precision[];
export type BenchPrecision = (typeof benchPrecisions)[number];

export const peerFrameworks = ['tfjs-layers', 'keras', 'pytorch'] as const;
export type PeerFramework = (typeof peerFrameworks)[number];
export type Framework = PeerFramework | 'layerloom';

export interface BenchNetwork {
  /** The template's id. */
  readonly id: string;
  readonly batch: number;
  /** VGG is timed at a quarter of its channels. */
  readonly widthDivisor: number;
  /** Training images of the epoch. */
  readonly images: number;
  /** Steps and inferences that each process times. */
  readonly steps: number;
  readonly inferences: number;
  /** Least ratios of samples per second, ours by theirs; absent where none is set. */
  readonly targets: Readonly<Record<BenchPrecision, Partial<Record<PeerFramework, number>>>>;
}

const WHOLE_FASHION_MNIST = 60_000;

const small = { batch: 256, widthDivisor: 1, images: WHOLE_FASHION_MNIST, steps: 100, inferences: 20 };
const medium = { batch: 32, widthDivisor: 1, images: 512, steps: 6, inferences: 3 };
const large = { batch: 16, widthDivisor: 1, images: 256, steps: 6, inferences: 3 };
const largeTargets: BenchNetwork['targets'] = {
  fp32: { 'tfjs-layers': 1.5, keras: 1.1, pytorch: 1.1 },
  bf16: { keras: 1.05, pytorch: 1.4 },
};

export const benchNetworks: readonly BenchNetwork[] = [
  {
    id: 'lenet',
    ...small,
    targets: { fp32: { 'tfjs-layers': 2.8, keras: 1.15, pytorch: 1 }, bf16: {} },
  },
  { id: 'lenet-bn', ...small, targets: { fp32: { 'tfjs-layers': 3, keras: 1.1 }, bf16: {} } },
  {
    id: 'googlenet',
    ...medium,
    targets: { fp32: { 'tfjs-layers': 2.5, keras: 1.35, pytorch: 1.5 }, bf16: { keras: 1.1, pytorch: 2 } },
  },
  {
    id: 'densenet',
    ...medium,
    targets: { fp32: { 'tfjs-layers': 2.5, keras: 1.4, pytorch: 1.05 }, bf16: { keras: 1.8, pytorch: 1.4 } },
  },
  {
    id: 'resnet-18',
    ...medium,
    targets: { fp32: { 'tfjs-layers': 2.5, keras: 1.2, pytorch: 1.05 }, bf16: { keras: 1.4, pytorch: 1.3 } },
  },
  { id: 'alexnet', ...large, targets: largeTargets },
  { id: 'vgg-11', ...large, widthDivisor: 4, targets: largeTargets },
  { id: 'nin', ...large, targets: largeTargets },
];

/** `[height, width, channels]` that the first layer sees. */
export function inputOf({ id }: BenchNetwork): readonly number[] {
  return required(templateOf(id), `template ${id}`).input;
}

/** Without a gradient larger batches need no more memory: four times as many images, as the engine evaluates. */
export function inferenceBatch({ batch }: BenchNetwork): number {
  return 4 * batch;
}
