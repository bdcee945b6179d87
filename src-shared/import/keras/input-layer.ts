/** What a Keras model takes, as our Input: images with height, width and channels, from 0 to 1. */
import { formatShape } from '../../ir/shape';
import type { Json } from '../../util/json';
import type { ImportNote } from '../format';
import { imageFor, OPEN_SIZE } from '../image-shape';
import type { ConfigReader } from './config-reader';
import type { Chain, Link } from './translation';

export interface InputChain {
  readonly chain: Chain;
  readonly notes: readonly ImportNote[];
}

/** The Input, and a Flatten behind it where the model takes vectors. */
export function inputChain(reader: ConfigReader): InputChain {
  const given = reader.get('batch_shape') ?? reader.get('batch_input_shape');
  const sizes = Array.isArray(given) ? (given as readonly Json[]).slice(1) : [];
  const known = sizes.map((size) => (typeof size === 'number' ? size : OPEN_SIZE));
  const isOpen = sizes.some((size) => typeof size !== 'number');
  if (known.length === 3 && !isOpen) return { chain: [inputOf(known)], notes: [] };
  const shape = imageFor(known);
  const text = `(${['None', ...sizes.map(String)].join(', ')})`.replaceAll('null', 'None');
  const note: ImportNote = { code: 'import/input-shape', args: { given: text, chosen: formatShape(shape) } };
  const flat: Link = { type: 'Flatten', params: {}, suffix: 'flatten' };
  return { chain: [inputOf(shape), ...(known.length === 1 ? [flat] : [])], notes: [note] };
}

function inputOf(shape: readonly number[]): Link {
  return { type: 'Input', params: { shape } };
}

/**
 * Bytes become numbers from 0 to 1 before our Input: a first Rescaling that was made for bytes would do it twice. None
 * where nothing is left to do, undefined where it was made for something else.
 */
export function withoutByteScale({ type, params }: Link): Chain | undefined {
  const { scale, offset } = params;
  if (type !== 'Rescaling' || typeof scale !== 'number') return undefined;
  const factor = [1, 2].find((each) => Math.abs((scale * 255) / each - 1) < 1e-6);
  if (factor === undefined) return undefined;
  return factor === 1 && offset === 0 ? [] : [{ type, params: { ...params, scale: factor } }];
}
