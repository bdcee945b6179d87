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
import type { Json, JsonObject } from '@shared/util/json';
import { documentAround } from '../engine/document-around';
import { cpuRuntime, expectOk } from '../engine/graph-session';
import type { Runtime } from '../../src-main/engine/runtime/runtime';
import { compare, type Comparison, type Tensors, within } from './comparison';
import { type PeerCase, PeerRecorder, type PeerRun } from './peer-cases';
import { openPeers, PEERS_TIMEOUT, runPeer } from './peer-python';

const STEPS = 5;

/**
 * Seeds of the data, tried in turn. A value within rounding of a ReLU's kink falls on one side here and on the other
 * there, and takes its share of a gradient with it: other data has no such value. What is wrong is wrong with any.
 */
const SEEDS = [11, 12, 13, 14];

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
function deep(id: string, options: TemplateOptions, learningRate = 0.01, batchSize = 8): PeerCase {
  return {
    name: id,
    document: withNarrowHead(template(id, options)),
    batchSize,
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

/**
 * The same network with an eighth of the channels. It has so few values that hardly any lies within rounding
 * of a ReLU's kink or a tie of a pooling: nothing stands between two right answers, and every tensor has to be near.
 */
function narrow(id: string, options: TemplateOptions, learningRate = 0.01, batchSize = 8): PeerCase {
  const made = withNarrowHead(template(id, options));
  const nodes = Object.entries(made.nodes).map(
    ([key, node]) => [key, { ...node, params: { ...node.params, ...eighths(node.params) } }] as const,
  );
  return {
    name: `narrow-${id}`,
    document: { ...made, nodes: Object.fromEntries(nodes) },
    batchSize,
    runs: descents(learningRate),
    isStrict: true,
  };
}

const widths = ['filters', 'growthRate', 'c1', 'c2', 'c3', 'c4'];

/** The classifier of NiN, whose filters are the classes, stays as it is. */
function eighths(params: JsonObject): JsonObject {
  const eighth = (width: Json): Json =>
    Array.isArray(width) ? width.map(eighth) : Math.max(2, Math.round(Number(width) / 8));
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) =>
      widths.includes(name) && value !== 10 ? [[name, eighth(value)]] : [],
    ),
  );
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
  deep('alexnet', { input: [72, 72, 1] }),
  deep('vgg-11', { input: [32, 32, 1], widthDivisor: 8 }),
  deep('nin', { input: [72, 72, 1] }),
  deep('googlenet', { input: [32, 32, 1] }),
  deep('resnet-18', { input: [96, 96, 1] }, 0.00001, 16),
  deep('densenet', { input: [96, 96, 1] }, 0.00001, 16),
  narrow('nin', { input: [72, 72, 1] }),
  narrow('googlenet', { input: [32, 32, 1] }),
  narrow('resnet-18', { input: [64, 64, 1] }, 0.0001, 4),
  { ...narrow('densenet', { input: [64, 64, 1] }, 0.0001, 4), isStrict: false },
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

/** Names of cases with commas between them, so that a few can be run by themselves: all of them where it is not set. */
const chosen = process.env['LAYERLOOM_PARITY_CASES']?.split(',');
const cases: readonly PeerCase[] = [...networks, ...nodes].filter(
  ({ name }) => chosen?.includes(name) !== false,
);
const folder = mkdtempSync(join(tmpdir(), 'layerloom-peers-'));
/** By case and optimiser; of the last data that was tried. */
const found = new Map<string, Comparison>();
const keyOf = (name: string, optimizer: string) => `${name}/${optimizer}`;

beforeAll(async () => {
  const peers = await openPeers();
  if ('missing' in peers) throw new Error(`Not compared with PyTorch and Keras: ${peers.missing}.`);
  const runtime = await cpuRuntime();
  let open = cases;
  for (const seed of SEEDS) {
    if (open.length > 0) open = await compareAll(peers.python, runtime, seed, open);
  }
  console.log(summary());
}, PEERS_TIMEOUT);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How near, and which tensors are no nearer than rounding allows. */
function summary(): string {
  const total = (of: 'near' | 'vanishing') => [...found.values()].reduce((sum, each) => sum + each[of], 0);
  const rounded = [...found].flatMap(([run, each]) => each.rounded.map((name) => `${run} ${name}`));
  return [
    `${total('near')} tensors within 1e-4 of their largest value`,
    `${total('vanishing')} zero by the formulas, and as good as zero`,
    `${rounded.length} within PyTorch's own rounding only`,
    ...rounded,
  ].join('\n');
}

/** Trains here and there; gives back the runs that differ, to be tried with other data. */
async function compareAll(
  python: string,
  runtime: Runtime,
  seed: number,
  open: readonly PeerCase[],
): Promise<readonly PeerCase[]> {
  const recorder = new PeerRecorder(folder, runtime, seed);
  const ours = new Map<string, ReadonlyMap<string, Tensors>>();
  for (const each of open) ours.set(each.name, await recorder.record(each));
  recorder.finish();
  console.log(
    `data ${seed}: ${open.length} cases, ${(await runPeer(python, 'pytorch_parity.py', [folder])).trim()}`,
  );
  return open.flatMap((each) => {
    const theirs = readResults(each.name);
    const runs = each.runs.filter(({ optimizer }) => {
      const expected = within(theirs, `${optimizer}/`);
      const actual = required(ours.get(each.name)?.get(optimizer), 'results');
      const comparison = compare(actual, expected, within(expected, 'exact/'), {
        isStrict: each.isStrict === true,
      });
      found.set(keyOf(each.name, optimizer), comparison);
      if (comparison.complaints.length > 0) console.log(each.name, optimizer, seed, comparison.complaints[0]);
      return comparison.complaints.length > 0;
    });
    return runs.length > 0 ? [{ ...each, runs }] : [];
  });
}

function readResults(name: string): Tensors {
  const { tensors } = expectOk(decodeSafetensors(readFileSync(join(folder, `${name}.out.safetensors`))));
  return new Map(tensors.map((tensor) => [tensor.name, tensor.values]));
}

describe.each(cases)('$name', ({ name, runs }) => {
  it.each(runs)('trains alike with $optimizer', ({ optimizer }) => {
    expect(found.get(keyOf(name, optimizer))).toMatchObject({ complaints: [] });
  });
});
