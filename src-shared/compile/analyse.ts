/** Validates and infers the whole document at every edit; nodes whose parameters and inputs stayed the same are not looked at again. */
import type { DocumentNode, GraphDocument, Wire } from '../document/types';
import type { Shape } from '../ir/types';
import type { InferIssue, NodeDefinition } from '../nodes/define';
import { type Resolve, resolverOf } from '../nodes/resolve';
import { type OptimizerName, optimizerOf } from '../optimizers';
import { parseParams } from '../params/fields';
import { type Problem, problem, warning } from '../problems/problem';
import type { Analysis, AnalysisTotals, NodeAnalysis } from './analysis';
import type { Reach } from './cost';
import { costFigures, FactsStore } from './facts';
import { fixesFor } from './fixes';
import { networkProblems } from './network-problems';
import { unknownType } from './parts';
import { ancestorsOf, nodesOfType, type Topology, topologyOf } from './topology';
import { portsToWire, wiringIssues } from './wiring';

type Field = { readonly size: readonly [number, number]; readonly jump: readonly [number, number] };

/** An analyser that remembers; one per open document. */
export function createAnalyser(): (document: GraphDocument) => Analysis {
  const facts = new FactsStore();
  return (document) => new AnalysisPass(document, facts).run();
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
  const largest = Math.max(0, ...Object.values(analysis.nodes).map(largestLayerBytes));
  return weights + batchSize * (analysis.totals.activationBytes + 2 * largest);
}

/** Activation of the largest layer: of the node, or in the block that it is. */
function largestLayerBytes({
  activationBytes,
  children = [],
}: Pick<NodeAnalysis, 'activationBytes' | 'children'>): number {
  if (children.length === 0) return activationBytes;
  return children.reduce((largest, part) => Math.max(largest, largestLayerBytes(part)), 0);
}

class AnalysisPass {
  readonly #document: GraphDocument;
  readonly #resolve: Resolve;
  readonly #factsOf: ReturnType<FactsStore['of']>;
  readonly #topology: Topology;
  readonly #nodes: Record<string, NodeAnalysis> = {};
  readonly #fields = new Map<string, Field>();
  readonly #minimums = new Map<string, 1 | 2>();

  constructor(document: GraphDocument, facts: FactsStore) {
    this.#document = document;
    this.#resolve = resolverOf(document.blocks);
    this.#factsOf = facts.of(document.blocks);
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
    const definition = this.#resolve(node);
    const incoming = this.#topology.incoming.get(node.id) ?? [];
    const inputShapes = this.#inputShapes(incoming);
    const nothing = { inputShapes, ...costFigures(undefined) };
    if (!definition) return { ...nothing, problems: [located(unknownType(node), node.id)] };
    const wired = new Set(incoming.map(({ to }) => to[1]));
    const wiring = wiringIssues(node.name, definition, wired).map((issue) => located(issue, node.id));
    const parsed = parseParams(definition.params, node.params);
    const ports = portsToWire(definition, wired.size);
    const shapes = ports.map((port) => inputShapes[port]);
    const problems = [
      ...parsed.issues.map(({ param, issue }) => problem(issue.code, issue.args, { node: node.id, param })),
      ...parsed.unknown.map((param) =>
        warning('graph/unknown-param', { type: node.type, param }, { node: node.id, param }),
      ),
      ...wiring,
    ];
    if (!shapes.every((shape) => shape !== undefined) || wiring.length > 0) return { ...nothing, problems };
    const facts = this.#factsOf({ definition, params: parsed.values }, shapes);
    const issues = facts.issues.map((issue) => this.#locate(issue, node, incoming, inputShapes));
    this.#minimums.set(node.id, facts.cost?.minimumBatch ?? 1);
    return {
      ...nothing,
      ...costFigures(facts.cost),
      ...(facts.shape ? { outputShape: facts.shape } : {}),
      ...(facts.children ? { children: facts.children } : {}),
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

  /** Names the node, and puts the names of the feeding nodes in the place of ports. */
  #locate(
    issue: InferIssue,
    node: DocumentNode,
    incoming: readonly Wire[],
    inputShapes: NodeAnalysis['inputShapes'],
  ): Problem {
    const fixes = fixesFor(this.#document, node, issue, inputShapes);
    const named = Object.entries(issue.args).map(([key, value]) => {
      const wire =
        key === 'first' || key === 'second' ? incoming.find(({ to }) => to[1] === value) : undefined;
      return [key, wire ? (this.#document.nodes[wire.from[0]]?.name ?? value) : value] as const;
    });
    const found = located({ ...issue, args: Object.fromEntries(named) }, node.id);
    return fixes.length > 0 ? { ...found, fixes } : found;
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

function located({ code, args, ...place }: InferIssue, node: string): Problem {
  return problem(code, args, { node, ...place });
}
