/** Cases for a comparison with another framework: a document, data, and the runs that are made of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyse } from '@shared/compile/analyse';
import { compileDocument } from '@shared/compile/compile';
import { expansionOf, isExpandable } from '@shared/compile/expansion';
import type { Program, ProgramVariable } from '@shared/compile/program';
import { ancestorsOf, nodesOfType, topologyOf } from '@shared/compile/topology';
import { applyCommand, applyDiff } from '@shared/document/apply';
import type { GraphDocument } from '@shared/document/types';
import { encodeSafetensors, type NamedTensor } from '@shared/formats/safetensors';
import { nodeTypes } from '@shared/nodes';
import type { OptimizerName } from '@shared/optimizers';
import { parseParams } from '@shared/params/fields';
import { parseTraining } from '@shared/training/settings';
import { required } from '@shared/util/assert';
import type { JsonObject } from '@shared/util/json';
import { probeCapabilities } from '../../src-main/engine/runtime/probe';
import type { Runtime, TensorValues } from '../../src-main/engine/runtime/runtime';
import type { Tensors } from './comparison';
import { expectOk, numbers, ProgramSession, size } from '../engine/graph-session';

export interface PeerRun {
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly steps: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
}

export interface PeerCase {
  readonly name: string;
  readonly document: GraphDocument;
  readonly batchSize: number;
  readonly runs: readonly PeerRun[];
  /** Whether every tensor has to be within the tolerance, whatever the peer's own rounding is. */
  readonly isStrict?: boolean;
}

/** A comparison has no use for what is random. */
const switchedOff: Readonly<Record<string, JsonObject>> = {
  Dropout: { rate: 0 },
  SpatialDropout2D: { rate: 0 },
  GaussianNoise: { stddev: 0 },
};

function withoutRandomness(document: GraphDocument): GraphDocument {
  const nodes = Object.entries(document.nodes).map(
    ([id, node]) => [id, { ...node, params: { ...node.params, ...switchedOff[node.type] } }] as const,
  );
  return { ...document, nodes: Object.fromEntries(nodes) };
}

/** Every block opened into its parts, blocks inside blocks too: a peer knows layers only. */
function flattened(document: GraphDocument): GraphDocument {
  const block = Object.keys(document.nodes).find((id) => isExpandable(document, id));
  if (block === undefined) return document;
  const graph = expectOk(expansionOf(document, analyse(document), block));
  const diff = expectOk(applyCommand(document, { kind: 'expandBlock', node: block, graph }));
  return flattened(applyDiff(document, diff));
}

function withRun(document: GraphDocument, { steps: _steps, ...settings }: PeerRun): GraphDocument {
  return { ...document, training: { ...document.training, ...settings } };
}

/** Data and the run's own results; written is what the peer needs to do the same. */
export class PeerRecorder {
  readonly #folder: string;
  readonly #runtime: Runtime;
  readonly #seed: number;
  readonly #cases: object[] = [];
  #capabilities: ReturnType<typeof probeCapabilities> | undefined;

  /** `seed` is that of the data. */
  constructor(folder: string, runtime: Runtime, seed: number) {
    this.#folder = folder;
    this.#runtime = runtime;
    this.#seed = seed;
  }

  /** Trains every run of the case here, and writes its weights and data. Results by the run's optimiser. */
  async record({ name, document: given, batchSize, runs }: PeerCase): Promise<ReadonlyMap<string, Tensors>> {
    const document = withoutRandomness(flattened(given));
    const steps = Math.max(...runs.map((run) => run.steps));
    const results = new Map<string, Tensors>();
    const capabilities = await (this.#capabilities ??= probeCapabilities(this.#runtime));
    for (const run of runs) {
      const program = expectOk(compileDocument(withRun(document, run), capabilities));
      const data = dataFor(program, steps * batchSize, this.#seed);
      const session = await ProgramSession.open(this.#runtime, program, data.bytes, data.labels);
      if (results.size === 0) await this.#write(name, session, data);
      results.set(run.optimizer, await train(session, run, batchSize));
      session.session.dispose();
      if (results.size === 1) this.#cases.push(description(name, document, batchSize, runs, program));
    }
    return results;
  }

  finish(): void {
    writeFileSync(join(this.#folder, 'cases.json'), JSON.stringify(this.#cases));
  }

  async #write(name: string, session: ProgramSession, { bytes, labels }: Data): Promise<void> {
    const { input } = session.program;
    const values = await session.weights();
    const weights = weightsOf(session.program).map((each): NamedTensor => ({
      ...each,
      values: floats(values.get(each.name)),
    }));
    const images = { name: 'data/images', dims: [labels.length, ...input], values: Float32Array.from(bytes) };
    const classes = { name: 'data/labels', dims: [labels.length], values: Float32Array.from(labels) };
    const parts = encodeSafetensors({ tensors: [...weights, images, classes], metadata: {} });
    writeFileSync(join(this.#folder, `${name}.safetensors`), Buffer.concat(parts));
  }
}

interface Data {
  readonly bytes: Uint8Array;
  readonly labels: Int32Array;
}

/** Waves, of each image its own: images that look alike would leave batch normalisation with differences of rounding. */
function dataFor({ input, classes }: Program, count: number, seed: number): Data {
  const [height = 1, width = 1, channels = 1] = input;
  const next = numbers(seed);
  const bytes = new Uint8Array(count * size(input));
  let at = 0;
  for (let image = 0; image < count; image++) {
    const [down, across, turn] = [20 * next() - 10, 20 * next() - 10, 6 * next()];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const wave = Math.sin((down * y) / height + (across * x) / width + turn);
        for (let channel = 0; channel < channels; channel++) bytes[at++] = 64 + 60 * wave + 128 * next();
      }
    }
  }
  return { bytes, labels: Int32Array.from({ length: count }, () => Math.floor(classes * next())) };
}

function description(
  name: string,
  document: GraphDocument,
  batchSize: number,
  runs: readonly PeerRun[],
  program: Program,
): object {
  const topology = topologyOf(document);
  const outputNode = required(nodesOfType(document, 'Output')[0], 'the Output node').id;
  const used = ancestorsOf(topology, outputNode);
  const nodes = topology.order
    .filter((id) => used.has(id))
    .map((id) => {
      const { type, params } = required(document.nodes[id], id);
      const definition = required(nodeTypes.get(type), type);
      const sources = (topology.incoming.get(id) ?? []).map(({ from }) => from[0]);
      return { id, type, params: parseParams(definition.params, params).values, sources };
    });
  const weights = weightsOf(program);
  return {
    name,
    nodes,
    outputNode,
    batchSize,
    settings: parseTraining(document.training).settings,
    weights: weights.map((weight) => weight.name),
    trainable: weights.filter(({ isTrainable }) => isTrainable).map((weight) => weight.name),
    runs: runs.map((run) => ({ momentum: 0.9, weightDecay: 0, ...run, name: run.optimizer })),
  };
}

async function train(session: ProgramSession, run: PeerRun, batchSize: number): Promise<Tensors> {
  const results = new Map<string, Float32Array>();
  const losses: number[] = [];
  for (let step = 0; step < run.steps; step++) {
    const rows = Array.from({ length: batchSize }, (_, i) => step * batchSize + i);
    losses.push((await session.step(rows, step, run.learningRate))[0]);
    const isAccumulated = run.optimizer === 'momentum' || run.optimizer === 'nesterov';
    if (step > 0 || !isAccumulated) continue;
    // After one step the accumulator of momentum is the gradient itself, without the rounding of a difference of weights.
    for (const [name, values] of await session.weights()) {
      if (name.endsWith('/momentum')) results.set(`gradient/${name.slice(0, -9)}`, floats(values));
    }
  }
  const after = await session.weights();
  for (const { name } of weightsOf(session.program)) results.set(`after/${name}`, floats(after.get(name)));
  return results.set('losses', Float32Array.from(losses));
}

/** Without the optimiser's slots. */
function weightsOf({ variables }: Program): readonly ProgramVariable[] {
  return variables.filter(({ role }) => role !== 'slot');
}

function floats(values: TensorValues | undefined): Float32Array {
  return Float32Array.from(required(values, 'values'));
}
