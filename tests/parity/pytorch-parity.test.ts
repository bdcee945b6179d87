/** Whole networks against PyTorch, and Keras's optimisers: same weights and batches, same losses, gradients and weights. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GraphDocument } from '@shared/document/types';
import { decodeSafetensors } from '@shared/formats/safetensors';
import { nodeList } from '@shared/nodes';
import { templateOf } from '@shared/templates';
import type { TemplateOptions } from '@shared/templates/template';
import { required } from '@shared/util/assert';
import type { JsonObject } from '@shared/util/json';
import { documentAround } from '../engine/document-around';
import { cpuRuntime, expectOk } from '../engine/graph-session';
import { type PeerCase, PeerRecorder, type PeerRun, type RunResults } from './peer-cases';
import { openPeers, PEERS_TIMEOUT, runPeer } from './peer-python';

const STEPS = 5;
/** Half a unit of the fifth digit. */
const LOSS_DIGITS = 5;
/** Of the largest value of each tensor. */
const TENSOR_TOLERANCE = 1e-4;
/**
 * How many times PyTorch's float32 may differ from its float64 before the difference counts: a bias before batch
 * normalisation has a gradient of zero and nothing but rounding in it, and deep networks spread rounding.
 */
const ROUNDING = 10;

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

function template(id: string, options: TemplateOptions = {}): GraphDocument {
  return required(templateOf(id), id).create(options);
}

/** On small images and with narrow heads, so that it takes seconds. */
function deep(id: string, options: TemplateOptions, learningRate = 0.01): PeerCase {
  return {
    name: id,
    document: withNarrowHead(template(id, options)),
    batchSize: 8,
    runs: descents(learningRate),
  };
}

function withNarrowHead(document: GraphDocument): GraphDocument {
  const nodes = Object.entries(document.nodes).map(([id, node]) => {
    const isWide = node.type === 'Dense' && Number(node.params['units']) > 128;
    return [id, isWide ? { ...node, params: { ...node.params, units: 128 } } : node] as const;
  });
  return { ...document, nodes: Object.fromEntries(nodes) };
}

function withTraining(document: GraphDocument, training: JsonObject): GraphDocument {
  return { ...document, training: { ...document.training, ...training } };
}

/** Every node with a kernel is penalised. */
function penalized(document: GraphDocument): GraphDocument {
  const nodes = Object.entries(document.nodes).map(
    ([id, node]) =>
      [id, { ...node, params: { ...node.params, ...(hasKernel(node.type) ? penalties : {}) } }] as const,
  );
  return { ...document, nodes: Object.fromEntries(nodes) };
}

const penalties = { kernelRegularizerL1: 0.001, kernelRegularizerL2: 0.002 };
const hasKernel = (type: string) =>
  nodeList.some((each) => each.type === type && 'kernelInitializer' in each.params);
const classWeights = [0.5, 1, 2, 1, 1, 0.25, 1, 3, 1, 1];

const networks: readonly PeerCase[] = [
  { name: 'lenet', document: template('lenet'), batchSize: 8, runs: [...descents(0.1), ...adaptive] },
  { name: 'lenet-bn', document: template('lenet-bn'), batchSize: 8, runs: descents(0.01) },
  deep('alexnet', { input: [96, 96, 1] }),
  deep('vgg-11', { input: [32, 32, 1], widthDivisor: 8 }),
  deep('nin', { input: [96, 96, 1] }),
  deep('googlenet', { input: [64, 64, 1] }),
  deep('resnet-18', { input: [32, 32, 1] }, 0.001),
  deep('densenet', { input: [32, 32, 1] }, 0.001),
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

beforeAll(async () => {
  const peers = await openPeers();
  if ('missing' in peers) throw new Error(`Not compared with PyTorch and Keras: ${peers.missing}.`);
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

/** Within 1e-4 of the largest value; where PyTorch's own rounding is larger than that, within that. */
function expectAlike(actual: Tensors, expected: Tensors, exact: Tensors): void {
  expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, values] of expected) {
    const found = required(actual.get(name), name);
    expect(found, name).toHaveLength(values.length);
    const rounding = difference(values, required(exact.get(name), name));
    const allowed = Math.max(TENSOR_TOLERANCE * largest(values), ROUNDING * rounding);
    expect(difference(found, values), name).toBeLessThanOrEqual(allowed);
  }
}

describe.each(cases)('$name', ({ name, runs }) => {
  for (const { optimizer } of runs) {
    it(`trains alike with ${optimizer}`, () => {
      const expected = within(theirs(name), `${optimizer}/`);
      const exact = within(expected, 'exact/');
      const actual = required(ours.get(name)?.get(optimizer), 'results');
      const [losses, peerLosses] = [actual, expected].map((each) => required(each.get('losses'), 'losses'));
      expect((losses?.[0] ?? NaN) / (peerLosses?.[0] ?? NaN)).toBeCloseTo(1, LOSS_DIGITS);
      const gradients = within(actual, 'gradient/');
      if (gradients.size > 0)
        expectAlike(gradients, within(expected, 'gradient/'), within(exact, 'gradient/'));
      expectAlike(within(actual, 'after/'), within(expected, 'after/'), within(exact, 'after/'));
    });
  }
});
