/** Names of layers in files of Keras: as on the canvas, without what paths and scopes choke on. */
import { plainNames } from '../identifiers';
import type { NameLayers } from './network';

/** The group of .h5 files whose weights belong to no layer. */
export const TOP_LEVEL = 'top_level_model_weights';

/** For .h5 files: ASCII, since tf.keras makes scopes of names. */
export const legacyNames: NameLayers = (nodes) => plainNames(nodes, [TOP_LEVEL]);

const MAX_LENGTH = 120;

/** For .keras files: letters and digits of any script with `_`, `.` and `-` between them, unique however they are written. */
export const kerasNames: NameLayers = (nodes) => {
  const used = new Set<string>();
  return nodes.map(({ name, path }) => {
    const plain = safe(name) || safe(path) || 'layer';
    let candidate = plain;
    for (let number = 2; used.has(candidate.toLowerCase()); number++) candidate = `${plain}_${number}`;
    used.add(candidate.toLowerCase());
    return candidate;
  });
};

/** Composed letters, as people type them; a name must not begin with a dot or end in one, as paths do. */
function safe(name: string): string {
  const words = name.normalize('NFC').replace(/[^\p{L}\p{N}\p{M}_.-]+/gu, '_');
  return [...words.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu, '')].slice(0, MAX_LENGTH).join('');
}
