/** Weights of a file onto a graph that may have been edited since: what still fits is kept, the rest is named. */
import { exportModelOf } from '../export/build-model';
import { kerasNames, legacyNames } from '../export/keras/names';
import { variableFolders } from '../export/keras/network';
import type { GraphDocument } from '../document/types';
import type { NamedTensor } from '../formats/safetensors';
import { sameDims } from '../ir/shape';
import type { Dims } from '../ir/types';
import type { Problem } from '../problems/problem';
import { type Result, success } from '../util/result';

export type WeightOutcome =
  /** Taken from the file. */
  | 'kept'
  /** The graph has it, the file does not: it keeps its initial values. */
  | 'missing'
  /** Both have it in different sizes: it keeps its initial values. */
  | 'misfit'
  /** Only the file has it. */
  | 'unused';

export interface WeightRow {
  readonly weight: string;
  readonly outcome: WeightOutcome;
  /** Sizes in the graph; absent where only the file has it. */
  readonly dims?: Dims;
  /** Sizes in the file; absent where only the graph has it. */
  readonly fileDims?: Dims;
}

export interface MatchedWeights {
  /** Under the names of the graph. */
  readonly tensors: readonly NamedTensor[];
  readonly report: readonly WeightRow[];
}

/**
 * Tensors are found by our own name (`conv2d_1/kernel`), else by the name of the node and the role (`conv1/kernel`), as
 * files of Keras have them, else by its number among those of the layer (`conv1/0`), as in Keras's files of weights alone.
 * The problems of a graph that cannot be compiled otherwise.
 */
export function matchWeights(
  document: GraphDocument,
  tensors: readonly NamedTensor[],
): Result<MatchedWeights, readonly Problem[]> {
  const model = exportModelOf(document, 'weights');
  if (!model.ok) return model;
  const { layers } = model.value;
  const [safe, plain] = [kerasNames(layers), legacyNames(layers)];
  const folders = variableFolders(model.value);
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const used = new Set<NamedTensor>();
  const kept: NamedTensor[] = [];
  const report: WeightRow[] = [];
  for (const [index, { path, name, weights }] of layers.entries()) {
    for (const [number, { name: weight, dims }] of weights.entries()) {
      const role = weight.slice(path.length);
      const called = [name, safe[index], plain[index]];
      const names = [
        weight,
        ...called.map((each) => `${each}${role}`),
        ...[...called, folders.get(path)].map((each) => `${each}/${number}`),
      ];
      const found = names.map((each) => byName.get(each)).find((each) => each && !used.has(each));
      if (found !== undefined) used.add(found);
      const isKept = found !== undefined && sameDims(found.dims, dims);
      if (isKept) kept.push({ ...found, name: weight });
      const outcome = found === undefined ? 'missing' : isKept ? 'kept' : 'misfit';
      report.push({ weight, outcome, dims, ...(found && { fileDims: found.dims }) });
    }
  }
  const unused = tensors.filter((tensor) => !used.has(tensor));
  const rest = unused.map(({ name, dims }): WeightRow => ({
    weight: name,
    outcome: 'unused',
    fileDims: dims,
  }));
  return success({ tensors: kept, report: [...report, ...rest] });
}
