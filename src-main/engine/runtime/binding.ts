/** The native addon of tfjs-node, loaded by itself: it runs sessions without any of tfjs's JavaScript. */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { TensorValues } from './runtime';

export interface TensorMetadata {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** The part of the addon that the engine uses. All calls are synchronous and throw on a TensorFlow error. */
export interface Binding {
  createTensor(shape: readonly number[], dtype: number, values: TensorValues): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): TensorValues;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  /** Names as `NAME:INDEX,NAME:INDEX`; a name without an index has its digits taken for one. */
  runSavedModel(
    id: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): TensorMetadata[];
  getNumOfTensors(): number;
  getNumOfSavedModels(): number;
  isUsingGpuDevice(): boolean;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_UINT8: number;
  readonly TF_Version: string;
}

const functions = [
  'createTensor',
  'deleteTensor',
  'tensorDataSync',
  'loadSavedModel',
  'deleteSavedModel',
  'runSavedModel',
  'getNumOfTensors',
  'getNumOfSavedModels',
  'isUsingGpuDevice',
] as const satisfies readonly (keyof Binding)[];

const addonName = 'tfjs_binding.node';

/**
 * The newest build of the addon under `<package>/lib/napi-vN` that this process can load.
 * Loading it alone takes half the time of the whole package, and none of the JavaScript that calls
 * functions which Node 23 dropped.
 */
export function findAddon(packageDirectory: string): string | undefined {
  const library = join(packageDirectory, 'lib');
  if (!existsSync(library)) return undefined;
  const supported = Number(process.versions['napi'] ?? 8);
  const versions = readdirSync(library)
    .map((name) => Number(/^napi-v(\d+)$/.exec(name)?.[1] ?? Number.NaN))
    .filter((version) => version <= supported)
    .sort((a, b) => b - a);
  return versions
    .map((version) => join(library, `napi-v${version}`, addonName))
    .find((file) => existsSync(file));
}

/** Loads libtensorflow into this process, which cannot be undone; throws when the system refuses it. */
export function loadBinding(addon: string): Binding {
  const loaded: unknown = createRequire(import.meta.url)(addon);
  if (!isBinding(loaded)) throw new Error(`${addon} is not the addon of tfjs-node 4`);
  return loaded;
}

function isBinding(value: unknown): value is Binding {
  if (typeof value !== 'object' || value === null) return false;
  return functions.every((name) => typeof Reflect.get(value, name) === 'function');
}
