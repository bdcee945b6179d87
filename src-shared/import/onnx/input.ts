/** What an ONNX model takes, as our Input: images with height, width and channels, from 0 to 1. */
import { formatShape } from '../../ir/shape';
import type { ImportNote } from '../format';
import { imageFor, OPEN_SIZE } from '../image-shape';
import type { Emission } from './operator';
import type { FileGraph } from './graph';

type Link = Pick<Emission, 'type' | 'params' | 'form' | 'suffix'>;

export interface InputChain {
  readonly name: string;
  readonly chain: readonly Link[];
  readonly notes: readonly ImportNote[];
}

/** The Input, and a Flatten behind it where the model takes vectors. Images come with channels first unless they are turned at once. */
export function inputOf(graph: FileGraph): InputChain {
  const { name, dims } = graph.model.inputs.find((each) => !graph.isConstant(each.name)) ?? {
    name: 'input',
    dims: [],
  };
  const sizes = dims.slice(1);
  const isOpen = sizes.some((size) => size === undefined);
  const isPixels = graph
    .readers(name)
    .some(({ op, attributes }) => op === 'Transpose' && String(attributes.get('perm')?.ints) === '0,3,1,2');
  const form = isPixels ? 'pixels' : 'image';
  const [first, second, third] = isPixels ? [sizes[2], sizes[0], sizes[1]] : sizes;
  const ordered = sizes.length === 3 ? [second, third, first ?? 3] : sizes;
  const known = ordered.map((size) => size ?? OPEN_SIZE);
  if (known.length === 3 && !isOpen) return { name, chain: [link(known, form)], notes: [] };
  const shape = known.length === 3 ? known : imageFor(known);
  const given = `[${['N', ...sizes.map((size) => size ?? '?')].join(', ')}]`;
  const note: ImportNote = { code: 'import/input-shape', args: { given, chosen: formatShape(shape) } };
  const flat: Link = { type: 'Flatten', params: {}, form: 'vector', suffix: 'flatten' };
  return { name, chain: [link(shape, form), ...(known.length === 1 ? [flat] : [])], notes: [note] };
}

function link(shape: readonly number[], form: 'image' | 'pixels'): Link {
  return { type: 'Input', params: { shape }, form };
}
