/** Builds the parts of a program around the network: training step, evaluation, prediction, reading and writing of variables. */
import { GraphBuilder, type VariableHandle } from '../ir/builder';
import type { Capabilities } from '../ir/capabilities';
import { initialValue } from '../ir/initializers';
import { withBatch } from '../ir/shape';
import { BATCH, type Graph, type Shape, type TensorRef } from '../ir/types';
import { Objective } from '../losses/objective';
import { intScalar } from '../ops/primitive';
import { precisions } from '../training/precision';
import type { TrainingSettings } from '../training/schema';
import { hashText } from '../util/hash';
import { required } from '../util/assert';
import { augmented, DataSplit, scaled } from './data-split';
import { assignment, endpoint, feed } from './endpoints';
import { LoweringPass, type NodeToLower, type Weight, WeightStore } from './lower';
import { LossScaling } from './loss-scaling';
import { tunedForInference, tunedForTraining } from './passes/processor';
import type { RewrittenGraph } from './passes/substitution';
import type { Program, ProgramVariable } from './program';
import { penalizedWeights, updatesOf } from './updates';

/** Wires of one node, as ids of the nodes that feed it in port order. */
export interface NetworkNode extends NodeToLower {
  readonly sources: readonly string[];
}

/** A network that is known to be whole: nodes in order, the one that takes the images, the one that gives the logits. */
export interface Network {
  readonly nodes: readonly NetworkNode[];
  readonly input: Shape;
  readonly outputNode: string;
  readonly classes: number;
}

/** A pass over the operations of the network, and where its output is afterwards. */
type Tuning = (graph: Graph, logits: TensorRef) => RewrittenGraph;

interface Slot {
  readonly name: string;
  readonly variable: VariableHandle;
  /** Before the first step. */
  readonly start: number;
}

export class ProgramBuilder {
  readonly b = new GraphBuilder();
  readonly #weights = new WeightStore(this.b);
  readonly #slots: Slot[] = [];
  readonly #network: Network;
  readonly #settings: TrainingSettings;
  readonly #capabilities: Capabilities;
  readonly #objective: Objective;

  constructor(network: Network, settings: TrainingSettings, capabilities: Capabilities) {
    this.#network = network;
    this.#settings = settings;
    this.#capabilities = capabilities;
    this.#objective = new Objective(this.b, settings, network.classes);
  }

  build(): Pick<Program, 'variables' | 'data' | 'functions'> {
    const train = new DataSplit(this.b, 'train', this.#network.input);
    const test = new DataSplit(this.b, 'test', this.#network.input);
    const functions = {
      ...this.b.within('train', () => this.#trainingStep(train)),
      ...this.b.within('test', () => this.#testing(test)),
      predict: this.b.within('predict', () => this.#prediction()),
    };
    const init = this.b.within('init', () => this.#initialization());
    const data = { train: train.loading(), test: test.loading() };
    return { functions: { ...functions, init }, data, variables: this.#variables() };
  }

  /** Lowers every node in order, rewrites what came of it where a processor computes it, and returns the logits. */
  #forward(pass: LoweringPass, images: TensorRef, tuned: Tuning): TensorRef {
    const before = this.b.graph.operations.length;
    const values = new Map<string, TensorRef>();
    for (const node of this.#network.nodes) {
      const inputs = node.sources.map((source) => required(values.get(source), `the value of ${source}`));
      values.set(node.id, pass.lower(node, node.definition.inputs.kind === 'none' ? [images] : inputs));
    }
    const logits = required(values.get(this.#network.outputNode), 'the logits');
    if (!this.#capabilities.isProcessor) return logits;
    const rewritten = tuned({ operations: this.b.graph.operations.slice(before) }, logits);
    this.b.replaceFrom(before, rewritten.graph);
    return rewritten.logits;
  }

  /** TensorFlow lets any tensor be fed: batches that are not in the session take the place of the gathered ones. */
  #trainingStep(data: DataSplit): Pick<Program['functions'], 'train' | 'trainFed'> {
    const { b } = this;
    const indices = feed(b, 'feed/train_indices', 'int32', [BATCH]);
    const step = feed(b, 'feed/step', 'int32', []);
    const seed = feed(b, 'feed/seed', 'int32', []);
    const learningRate = feed(b, 'feed/learning_rate', 'float32', []);
    const pass = new LoweringPass(b, this.#weights, { step, seed }, this.#capabilities);
    const labels = data.labels(indices);
    const bytes = data.images(indices);
    const images = augmented(b, bytes, this.#settings, { step, seed });
    const logits = this.#forward(pass, images, tunedForTraining);
    const weights = this.#weights.all;
    const loss = this.#objective.training(logits, labels, penalizedWeights(weights, pass));
    const updates = updatesOf(
      { b, weights, pass, slot: (weight, slot) => this.#slot(weight, slot), scaling: this.#lossScaling() },
      { loss, learningRate, step },
      this.#settings,
    );
    const figures = [loss, ...this.#objective.counts(logits, labels)];
    const statistics = b.op(
      'Pack',
      figures,
      {},
      { after: [...updates, ...pass.movingUpdates], name: 'fetch/train' },
    );
    const feeds = { step: endpoint(step), seed: endpoint(seed), learningRate: endpoint(learningRate) };
    const fetches = [endpoint(statistics)];
    return {
      train: { feeds: { indices: endpoint(indices), ...feeds }, fetches },
      trainFed: { feeds: { images: endpoint(bytes), labels: endpoint(labels), ...feeds }, fetches },
    };
  }

  #lossScaling(): LossScaling | undefined {
    if (!precisions[this.#settings.precision].needsLossScaling) return undefined;
    const scaling = new LossScaling(this.b);
    this.#slots.push(...scaling.variables);
    return scaling;
  }

  #slot(weight: Weight, slot: string): VariableHandle {
    const name = `${weight.name}/${slot}`;
    const variable = this.b.variable(name, 'float32', weight.spec.dims);
    this.#slots.push({ name, variable, start: 0 });
    return variable;
  }

  #testing(data: DataSplit): Pick<Program['functions'], 'evaluate' | 'evaluateFed' | 'predictTest'> {
    const { b } = this;
    const indices = feed(b, 'feed/test_indices', 'int32', [BATCH]);
    const labels = data.labels(indices);
    const pass = new LoweringPass(b, this.#weights, null, this.#capabilities);
    const images = data.images(indices);
    const logits = this.#forward(pass, scaled(b, images), tunedForInference);
    const figures = [this.#objective.evaluation(logits, labels), ...this.#objective.counts(logits, labels)];
    const statistics = b.op('Pack', figures, {}, { name: 'fetch/evaluate' });
    const predictions = this.#objective.predict(logits, 'fetch/predict_test');
    const feeds = { indices: endpoint(indices) };
    const fed = { images: endpoint(images), labels: endpoint(labels) };
    return {
      evaluate: { feeds, fetches: [endpoint(statistics)] },
      evaluateFed: { feeds: fed, fetches: [endpoint(statistics)] },
      predictTest: { feeds, fetches: [endpoint(predictions)] },
    };
  }

  #prediction(): Program['functions']['predict'] {
    const images = feed(this.b, 'feed/images', 'uint8', withBatch(this.#network.input));
    const pass = new LoweringPass(this.b, this.#weights, null, this.#capabilities);
    const logits = this.#forward(pass, scaled(this.b, images), tunedForInference);
    const predictions = this.#objective.predict(logits, 'fetch/predict');
    return { feeds: { images: endpoint(images) }, fetches: [endpoint(predictions)] };
  }

  /** Each weight draws by [seed, hash of its name]: adding a layer leaves the others' initial values as they were. */
  #initialization(): Program['functions']['init'] {
    const { b } = this;
    const seed = feed(b, 'feed/init_seed', 'int32', []);
    const assignments = this.#weights.all.map(({ name, spec, variable }) =>
      b.within(name, () => {
        const key = b.op('Pack', [seed, b.constant(intScalar(hashText(name)))], {});
        return b.effect(
          'AssignVariableOp',
          [variable.handle, initialValue(b, spec.dims, spec.initializer, key)],
          {},
        ).name;
      }),
    );
    const cleared = this.#slots.map(({ variable, start }) => {
      const value = b.op('Fill', [], { dims: variable.dims, value: start });
      return b.effect('AssignVariableOp', [variable.handle, value], {}).name;
    });
    const done = b.op('Identity', [seed], {}, { after: [...assignments, ...cleared], name: 'fetch/init' });
    return { feeds: { seed: endpoint(seed) }, fetches: [endpoint(done)] };
  }

  #variables(): readonly ProgramVariable[] {
    const weights = this.#weights.all.map(({ name, spec, variable, isTrainable }) =>
      this.#exposed(name, variable, { role: spec.role, isTrainable }),
    );
    const slots = this.#slots.map(({ name, variable }) =>
      this.#exposed(name, variable, { role: 'slot', isTrainable: false }),
    );
    return [...weights, ...slots];
  }

  #exposed(
    name: string,
    variable: VariableHandle,
    facts: Pick<ProgramVariable, 'role' | 'isTrainable'>,
  ): ProgramVariable {
    const { handle, dims } = variable;
    const read = this.b.op('ReadVariableOp', [handle], { dtype: 'float32', dims }, { name: `read/${name}` });
    return { name, dims, ...facts, read: endpoint(read), assign: assignment(this.b, variable, 'float32') };
  }
}
