/** What an import format is: one folder here, found by its name, pure from bytes to a network with its report. */
import type { NamedTensor } from '../formats/safetensors';
import type { Dims } from '../ir/types';
import type { Problem, ProblemCode } from '../problems/problem';
import type { Text, TextArguments } from '../texts/text';
import type { JsonObject } from '../util/json';
import type { Result } from '../util/result';

/** A file from a stranger, read as a whole; its size was bounded before. */
export interface ImportFile {
  /** Without its folder: `lenet.keras`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /**
   * Bytes of a file in the same folder, by its plain name; undefined where there is none, it is no plain name, or it is
   * larger than `maxBytes` (MAX_IMPORT_BYTES where it is absent), which is found out before it is read.
   */
  beside(name: string, maxBytes?: number): Promise<Uint8Array | undefined>;
}

/** How well a layer of the file came over. */
export type Outcome = 'taken' | 'approximated' | 'refused';

/** Why a layer is not quite, or not at all, what it was: a code of problems/import.ts. */
export interface ImportNote {
  readonly code: ProblemCode;
  readonly args: TextArguments;
}

export interface ImportedWeight {
  /** Last part of its name with us, in Keras's words: `kernel`, `moving_mean`. */
  readonly role: string;
  readonly dims: Dims;
  /** In our layout, which is Keras's. */
  readonly values: Float32Array;
}

/** A node to be. */
export interface ImportedNode {
  /** Unique in the network; what other nodes name as their input. */
  readonly key: string;
  readonly type: string;
  /** Free text; made unique. */
  readonly name: string;
  readonly params: JsonObject;
  /** Keys of what feeds it, in port order; a key that there is not leaves the port open. */
  readonly inputs: readonly string[];
  readonly weights: readonly ImportedWeight[];
}

/** A layer of the file, and the nodes that stand for it: none where it does nothing. */
export interface ImportedLayer {
  readonly name: string;
  /** Its class or operation in the file. */
  readonly type: string;
  readonly outcome: Outcome;
  readonly notes: readonly ImportNote[];
  readonly nodes: readonly ImportedNode[];
}

export interface ImportedNetwork {
  /** In an order in which every input comes first. */
  readonly layers: readonly ImportedLayer[];
  /** Settings that the file tells: `{ loss: 'softmaxCrossEntropy' }`. */
  readonly training: JsonObject;
}

export interface ImportFormat {
  /** Name of its folder here. */
  readonly id: string;
  readonly title: Text;
  /** With the dot, in lower case; the first is the usual one. */
  readonly extensions: readonly string[];
  /** Whether the file is of this format, by its first bytes more than by its name. */
  recognises(file: Pick<ImportFile, 'name' | 'bytes'>): boolean;
  /** Never throws for what stands in the file; bounded in memory and time, and runs nothing of it. */
  read(file: ImportFile): Promise<Result<ImportedNetwork, Problem>>;
  /** Weights of a file whose network cannot be read; undefined where it is no such file, absent where there are none. */
  readonly readTensors?: (file: ImportFile) => Promise<Result<readonly NamedTensor[], Problem> | undefined>;
}

/** Whether it names a file of the same folder on every system: no path, no drive, no parent, nothing hidden. */
export function isPlainName(name: string): boolean {
  return /^[^./\\:\p{Cc}][^/\\:\p{Cc}]{0,254}$/u.test(name);
}

/** Types a format. */
export function defineImport(format: ImportFormat): ImportFormat {
  return format;
}

/** Larger files are refused before they are read. */
export const MAX_IMPORT_BYTES = 1.5 * 2 ** 30;
/** More layers are refused. */
export const MAX_IMPORT_LAYERS = 5000;
