/** Validates and infers the whole document at every edit; nodes whose parameters and inputs stayed the same are not looked at again. */
import type { DocumentNode, GraphDocument, Wire } from '../document/types';
import { elementsPerSample, formatShape } from '../ir/shape';
import type { Shape } from '../ir/types';
import { nodeTypes } from '../nodes';
import type { InferIssue, NodeDefinition } from '../nodes/define';
import { type OptimizerName, optimizerOf } from '../optimizers';
import { parseParams } from '../params/fields';
import { type Problem, problem, warning } from '../problems/problem';
import type { Analysis, AnalysisTotals, NodeAnalysis } from './analysis';
import { costOf, type NodeCost, type Reach } from './cost';
import { fixesFor } from './fixes';
import { networkProblems } from './network-problems';
import { ancestorsOf, nodesOfType, type Topology, topologyOf } from './topology';

/** What is known of one node apart from where it stands: the part that is remembered. */
interface NodeFacts {
  readonly shape?: Shape;
  readonly cost?: NodeCost;
  readonly issues: readonly InferIssue[];
}

type Field = { readonly size: readonly [number, number]; readonly jump: readonly [number, number] };

/** Limit of TensorFlow's 32-bit indices. */
const MAX_ELEMENTS = 2 ** 31 - 1;
const MAX_REMEMBERED = 4096;

/** An analyser that remembers; one per open document. */
export function createAnalyser(): (document: GraphDocument) => Analysis {
  const remembered = new Map<string, NodeFacts>();
  return (document) => {
    if (remembered.size > MAX_REMEMBERED) remembered.clear();
    return new AnalysisPass(document, remembered).run();
  };
}

/** Analyses once, remembering nothing. */
export function analyse(document: GraphDocument): Analysis {
  return createAnalyser()(document);
}

/**
 * Estimated bytes that a training step holds at its peak: weights, gradients and optimiser slots, the activations kept
 * for the gradient, and once more the largest layer's for the gradient that flows back.
 */
export function stepMemoryBytes(analysis: Analysis, batchSize: number, optimizer: OptimizerName): number {
  const weights =
    analysis.totals.params * 4 +
    analysis.totals.trainableParams * 4 * (1 + optimizerOf(optimizer).slots.length);
  const largest = Math.max(0, ...Object.values(analysis.nodes).map((node) => node.activationBytes));
  return weights + batchSize * (analysis.totals.activationBytes + 2 * largest);
}

class AnalysisPass {
  readonly #document: GraphDocument;
  readonly #remembered: Map<string, NodeFacts>;
  readonly #topology: Topology;
  readonly #nodes: Record<string, NodeAnalysis> = {};
  readonly #fields = new Map<string, Field>();
  readonly #minimums = new Map<string, 1 | 2>();

  constructor(document: GraphDocument, remembered: Map<string, NodeFacts>) {
    this.#document = document;
    this.#remembered = remembered;
    this.#topology = topologyOf(document);
  }

  run(): Analysis {
    const { order, unordered } = this.#topology;
    for (const id of [...order, ...unordered]) {
      const node = this.#document.nodes[id];
      if (node) this.#nodes[id] = this.#analyseNode(node);
    }
    const reachesOutput = this.#reachesOutput();
    const network = networkProblems(this.#document, this.#topology, this.#nodes, reachesOutput);
    for (const found of network) this.#attach(found);
    if (reachesOutput.size > 0) this.#excuse(reachesOutput);
    const ordered = [...order, ...unordered].flatMap((id) => this.#nodes[id]?.problems ?? []);
    const [input] = nodesOfType(this.#document, 'Input');
    const [output] = nodesOfType(this.#document, 'Output');
    const inputShape = input && this.#nodes[input.id]?.outputShape;
    const outputShape = output && this.#nodes[output.id]?.inputShapes['in'];
    return {
      nodes: this.#nodes,
      order,
      problems: [...network.filter(({ node }) => node === undefined), ...ordered],
      totals: this.#totals(reachesOutput),
      minimumBatch: this.#minimumBatch(reachesOutput),
      ...(inputShape ? { input: inputShape } : {}),
      ...(outputShape ? { output: outputShape } : {}),
    };
  }

  #analyseNode(node: DocumentNode): NodeAnalysis {
    const definition = nodeTypes.get(node.type);
    const incoming = this.#topology.incoming.get(node.id) ?? [];
    const inputShapes = this.#inputShapes(incoming);
    const nothing = { inputShapes, params: 0, trainableParams: 0, macs: 0, activationBytes: 0 };
    if (!definition) {
      return {
        ...nothing,
        problems: [problem('graph/unknown-type', { type: node.type }, { node: node.id })],
      };
    }
    const wiring = wiringProblems(node, definition, incoming);
    const parsed = parseParams(definition.params, node.params);
    const ports = portsToWire(definition, incoming.length);
    const shapes = ports.map((port) => inputShapes[port]);
    const problems = [
      ...parsed.issues.map(({ param, issue }) => problem(issue.code, issue.args, { node: node.id, param })),
      ...parsed.unknown.map((param) =>
        warning('graph/unknown-param', { type: node.type, param }, { node: node.id, param }),
      ),
      ...wiring,
    ];
    if (!shapes.every((shape) => shape !== undefined) || wiring.length > 0) return { ...nothing, problems };
    const facts = this.#factsOf(node, definition, parsed.values, shapes);
    const issues = facts.issues.map((issue) => this.#locate(issue, node, incoming, inputShapes));
    this.#minimums.set(node.id, facts.cost?.minimumBatch ?? 1);
    return {
      ...nothing,
      ...costFigures(facts.cost),
      ...(facts.shape ? { outputShape: facts.shape } : {}),
      ...this.#receptiveField(node.id, definition, incoming, facts.cost?.reach),
      problems: [...problems, ...issues],
    };
  }

  #inputShapes(incoming: readonly Wire[]): Readonly<Record<string, Shape>> {
    const entries = incoming.flatMap(({ from, to }) => {
      const shape = this.#nodes[from[0]]?.outputShape;
      return shape ? [[to[1], shape] as const] : [];
    });
    return Object.fromEntries(entries);
  }

  #factsOf(
    node: DocumentNode,
    definition: NodeDefinition,
    params: NodeDefinitionParams,
    inputs: readonly Shape[],
  ): NodeFacts {
    const key = JSON.stringify([node.type, params, inputs]);
    const known = this.#remembered.get(key);
    if (known) return known;
    const facts = inferFacts(node.id, definition, params, inputs);
    this.#remembered.set(key, facts);
    return facts;
  }

  /** Names the node, and puts the names of the feeding nodes in the place of ports. */
  #locate(
    issue: InferIssue,
    node: DocumentNode,
    incoming: readonly Wire[],
    inputShapes: NodeAnalysis['inputShapes'],
  ): Problem {
    const { code, args, param, port } = issue;
    const fixes = fixesFor(this.#document, node, issue, inputShapes);
    const named = Object.entries(args).map(([key, value]) => {
      const wire =
        key === 'first' || key === 'second' ? incoming.find(({ to }) => to[1] === value) : undefined;
      return [key, wire ? (this.#document.nodes[wire.from[0]]?.name ?? value) : value] as const;
    });
    return problem(code, Object.fromEntries(named), {
      node: node.id,
      ...(param === undefined ? {} : { param }),
      ...(port === undefined ? {} : { port }),
      ...(fixes.length > 0 && { fixes }),
    });
  }

  #receptiveField(
    id: string,
    definition: NodeDefinition,
    incoming: readonly Wire[],
    reach: Reach | undefined,
  ) {
    const sources = incoming.flatMap(({ from }) => this.#fields.get(from[0]) ?? []);
    if (definition.inputs.kind === 'none') sources.push({ size: [1, 1], jump: [1, 1] });
    const [first, ...others] = sources;
    if (!first || (!reach && definition.inputs.kind !== 'none')) return {};
    const widest = others.reduce((a, b) => (b.size[0] > a.size[0] ? b : a), first);
    const {
      reach: [down, right],
      stride,
    } = reach ?? { reach: [0, 0], stride: [1, 1] };
    const field: Field = {
      size: [widest.size[0] + down * widest.jump[0], widest.size[1] + right * widest.jump[1]],
      jump: [widest.jump[0] * stride[0], widest.jump[1] * stride[1]],
    };
    this.#fields.set(id, field);
    // After upsampling a value may see a part of a pixel more.
    return { receptiveField: [Math.ceil(field.size[0]), Math.ceil(field.size[1])] as const };
  }

  #reachesOutput(): ReadonlySet<string> {
    const outputs = nodesOfType(this.#document, 'Output');
    return new Set(outputs.flatMap(({ id }) => [...ancestorsOf(this.#topology, id)]));
  }

  #attach(found: Problem): void {
    const node = found.node === undefined ? undefined : this.#nodes[found.node];
    if (node && found.node !== undefined)
      this.#nodes[found.node] = { ...node, problems: [...node.problems, found] };
  }

  /** What does not reach the Output is left out of training, so its mistakes do not stop it. */
  #excuse(reachesOutput: ReadonlySet<string>): void {
    for (const [id, node] of Object.entries(this.#nodes)) {
      if (reachesOutput.has(id)) continue;
      this.#nodes[id] = {
        ...node,
        problems: node.problems.map((found) => ({ ...found, severity: 'warning' })),
      };
    }
  }

  #totals(counted: ReadonlySet<string>): AnalysisTotals {
    const figures = Object.entries(this.#nodes).flatMap(([id, node]) =>
      counted.has(id) || counted.size === 0 ? [node] : [],
    );
    const total = (of: (node: NodeAnalysis) => number) => figures.reduce((sum, node) => sum + of(node), 0);
    return {
      params: total((node) => node.params),
      trainableParams: total((node) => node.trainableParams),
      macs: total((node) => node.macs),
      activationBytes: total((node) => node.activationBytes),
    };
  }

  #minimumBatch(counted: ReadonlySet<string>): Analysis['minimumBatch'] {
    const node = this.#topology.order.find((id) => counted.has(id) && this.#minimums.get(id) === 2);
    if (node === undefined) return { size: 1 };
    return { size: 2, node, name: this.#document.nodes[node]?.name ?? node };
  }
}

type NodeDefinitionParams = ReturnType<typeof parseParams>['values'];

function inferFacts(
  id: string,
  definition: NodeDefinition,
  params: NodeDefinitionParams,
  inputs: readonly Shape[],
): NodeFacts {
  const inferred = definition.infer(params, inputs);
  if (!inferred.ok) return { issues: inferred.error };
  const tooLarge = (code: 'shape/too-large' | 'shape/weights-too-large', shape: Shape): NodeFacts => {
    const { sizedBy: param } = definition;
    return {
      issues: [{ code, args: { shape: formatShape(shape) }, ...(param === undefined ? {} : { param }) }],
    };
  };
  if (elementsPerSample(inferred.value) > MAX_ELEMENTS) return tooLarge('shape/too-large', inferred.value);
  const cost = costOf({ id, definition, params }, inputs);
  const weight = cost.largestWeight ?? [];
  if (elementsPerSample(weight) > MAX_ELEMENTS) return tooLarge('shape/weights-too-large', weight);
  return { shape: inferred.value, cost, issues: [] };
}

function costFigures(cost: NodeCost | undefined) {
  if (!cost) return {};
  const { params, trainableParams, macs, activationBytes } = cost;
  return { params, trainableParams, macs, activationBytes };
}

/** Ports that must have a wire: all of a variadic node's that have one, and at least its minimum. */
function portsToWire({ inputs }: NodeDefinition, wired: number): readonly string[] {
  if (inputs.kind === 'none') return [];
  if (inputs.kind === 'single') return ['in'];
  return Array.from({ length: Math.max(inputs.min, wired) }, (_, i) => `in${i}`);
}

function wiringProblems(
  node: DocumentNode,
  definition: NodeDefinition,
  incoming: readonly Wire[],
): readonly Problem[] {
  const ports = portsToWire(definition, incoming.length);
  const wired = new Set(incoming.map(({ to }) => to[1]));
  const missing = ports
    .filter((port) => !wired.has(port))
    .map((port) => problem('graph/input-missing', { port, name: node.name }, { node: node.id, port }));
  const unknown = [...wired]
    .filter((port) => !ports.includes(port))
    .map((port) => problem('graph/unknown-port', { port, name: node.name }, { node: node.id, port }));
  return [...missing, ...unknown];
}
