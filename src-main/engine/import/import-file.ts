/** The file that an engine may import: read bounded, as a network or as weights; or a run, whose checkpoint has them. */
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { serialiseDocument } from '@shared/document/serialise';
import type { NamedTensor } from '@shared/formats/safetensors';
import { importFormatOf } from '@shared/import';
import { documentOf, type Imported } from '@shared/import/build-document';
import { type ImportFile, isPlainName, MAX_IMPORT_BYTES } from '@shared/import/format';
import { holdsWeightsAlone, readWeights, withoutSlots } from '@shared/import/read-weights';
import type { ReadFile } from '@shared/ipc/import-messages';
import { problem, type Problem } from '@shared/problems/problem';
import { reasonOf } from '@shared/util/reason';
import { failure, type Result, success } from '@shared/util/result';
import { readNewestCheckpoint } from '../run/checkpoint';

/** Which names the tensors of a file with a network bear: ids of the document made of it, or names of its layers. */
export type TensorNames = 'ids' | 'layers';

/** The network of a file with its report, or how many weights it holds alone. */
export async function readImport(path: string): Promise<Result<ReadFile, Problem>> {
  const file = await readFile(path);
  if (!file.ok) return file;
  if (holdsWeightsAlone(file.value)) {
    const tensors = await readWeights(file.value);
    return tensors.ok ? success({ tensors: tensors.value.length }) : tensors;
  }
  const imported = await readNetwork(file.value);
  if (!imported.ok) return weightsWithout(file.value, imported.error);
  const { document, report, tensors } = imported.value;
  const rows = report.map((row) => ({ ...row, notes: [...row.notes], nodes: [...row.nodes] }));
  return success({ network: { document: serialiseDocument(document), rows }, tensors: tensors.length });
}

/** Weights may be of use where the network is of none. */
async function weightsWithout(file: ImportFile, networkProblem: Problem): Promise<Result<ReadFile, Problem>> {
  const format = importFormatOf(file);
  const tensors = format.ok ? await format.value.readTensors?.(file) : undefined;
  if (tensors?.ok !== true || tensors.value.length === 0) return failure(networkProblem);
  return success({ networkProblem, tensors: tensors.value.length });
}

/** The weights of a file, or of a run folder's newest checkpoint. */
export async function readTensors(
  path: string,
  names: TensorNames,
): Promise<Result<readonly NamedTensor[], Problem>> {
  if (await isFolder(path)) {
    const checkpoint = await readNewestCheckpoint(path);
    return checkpoint.ok ? success(withoutSlots(checkpoint.value.tensors)) : checkpoint;
  }
  const file = await readFile(path);
  if (!file.ok) return file;
  if (names === 'layers' || holdsWeightsAlone(file.value)) return readWeights(file.value);
  const imported = await readNetwork(file.value);
  return imported.ok ? success(imported.value.tensors) : imported;
}

async function readNetwork(file: ImportFile): Promise<Result<Imported, Problem>> {
  const format = importFormatOf(file);
  if (!format.ok) return format;
  const network = await format.value.read(file);
  return network.ok ? success(documentOf(network.value)) : network;
}

async function isFolder(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status?.isDirectory() === true;
}

async function readFile(path: string): Promise<Result<ImportFile, Problem>> {
  try {
    const bytes = await readBounded(path, MAX_IMPORT_BYTES);
    if (bytes === undefined) {
      return failure(problem('import/bad-file', { name: basename(path), reason: 'TOO_LARGE' }));
    }
    return success({
      name: basename(path),
      bytes,
      beside: (name, maxBytes) => readBeside(path, name, maxBytes),
    });
  } catch (error) {
    return failure(problem('file/cannot-read', { path, reason: reasonOf(error) }));
  }
}

/** Undefined where it is larger than that. */
async function readBounded(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  // Without O_NONBLOCK a named pipe would keep the call waiting for a writer.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const status = await file.stat();
    if (!status.isFile()) throw Object.assign(new Error('no file'), { code: 'NOT_A_FILE' });
    if (status.size > maxBytes) return undefined;
    const bytes = new Uint8Array(status.size);
    const { bytesRead } = await file.read(bytes, 0, bytes.byteLength, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Of the same folder, by a plain name: nothing that a file names lies elsewhere. */
async function readBeside(
  path: string,
  name: string,
  maxBytes = MAX_IMPORT_BYTES,
): Promise<Uint8Array | undefined> {
  if (!isPlainName(name)) return undefined;
  return readBounded(join(dirname(path), name), maxBytes).catch(() => undefined);
}
