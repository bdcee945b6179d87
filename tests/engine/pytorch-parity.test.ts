/** Whole networks against PyTorch, and Keras's optimisers: same weights and batches, same losses, gradients and weights. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GraphDocument } from '@shared/document/types';
import { decodeSafetensors } from '@shared/formats/safetensors';
import { nodeList } from '@shared/nodes';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import type { JsonObject } from '@shared/util/json';
import { documentAround } from './document-around';
import { cpuRuntime, expectOk } from './graph-session';
import { type PeerCase, PeerRecorder, type PeerRun, type RunResults } from './peer-cases';
import { openPeers, type Peers, PEERS_TIMEOUT, runPeer } from './peer-python';

const STEPS = 5;
/** Half a unit of the fifth digit. */
const LOSS_DIGITS = 5;
/** Of the largest value of each tensor. */
const TENSOR_TOLERANCE = 1e-4;
/** In double precision, a gradient below this share of the network's largest is zero. */
const ZERO = 1e-10;

const descents = (learningRate: number): readonly PeerRun[] => [
  { optimizer: 'sgd', learningRate, steps: STEPS, weightDecay: 0.01 },
  { optimizer: 'momentum', learningRate, steps: STEPS },
  { optimizer: 'nesterov', learningRate, steps: STEPS },
];

/** Keras's formulas: PyTorch's differ in where epsilon stands and how AdamW decays. */
const adaptive: readonly PeerRun[] = [
  { optimizer: 'adam', learningRate: 0.001, steps: STEPS },
  { optimizer: 'adamw', learningRate: 0.001, steps: STEPS, weightDecay: 0.05 },
  { optimizer: 'rmsprop', learningRate: 0.001, steps: STEPS },
];

function template(id: string, options: { input?: readonly number[]; classes?: number } = {}): GraphDocument {
  return required(templateOf(id), id).create(options);
}

function withTraining(document: GraphDocument, training: JsonObject): GraphDocument {
  return { ...document, training: { ...document.training, ...training } };
}

/** Every node with a kernel is penalised. */
function penalized(document: GraphDocument): GraphDocument {
  const nodes = Object.entries(document.nodes).map(([id, node]) => [
    id,
    { ...node, params: { ...node.params, ...(hasKernel(node.type) ? penalties : {}) } },
  ]);
  return { ...document, nodes: Object.fromEntries(nodes) };
}

const penalties = { kernelRegularizerL1: 0.001, kernelRegularizerL2: 0.002 };
const hasKernel = (type: string) =>
  nodeList.some((each) => each.type === type && 'kernelInitializer' in each.params);
const classWeights = [0.5, 1, 2, 1, 1, 0.25, 1, 3, 1, 1];

const networks: readonly PeerCase[] = [
  { name: 'lenet', document: template('lenet'), batchSize: 8, runs: [...descents(0.1), ...adaptive] },
  { name: 'lenet-bn', document: template('lenet-bn'), batchSize: 8, runs: descents(0.01) },
  {
    name: 'smoothed-weighted-penalized',
    document: withTraining(penalized(template('lenet')), { labelSmoothing: 0.1, classWeights }),
    batchSize: 8,
    runs: descents(0.1),
  },
  {
    name: 'binary-cross-entropy',
    document: withTraining(template('lenet-bn'), {
      loss: 'binaryCrossEntropy',
      labelSmoothing: 0.2,
      classWeights,
    }),
    batchSize: 8,
    runs: descents(0.1),
  },
  {
    name: 'mean-squared-error',
    document: withTraining(template('lenet'), { loss: 'meanSquaredError' }),
    batchSize: 8,
    runs: descents(0.1),
  },
];

/** Every node type in a network of its own, with each of its examples. */
const nodes: readonly PeerCase[] = nodeList.flatMap((definition) =>
  definition.examples.map((example, i) => ({
    name: `${definition.type}-${i + 1}`,
    document: documentAround(definition, example),
    batchSize: 4,
    runs: [{ optimizer: 'momentum', learningRate: 0.01, steps: 2 }] as const,
  })),
);

const cases = [...networks, ...nodes];
const folder = mkdtempSync(join(tmpdir(), 'layerloom-peers-'));
const ours = new Map<string, ReadonlyMap<string, RunResults>>();
let peers: Peers = { missing: 'not looked for' };

beforeAll(async () => {
  peers = await openPeers();
  if ('missing' in peers) return;
  const recorder = new PeerRecorder(folder, await cpuRuntime());
  for (const each of cases) ours.set(each.name, await recorder.record(each));
  recorder.finish();
  console.log((await runPeer(peers.python, 'pytorch_parity.py', [folder])).trim());
}, PEERS_TIMEOUT);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Tensors = ReadonlyMap<string, Float32Array>;

function theirs(name: string): Tensors {
  const { tensors } = expectOk(decodeSafetensors(readFileSync(join(folder, `${name}.out.safetensors`))));
  return new Map(tensors.map((tensor) => [tensor.name, tensor.values]));
}

/** The tensors whose names begin with `prefix`, by the rest of their names. */
function within(tensors: Tensors, prefix: string): Tensors {
  const found = [...tensors].filter(([name]) => name.startsWith(prefix));
  return new Map(found.map(([name, values]) => [name.slice(prefix.length), values]));
}

function largest(values: Float32Array): number {
  return values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
}

/** Largest difference of two elements. */
function difference(actual: Float32Array, expected: Float32Array): number {
  return expected.reduce((max, value, i) => Math.max(max, Math.abs(value - (actual[i] ?? NaN))), 0);
}

/**
 * What differences are measured against. A weight whose gradient is zero, such as a bias before batch normalisation,
 * has nothing but rounding in its own values: there it is the largest gradient of the network.
 */
function scaleOf(expected: Float32Array, exact: Float32Array | undefined, highest: number): number {
  const isZero = exact !== undefined && largest(exact) < ZERO * highest;
  return isZero ? Math.max(largest(expected), highest) : largest(expected);
}

function expectAlike(actual: Tensors, expected: Tensors, exact: Tensors): void {
  expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
  const highest = Math.max(...[...exact.values()].map(largest));
  for (const [name, values] of expected) {
    const found = required(actual.get(name), name);
    expect(found, name).toHaveLength(values.length);
    const allowed = TENSOR_TOLERANCE * scaleOf(values, exact.get(name), highest);
    expect(difference(found, values), name).toBeLessThanOrEqual(allowed);
  }
}

describe.each(cases)('$name', ({ name, runs }) => {
  for (const { optimizer } of runs) {
    it(`trains alike with ${optimizer}`, ({ skip }) => {
      if ('missing' in peers) skip(peers.missing);
      const results = theirs(name);
      const [exact, expected] = [within(results, 'exact/'), within(results, `${optimizer}/`)];
      const actual = required(ours.get(name)?.get(optimizer), 'results');
      const [losses, peerLosses] = [actual, expected].map((each) => required(each.get('losses'), 'losses'));
      expect((losses?.[0] ?? NaN) / (peerLosses?.[0] ?? NaN)).toBeCloseTo(1, LOSS_DIGITS);
      const gradients = within(actual, 'gradient/');
      if (gradients.size > 0) expectAlike(gradients, within(expected, 'gradient/'), exact);
      expectAlike(within(actual, 'after/'), within(expected, 'after/'), exact);
    });
  }
});
