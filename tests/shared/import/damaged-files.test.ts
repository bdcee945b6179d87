/** Files of every format with bytes cut off, changed, taken out or put in: always one problem or a success, and soon. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type * as H5wasm from 'h5wasm';
import type * as library from '@shared/formats/hdf5/library';
import { Hdf5Library } from '@shared/formats/hdf5/library';
import { required } from '@shared/util/assert';
import { fateOf, smallFiles, smallNetwork, type StrangersFile } from './files';

const RUNS = 150;
/** Each with an instance of its own of the library. */
const HDF5_RUNS = 50;
/** Of one file, on a busy machine; the readers take milliseconds. */
const MAX_MILLISECONDS = 5000;
const TIMEOUT = 60_000;

let files: readonly StrangersFile[];
beforeAll(async () => {
  files = await smallFiles();
});

/** The library of HDF5 that no damaged file has had yet: after one, endless loops were seen. In the app each file has a process. */
const hdf5 = vi.hoisted((): { fresh?: Promise<Hdf5Library>; instances: number } => ({ instances: 0 }));
vi.mock('@shared/formats/hdf5/library', async (original) => {
  const real = await original<typeof library>();
  return { ...real, hdf5Library: () => hdf5.fresh ?? real.hdf5Library() };
});

function renewHdf5(): void {
  const place = new URL('../../../node_modules/h5wasm/dist/esm/hdf5_hl.js', import.meta.url);
  place.search = `instance=${++hdf5.instances}`;
  hdf5.fresh = (import(/* @vite-ignore */ place.href) as Promise<typeof H5wasm>).then(async (h5wasm) => {
    const module = await h5wasm.ready;
    module.activate_throwing_error_handler();
    return new Hdf5Library(h5wasm, module.FS);
  });
}

const PLACES = 2 ** 20;
/** Parts of the whole, so that they mean something for every length; evenly, or the first bytes would be hit most. */
const place = fc.noBias(fc.nat(PLACES - 1)).map((at) => at / PLACES);
/** Values that lengths and counts take badly. */
const byte = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255));
const damages = fc.oneof(
  place.map((at) => (bytes: Uint8Array) => bytes.slice(0, Math.floor(at * bytes.length))),
  fc.array(fc.tuple(place, byte), { minLength: 1, maxLength: 4 }).map((changes) => (bytes: Uint8Array) => {
    const changed = bytes.slice();
    for (const [at, value] of changes) changed[Math.floor(at * bytes.length)] = value;
    return changed;
  }),
  fc.tuple(place, fc.nat(64)).map(([at, count]) => (bytes: Uint8Array) => {
    const start = Math.floor(at * bytes.length);
    return new Uint8Array(Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + count)]));
  }),
  fc
    .tuple(place, fc.array(byte, { minLength: 1, maxLength: 64 }))
    .map(([at, more]) => (bytes: Uint8Array) => {
      const start = Math.floor(at * bytes.length);
      return new Uint8Array(
        Buffer.concat([bytes.subarray(0, start), Uint8Array.from(more), bytes.subarray(start)]),
      );
    }),
);
/** The beginning holds most of what says how long something is. */
const damage = fc.tuple(damages, fc.constantFrom(1, 0.1)).map(([change, part]) => (bytes: Uint8Array) => {
  const end = Math.ceil(part * bytes.length);
  return new Uint8Array(Buffer.concat([change(bytes.subarray(0, end)), bytes.subarray(end)]));
});

const names = ['Keras', 'HDF5', 'ONNX', 'ONNX with weights beside', 'layers model', 'graph model'];
const cases = [...names, 'safetensors', 'NPZ', 'weights in an older HDF5'].map((name, index) => ({
  name,
  index,
}));

describe.each(cases)('$name', ({ name, index }) => {
  const onto = smallNetwork().document;
  const hasHdf5 = /Keras|HDF5/.test(name);
  it('is read as it is', async () => {
    expect(await fateOf(required(files[index], 'a file'))).toBe('read');
  });

  it(
    'is refused with one problem or read, whatever is damaged',
    async () => {
      const file = required(files[index], 'a file');
      await fc.assert(
        fc.asyncProperty(damage, fc.boolean(), async (change, isBeside) => {
          const others = new Map([...file.others].map(([name, bytes]) => [name, change(bytes)]));
          const hurt =
            isBeside && others.size > 1 ? { ...file, others } : { ...file, bytes: change(file.bytes) };
          const start = performance.now();
          const fate = await fateOf(hurt, onto);
          expect(fate).toMatch(/^(read|import\/[a-z-]+)$/);
          expect(performance.now() - start).toBeLessThan(MAX_MILLISECONDS);
          if (hasHdf5 && fate !== 'read') renewHdf5();
        }),
        { numRuns: hasHdf5 ? HDF5_RUNS : RUNS },
      );
    },
    TIMEOUT,
  );
});
