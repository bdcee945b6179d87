/** Import of Keras models: .keras of version 3, and whole models as .h5 of versions 2 and 3. */
import { isHdf5 } from '../../formats/hdf5/read';
import { isZip } from '../../formats/zip/read';
import { problem } from '../../problems/problem';
import { failure, success } from '../../util/result';
import { defineImport } from '../format';
import { networkOf } from './network';
import { readArchive, readWholeHdf5 } from './read-file';

const archives = ['.keras'];
const hdf5 = ['.h5', '.hdf5'];

const endsIn = (name: string, extensions: readonly string[]): boolean =>
  extensions.some((extension) => name.toLowerCase().endsWith(extension));

export default defineImport({
  id: 'keras',
  title: { en: 'Keras', 'zh-CN': 'Keras' },
  extensions: [...archives, ...hdf5],
  // Archives of other kinds are zips too: there the name decides.
  recognises: ({ name, bytes }) => isHdf5(bytes) || endsIn(name, archives) || endsIn(name, hdf5),
  async read({ name, bytes }) {
    const isArchive = isZip(bytes) || (endsIn(name, archives) && !isHdf5(bytes));
    const file = isArchive ? await readArchive(bytes) : await readWholeHdf5(bytes);
    if (!file.ok) return failure(problem('import/bad-file', { name, reason: file.error }));
    return success(networkOf(file.value.model, file.value));
  },
});
