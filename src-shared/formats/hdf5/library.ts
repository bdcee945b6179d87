/** The HDF5 C library, compiled to WebAssembly: it sees files in memory only, neither disk nor network. */
import type * as H5wasm from 'h5wasm';

type Module = typeof H5wasm;
type File = H5wasm.File;

let loading: Promise<Hdf5Library> | undefined;

/** Loaded when the first file is read: it is large. */
export function hdf5Library(): Promise<Hdf5Library> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Hdf5Library> {
  const h5wasm = await import('h5wasm');
  const module = await h5wasm.ready;
  // Otherwise it writes its stack of errors to the console.
  module.activate_throwing_error_handler();
  return new Hdf5Library(h5wasm, module.FS);
}

/** Runs one piece of work on one file; the file in memory is gone afterwards, whatever happens. */
export class Hdf5Library {
  readonly #h5wasm: Module;
  readonly #files: Awaited<Module['ready']>['FS'];
  #count = 0;
  #isBroken = false;

  constructor(h5wasm: Module, files: Awaited<Module['ready']>['FS']) {
    this.#h5wasm = h5wasm;
    this.#files = files;
  }

  get types(): Module {
    return this.#h5wasm;
  }

  /** A file made the library itself fail: what it would do with another one nobody knows, endless loops were seen. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Reads `bytes` as a file; throws where the library refuses them. */
  read<T>(bytes: Uint8Array, work: (file: File) => T): T {
    return this.#withPath((path) => {
      this.#files.writeFile(path, bytes);
      return this.#withFile(path, work);
    });
  }

  #withPath<T>(work: (path: string) => T): T {
    const path = `file-${++this.#count}.h5`;
    try {
      return work(path);
    } finally {
      if (this.#files.analyzePath(path, false).exists) this.#files.unlink(path);
    }
  }

  #withFile<T>(path: string, work: (file: File) => T): T {
    const file = this.#watched(() => new this.#h5wasm.File(path, 'r'));
    try {
      return this.#watched(() => work(file));
    } finally {
      if (!this.#isBroken) this.#watched(() => file.close());
    }
  }

  #watched<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      // Of WebAssembly, such as an access outside of its memory.
      this.#isBroken ||= error instanceof Error && error.name === 'RuntimeError';
      throw error;
    }
  }
}
