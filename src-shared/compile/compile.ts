/** From a document to a program: validate, infer, lower, differentiate, update rules, GraphDef. */
import type { GraphDocument } from '../document/types';
import { type Capabilities, everythingNative } from '../ir/capabilities';
import type { Graph } from '../ir/types';
import { topKOf } from '../losses/objective';
import { resolverOf } from '../nodes/resolve';
import { parseParams } from '../params/fields';
import type { Problem } from '../problems/problem';
import { precisions, precisionsOf } from '../training/precision';
import {
  classWeightProblems,
  parseTraining,
  precisionProblems,
  type TrainingSettings,
} from '../training/settings';
import { required } from '../util/assert';
import { failure, type Result, success } from '../util/result';
import { analyse } from './analyse';
import type { Analysis } from './analysis';
import { encodeSavedModel } from './graphdef';
import { inMixedPrecision } from './passes/mixed-precision';
import { tunedForMixedPrecision, tunedForProcessor } from './passes/processor';
import type { Program } from './program';
import { type Network, type NetworkNode, ProgramBuilder } from './program-builder';
import { prune } from './prune';
import { ancestorsOf, nodesOfType, topologyOf } from './topology';

/**
 * Compiles for a TensorFlow with the given kernels, or says everything that stands in the way. The same document gives
 * the same bytes.
 */
export function compileDocument(
  document: GraphDocument,
  capabilities = everythingNative,
): Result<Program, readonly Problem[]> {
  const analysis = analyse(document);
  const { settings, problems } = parseTraining(document.training);
  const mistakes = analysis.problems.filter(({ severity }) => severity === 'error');
  const errors = [
    ...mistakes,
    ...problems,
    ...classWeightProblems(analysis, settings),
    ...precisionProblems(settings, precisionsOf(capabilities)),
  ];
  if (errors.length > 0) return failure(errors);
  const network = networkOf(document, analysis);
  const builder = new ProgramBuilder(network, settings, capabilities);
  const parts = builder.build();
  const roots = rootsOf(parts);
  const built = prune(builder.b.graph, roots);
  // Rewriting leaves operations behind that nothing needs any more.
  const tuned = capabilities.isProcessor ? prune(tunedForProcessor(built), roots) : built;
  const mixed = inPrecision(tuned, settings, roots, capabilities);
  const graph = mixed === tuned ? tuned : prune(mixed, roots);
  const { size, node } = analysis.minimumBatch;
  const topK = topKOf(settings, network.classes);
  return success({
    ...parts,
    savedModel: encodeSavedModel(graph),
    minimumBatch: node === undefined ? { size } : { size, node },
    input: network.input,
    classes: network.classes,
    ...(topK === undefined ? {} : { topK }),
  });
}

/** The last pass, so that the others find float32 alone; a document in float32 takes none of it. */
function inPrecision(
  graph: Graph,
  { precision, batchSize }: Pick<TrainingSettings, 'precision' | 'batchSize'>,
  roots: readonly string[],
  { isProcessor }: Capabilities,
): Graph {
  const { type } = precisions[precision];
  if (type === 'float32') return graph;
  const tuned = isProcessor ? tunedForMixedPrecision(graph, batchSize) : { graph, exact: [] };
  return inMixedPrecision(tuned.graph, { half: type, exact: new Set([...roots, ...tuned.exact]) });
}

/** The nodes that lead to the Output, in order, with parsed parameters. */
function networkOf(document: GraphDocument, analysis: Analysis): Network {
  const topology = topologyOf(document);
  const outputNode = required(nodesOfType(document, 'Output')[0], 'the Output node').id;
  const used = ancestorsOf(topology, outputNode);
  const resolve = resolverOf(document.blocks);
  const nodes = topology.order
    .filter((id) => used.has(id))
    .map((id): NetworkNode => {
      const node = required(document.nodes[id], `node ${id}`);
      const definition = required(resolve(node), `node type ${node.type}`);
      const sources = (topology.incoming.get(id) ?? []).map(({ from }) => from[0]);
      const params = parseParams(definition.params, node.params).values;
      return { id, definition, params, resolve, sources };
    });
  return {
    nodes,
    outputNode,
    input: required(analysis.input, 'the input shape'),
    classes: required(analysis.output?.[0], 'the number of classes'),
  };
}

/** Operations that the engine feeds or fetches; nothing else needs to be in the graph. */
function rootsOf({
  variables,
  data,
  functions,
}: Pick<Program, 'variables' | 'data' | 'functions'>): readonly string[] {
  const called = Object.values(functions).flatMap(({ feeds, fetches }) => [
    ...Object.values<string>(feeds),
    ...fetches,
  ]);
  const assigned = [
    ...variables.map(({ assign }) => assign),
    ...Object.values(data).flatMap(({ images, labels }) => [images, labels]),
  ];
  const endpoints = [
    ...called,
    ...assigned.flatMap(({ value, done }) => [value, done]),
    ...variables.map(({ read }) => read),
  ];
  return endpoints.map((endpoint) => endpoint.slice(0, endpoint.lastIndexOf(':')));
}
