/** The configuration of a Keras model, of version 2 or 3, as a list of layers and what feeds each of their calls. */
import { z } from 'zod';
import { failure, type Result, success } from '../../util/result';
import { isJsonObject, type Json, type JsonObject } from '../../util/json';
import { own } from '../../document/record';
import { MAX_IMPORT_LAYERS } from '../format';

/** One use of a layer. */
export interface LayerCall {
  /** Keys of the calls whose values enter, in order. */
  readonly inputs: readonly string[];
}

export interface FileLayer {
  readonly className: string;
  readonly name: string;
  readonly config: JsonObject;
  readonly calls: readonly LayerCall[];
}

export interface FileModel {
  readonly layers: readonly FileLayer[];
  /** Key of the call whose value the model gives. */
  readonly output: string;
}

/** Words of `import/bad-file`. */
export type ModelRefusal =
  'NOT_A_MODEL' | 'SUBCLASSED' | 'TOO_MANY_LAYERS' | 'MANY_INPUTS' | 'MANY_OUTPUTS' | 'NO_LAYERS';

/** The key of a layer's call: names of layers are unique, and calls are numbered. */
export function callKey(layer: string, call: number): string {
  return `${layer}\u0000${call}`;
}

const json: z.ZodType<Json> = z.json();
const layerSchema = z.object({
  class_name: z.string(),
  name: z.string().optional(),
  config: z.record(z.string(), json),
  inbound_nodes: z.array(json).default([]),
});
const modelSchema = z.object({
  class_name: z.string(),
  config: z.object({
    layers: z.array(layerSchema),
    input_layers: json.optional(),
    output_layers: json.optional(),
  }),
});

type LayerEntry = z.infer<typeof layerSchema>;

const functional = new Set(['Functional', 'Model']);

/** From `config.json`, or the attribute `model_config`. */
export function readModelConfig(value: unknown): Result<FileModel, ModelRefusal> {
  const className = isJsonObject(value) ? own(value, 'class_name') : undefined;
  const isKnown = typeof className === 'string' && (functional.has(className) || className === 'Sequential');
  if (typeof className === 'string' && !isKnown) return failure('SUBCLASSED');
  const parsed = modelSchema.safeParse(value);
  if (!parsed.success) return failure('NOT_A_MODEL');
  const { layers, input_layers: inputs, output_layers: outputs } = parsed.data.config;
  if (layers.length === 0) return failure('NO_LAYERS');
  if (layers.length > MAX_IMPORT_LAYERS) return failure('TOO_MANY_LAYERS');
  if (className === 'Sequential') return success(sequence(layers));
  const [given, taken] = [referencesIn(inputs), referencesIn(outputs)];
  if (given.length > 1) return failure('MANY_INPUTS');
  if (taken.length > 1) return failure('MANY_OUTPUTS');
  const [output] = taken;
  if (output === undefined) return failure('NOT_A_MODEL');
  return success({ layers: layers.map(placed), output });
}

function nameOf({ name, config, class_name: className }: LayerEntry): string {
  const inner = config['name'];
  return name ?? (typeof inner === 'string' ? inner : className);
}

function placed(layer: LayerEntry): FileLayer {
  const name = nameOf(layer);
  const calls = layer.inbound_nodes.map((call) => ({ inputs: referencesIn(call) }));
  const { class_name: className, config } = layer;
  return { className, name, config, calls: calls.length === 0 ? [{ inputs: [] }] : calls };
}

/** Each layer takes what the one before it gives; the first may say itself what enters. */
function sequence(entries: readonly LayerEntry[]): FileModel {
  const layers: FileLayer[] = [];
  const [first] = entries;
  const shape = first?.config['batch_shape'] ?? first?.config['batch_input_shape'];
  if (first !== undefined && first.class_name !== 'InputLayer') {
    const config = { batch_shape: shape ?? [] };
    layers.push({ className: 'InputLayer', name: 'input', config, calls: [{ inputs: [] }] });
  }
  for (const entry of entries) {
    const before = layers.at(-1);
    const inputs = before === undefined ? [] : [callKey(before.name, 0)];
    const { class_name: className, config } = entry;
    layers.push({ className, name: nameOf(entry), config, calls: [{ inputs }] });
  }
  return { layers, output: callKey(layers.at(-1)?.name ?? '', 0) };
}

/**
 * Every `[layer, call, output]` in a value, in order: as lists of Keras 2, with or without arguments behind them, and as
 * the history of tensors of Keras 3. Iterative, since the value comes from a stranger.
 */
function referencesIn(value: Json | undefined): readonly string[] {
  const found: string[] = [];
  const open: Json[] = value === undefined ? [] : [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) {
      const [name, call, output] = next as readonly Json[];
      if (typeof name === 'string' && typeof call === 'number' && typeof output === 'number') {
        found.push(callKey(name, call));
      } else open.push(...[...(next as readonly Json[])].reverse());
    } else if (isJsonObject(next)) {
      open.push(...Object.values(next).reverse());
    }
  }
  return found;
}
