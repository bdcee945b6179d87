/** Weights of a file onto a graph that may have been edited since: what still fits is kept, the rest is named. */
import { exportModelOf } from '../export/build-model';
import { kerasNames, legacyNames } from '../export/keras/names';
import { variableFolders } from '../export/keras/network';
import type { ExportModel } from '../export/model';
import { fromTorch, torchWeights } from '../export/pytorch/weight-names';
import { tfjsNames } from '../export/tfjs/names';
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

/** Under which name a file may hold a weight, and how it lies there. */
interface Candidate {
  readonly name: string;
  /** Sizes in such a file. */
  readonly dims: Dims;
  /** Values of the file in our order; absent where it is the same. */
  readonly turn?: (values: Float32Array) => Float32Array;
}

/**
 * Tensors are found by our own name (`conv2d_1/kernel`), else by the name of the node and the role (`conv1/kernel`), as
 * files of Keras have them, by its number among those of the layer (`conv1/0`), as in Keras's files of weights alone, or
 * by the name in our export to PyTorch (`conv1.weight`), whose layout is turned back.
 * The problems of a graph that cannot be compiled otherwise.
 */
export function matchWeights(
  document: GraphDocument,
  tensors: readonly NamedTensor[],
): Result<MatchedWeights, readonly Problem[]> {
  const model = exportModelOf(document, 'weights');
  if (!model.ok) return model;
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const used = new Set<NamedTensor>();
  const kept: NamedTensor[] = [];
  const report: WeightRow[] = [];
  for (const { weight, dims, candidates } of wantedOf(model.value)) {
    const [candidate, tensor] = findIn(byName, candidates, used) ?? [];
    if (tensor !== undefined) used.add(tensor);
    const isKept = candidate !== undefined && tensor !== undefined && sameDims(tensor.dims, candidate.dims);
    if (isKept) kept.push({ name: weight, dims, values: candidate.turn?.(tensor.values) ?? tensor.values });
    const outcome = tensor === undefined ? 'missing' : isKept ? 'kept' : 'misfit';
    report.push({ weight, outcome, dims, ...(tensor && { fileDims: tensor.dims }) });
  }
  const unused = tensors.filter((tensor) => !used.has(tensor));
  const rest = unused.map(({ name, dims }): WeightRow => ({
    weight: name,
    outcome: 'unused',
    fileDims: dims,
  }));
  return success({ tensors: kept, report: [...report, ...rest] });
}

interface Wanted {
  readonly weight: string;
  readonly dims: Dims;
  readonly candidates: readonly Candidate[];
}

function wantedOf(model: ExportModel): readonly Wanted[] {
  const { layers } = model;
  const inFiles = [kerasNames, legacyNames, tfjsNames].map((named) => named(layers));
  const folders = variableFolders(model);
  const torch = new Map(torchWeights(model).map((each) => [each.weight, each]));
  return layers.flatMap(({ path, name, weights }, index) =>
    weights.map(({ name: weight, dims }, number) => {
      const role = weight.slice(path.length);
      const called = [name, ...inFiles.map((names) => names[index])];
      const names = [
        weight,
        ...called.map((each) => `${each}${role}`),
        ...[...called, folders.get(path)].map((each) => `${each}/${number}`),
      ];
      const turned = torch.get(weight);
      const inTorch: readonly Candidate[] =
        turned === undefined
          ? []
          : [{ name: turned.torchName, dims: turned.dims, turn: (values) => fromTorch(turned, values) }];
      return { weight, dims, candidates: [...names.map((each) => ({ name: each, dims })), ...inTorch] };
    }),
  );
}

function findIn(
  byName: ReadonlyMap<string, NamedTensor>,
  candidates: readonly Candidate[],
  used: ReadonlySet<NamedTensor>,
): readonly [Candidate, NamedTensor] | undefined {
  for (const candidate of candidates) {
    const tensor = byName.get(candidate.name);
    if (tensor !== undefined && !used.has(tensor)) return [candidate, tensor];
  }
  return undefined;
}
