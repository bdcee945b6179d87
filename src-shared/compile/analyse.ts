/** Validates and infers the whole document at every edit; nodes whose parameters and inputs stayed the same are not looked at again. */
import type { DocumentNode, GraphDocument } from '../document/types';
import type { Shape } from '../ir/types';
import type { InferIssue, NodeDefinition } from '../nodes/define';
import { type Resolve, resolverOf } from '../nodes/resolve';
import { type OptimizerName, optimizerOf } from '../optimizers';
import { parseParamsOnce } from '../params/fields';
import { type Problem, problem, warning } from '../problems/problem';
import type { Analysis, AnalysisTotals, NodeAnalysis } from './analysis';
import type { Reach } from './cost';
import { costFigures, FactsStore } from './facts';
import { fixesFor } from './fixes';
import { type Feed, type Field, KnownNodes, type NodeFindings } from './known-nodes';
import { networkProblems } from './network-problems';
import { unknownType } from './parts';
import { ancestorsOf, nodesOfType, type Topology, topologyOf } from './topology';
import { portsToWire, wiringIssues } from './wiring';

/** An analyser that remembers; one per open document. What stayed the same of a node stays the same object. */
export function createAnalyser(): (document: GraphDocument) => Analysis {
  const facts = new FactsStore();
  const known = new KnownNodes();
  return (document) => new AnalysisPass(document, facts, known).run();
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
  readonly #known: KnownNodes;
  readonly #findings = new Map<string, NodeFindings>();

  constructor(document: GraphDocument, facts: FactsStore, known: KnownNodes) {
    this.#document = document;
    this.#known = known;
    this.#resolve = resolverOf(document.blocks);
    this.#factsOf = facts.of(document.blocks);
    this.#topology = topologyOf(document);
  }

  run(): Analysis {
    const { order, unordered } = this.#topology;
    for (const id of [...order, ...unordered]) {
      const node = this.#document.nodes[id];
      if (node) this.#nodes[id] = this.#look(node).analysis;
    }
    this.#known.endPass();
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

  #look(node: DocumentNode): NodeFindings {
    const definition = this.#resolve(node);
    const incoming = this.#topology.incoming.get(node.id) ?? [];
    const feeds = incoming.map((wire): Feed => {
      const source = this.#findings.get(wire.from[0]);
      return { wire, shape: source?.analysis.outputShape, field: source?.field };
    });
    const findings = this.#known.findings(node, definition, feeds, () =>
      this.#analyseNode(node, definition, feeds),
    );
    this.#findings.set(node.id, findings);
    return findings;
  }

  #analyseNode(
    node: DocumentNode,
    definition: NodeDefinition | undefined,
    feeds: readonly Feed[],
  ): NodeFindings {
    const inputShapes = inputShapesOf(feeds);
    const nothing = { inputShapes, ...costFigures(undefined) };
    const only = (problems: readonly Problem[]): NodeFindings => ({
      analysis: { ...nothing, problems },
      minimumBatch: 1,
      namesOthers: false,
    });
    if (!definition) return only([located(unknownType(node), node.id)]);
    const wired = new Set(feeds.map(({ wire }) => wire.to[1]));
    const wiring = wiringIssues(node.name, definition, wired).map((issue) => located(issue, node.id));
    const parsed = parseParamsOnce(definition.params, node.params);
    const ports = portsToWire(definition, wired.size);
    const shapes = ports.map((port) => inputShapes[port]);
    const problems = [
      ...parsed.issues.map(({ param, issue }) => problem(issue.code, issue.args, { node: node.id, param })),
      ...parsed.unknown.map((param) =>
        warning('graph/unknown-param', { type: node.type, param }, { node: node.id, param }),
      ),
      ...wiring,
    ];
    if (!shapes.every((shape) => shape !== undefined) || wiring.length > 0) return only(problems);
    const facts = this.#factsOf({ definition, params: parsed.values }, shapes);
    const issues = facts.issues.map((issue) => this.#locate(issue, node, feeds, inputShapes));
    const field = facts.shape?.length === 3 ? fieldOf(definition, feeds, facts.cost?.reach) : undefined;
    const analysis: NodeAnalysis = {
      ...nothing,
      ...costFigures(facts.cost),
      ...(facts.shape ? { outputShape: facts.shape } : {}),
      ...(facts.children ? { children: facts.children } : {}),
      // After upsampling a value may see a part of a pixel more.
      ...(field ? { receptiveField: [Math.ceil(field.size[0]), Math.ceil(field.size[1])] as const } : {}),
      problems: [...problems, ...issues],
    };
    const minimumBatch = facts.cost?.minimumBatch ?? 1;
    return { analysis, ...(field ? { field } : {}), minimumBatch, namesOthers: issues.length > 0 };
  }

  /** Names the node, and puts the names of the feeding nodes in the place of ports. */
  #locate(
    issue: InferIssue,
    node: DocumentNode,
    feeds: readonly Feed[],
    inputShapes: NodeAnalysis['inputShapes'],
  ): Problem {
    const fixes = fixesFor(this.#document, node, issue, inputShapes);
    const named = Object.entries(issue.args).map(([key, value]) => {
      const feed =
        key === 'first' || key === 'second' ? feeds.find(({ wire }) => wire.to[1] === value) : undefined;
      return [key, feed ? (this.#document.nodes[feed.wire.from[0]]?.name ?? value) : value] as const;
    });
    const found = located({ ...issue, args: Object.fromEntries(named) }, node.id);
    return fixes.length > 0 ? { ...found, fixes } : found;
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
    const figures = Object.entries(this.#nodes)
      .filter(([id]) => counted.has(id) || counted.size === 0)
      .map(([, node]) => node);
    const total = (of: (node: NodeAnalysis) => number) => figures.reduce((sum, node) => sum + of(node), 0);
    return {
      params: total((node) => node.params),
      trainableParams: total((node) => node.trainableParams),
      macs: total((node) => node.macs),
      activationBytes: total((node) => node.activationBytes),
    };
  }

  #minimumBatch(counted: ReadonlySet<string>): Analysis['minimumBatch'] {
    const node = this.#topology.order.find(
      (id) => counted.has(id) && this.#findings.get(id)?.minimumBatch === 2,
    );
    if (node === undefined) return { size: 1 };
    return { size: 2, node, name: this.#document.nodes[node]?.name ?? node };
  }
}

function inputShapesOf(feeds: readonly Feed[]): Readonly<Record<string, Shape>> {
  return Object.fromEntries(
    feeds.flatMap(({ wire, shape }) => (shape ? [[wire.to[1], shape] as const] : [])),
  );
}

/** The widest of what enters, and what the node adds to it; undefined where the output is no image. */
function fieldOf(
  definition: NodeDefinition,
  feeds: readonly Feed[],
  reach: Reach | undefined,
): Field | undefined {
  const isSource = definition.inputs.kind === 'none';
  const sources = feeds.flatMap(({ field }) => field ?? []);
  if (isSource) sources.push({ size: [1, 1], jump: [1, 1] });
  const [first, ...others] = sources;
  if (!first || (!reach && !isSource)) return undefined;
  const widest = others.reduce((a, b) => (b.size[0] > a.size[0] ? b : a), first);
  const {
    reach: [down, right],
    stride,
  } = reach ?? { reach: [0, 0], stride: [1, 1] };
  return {
    size: [widest.size[0] + down * widest.jump[0], widest.size[1] + right * widest.jump[1]],
    jump: [widest.jump[0] * stride[0], widest.jump[1] * stride[1]],
  };
}

function located({ code, args, ...place }: InferIssue, node: string): Problem {
  return problem(code, args, { node, ...place });
}
