/** Which tensor of the PyTorch export's state dict is which weight of ours, and how its values are turned. */
import type { Dims } from '../../ir/types';
import type { WeightRole } from '../../ir/weights';
import { required } from '../../util/assert';
import type { ExportModel } from '../model';
import { type TorchLevel, type TorchMember, torchStructure } from './structure';
import { type Layout, weightOf } from './translation';

/** A weight by both names. Our values, seen as `view` and with their axes in the order `permutation`, are PyTorch's. */
export interface TorchWeight extends Layout {
  /** In the state dict: `stage2_block1.conv1.weight`. */
  readonly torchName: string;
  /** Ours: `residual_block_1/conv1/kernel`. */
  readonly weight: string;
  /** Path of the layer: `residual_block_1/conv1`. */
  readonly path: string;
  readonly role: WeightRole;
  readonly isTrainable: boolean;
  /** Sizes of ours, in Keras's layout. */
  readonly ownDims: Dims;
}

/** Every weight of the model, in the order of the state dict. */
export function torchWeights(model: ExportModel): readonly TorchWeight[] {
  return weightsIn(torchStructure(model), '');
}

/** The same of a structure that is at hand. */
export function weightsIn({ members }: TorchLevel, prefix: string): readonly TorchWeight[] {
  return members.flatMap((member) => memberWeights(member, `${prefix}${member.attribute}.`));
}

function memberWeights(member: TorchMember, prefix: string): readonly TorchWeight[] {
  if (member.kind === 'block') {
    const { rounds } = member;
    if (rounds.length === 1) return weightsIn(rounds[0], prefix);
    return rounds.flatMap((round, index) => weightsIn(round, `${prefix}${index}.`));
  }
  const { layer, translation } = member;
  if (translation.kind !== 'modules') return [];
  return translation.state.map(({ role, key, view, permutation, dims }) => {
    const { name, isTrainable, dims: ownDims } = weightOf(layer, role);
    const ours = { weight: name, path: layer.path, role, isTrainable, ownDims };
    return { torchName: `${prefix}${key}`, ...ours, view, permutation, dims };
  });
}

/** Our values in PyTorch's order. */
export function toTorch(layout: Layout, values: Float32Array): Float32Array {
  const turned = new Float32Array(values.length);
  eachPlace(layout, (index, place) => (turned[index] = values[place] ?? 0));
  return turned;
}

/** PyTorch's values in our order. */
export function fromTorch(layout: Layout, values: Float32Array): Float32Array {
  const ours = new Float32Array(values.length);
  eachPlace(layout, (index, place) => (ours[place] = values[index] ?? 0));
  return ours;
}

/** Where each element of the turned tensor, row by row, lies in ours. */
function eachPlace({ view, permutation }: Layout, visit: (index: number, place: number) => void): void {
  const sizes = permutation.map((axis) => required(view[axis], 'an axis'));
  const steps = permutation.map((axis) => view.slice(axis + 1).reduce((product, size) => product * size, 1));
  const last = sizes.length - 1;
  let index = 0;
  const walk = (axis: number, start: number): void => {
    const [size = 1, step = 0] = [sizes[axis], steps[axis]];
    for (let count = 0; count < size; count++) {
      if (axis === last) visit(index++, start + count * step);
      else walk(axis + 1, start + count * step);
    }
  };
  walk(0, 0);
}
