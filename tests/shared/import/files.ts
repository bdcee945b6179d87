/** Small files of every format that is imported, and reading any file as the engine reads it. */
import * as h5wasm from 'h5wasm';
import { encodeSafetensors } from '@shared/formats/safetensors';
import { importFormatOf } from '@shared/import';
import { documentOf } from '@shared/import/build-document';
import { holdsWeightsAlone, readWeights } from '@shared/import/read-weights';
import { matchWeights } from '@shared/import/match-weights';
import type { ExportInput } from '@shared/export/model';
import { randomInput } from '../export/random-weights';
import { Sketch } from '../sketch';
import { exportedBytes, exportedFiles } from './round-trip';

export interface StrangersFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly others: ReadonlyMap<string, Uint8Array>;
}

/** A convolution with normalisation and a classifier: each kind of weight once. */
export function smallNetwork(): ExportInput {
  const sketch = new Sketch();
  const image = sketch.add('Input', { shape: [5, 5, 2] });
  const conv = sketch.add('Conv2D', { filters: 3, kernelSize: [3, 3] }, image);
  const flat = sketch.add('Flatten', {}, sketch.add('BatchNormalization', {}, conv));
  sketch.add('Output', {}, sketch.add('Dense', { units: 2 }, flat));
  return randomInput(sketch.document);
}

/** As older programs write HDF5: without the checksums of ours, so that damage gets further. */
export async function oldHdf5(fill: (file: h5wasm.File) => void): Promise<Uint8Array> {
  const { FS } = await h5wasm.ready;
  const path = 'made-by-test.h5';
  const file = new h5wasm.File(path, 'w');
  fill(file);
  file.close();
  const bytes = FS.readFile(path).slice();
  FS.unlink(path);
  return bytes;
}

const alone = (name: string, bytes: Uint8Array): StrangersFile => ({ name, bytes, others: new Map() });

/** The network in every format, with and without its description. */
export async function smallFiles(): Promise<readonly StrangersFile[]> {
  const input = smallNetwork();
  const tensors = [...input.weights].map(([name, weight]) => ({ name, ...weight }));
  const tfjs = ['layers', 'graph'].map((modelKind): StrangersFile => {
    const others = exportedFiles('tfjs', input, { modelKind });
    return { name: 'model.json', bytes: others.get('model.json') ?? new Uint8Array(), others };
  });
  const external = exportedFiles('onnx', { ...input, fileName: 'a.onnx' }, { externalData: true });
  const old = await oldHdf5((file) => {
    const group = file.create_group('layers').create_group('conv2d').create_group('vars');
    for (const [index, { dims, values }] of tensors.entries())
      group.create_dataset({ name: String(index), data: values, shape: [...dims] });
    file.create_attribute('model_config', 'text');
  });
  return [
    alone('a.keras', exportedBytes('keras', input)),
    alone('a.h5', exportedBytes('keras-h5', input)),
    alone('a.onnx', exportedBytes('onnx', input)),
    { name: 'a.onnx', bytes: external.get('a.onnx') ?? new Uint8Array(), others: external },
    ...tfjs,
    alone('a.safetensors', new Uint8Array(Buffer.concat(encodeSafetensors({ tensors, metadata: {} })))),
    alone('a.npz', exportedBytes('npz', input)),
    alone('a.weights.h5', old),
  ];
}

/** What a file comes to, all the way onto a network: `read`, or the code of its one problem. */
export async function fateOf(
  { name, bytes, others }: StrangersFile,
  onto = smallNetwork().document,
): Promise<string> {
  const file = {
    ...{ name, bytes },
    beside: (other: string, most = Infinity) => {
      const found = others.get(other);
      return Promise.resolve(found !== undefined && found.byteLength <= most ? found : undefined);
    },
  };
  const tensors = await readWeights(file);
  if (tensors.ok) matchWeights(onto, tensors.value);
  if (holdsWeightsAlone(file)) return tensors.ok ? 'read' : tensors.error.code;
  const format = importFormatOf(file);
  if (!format.ok) return format.error.code;
  const network = await format.value.read(file);
  if (!network.ok) return network.error.code;
  documentOf(network.value);
  return 'read';
}
