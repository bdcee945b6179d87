/** Graph models that we wrote: beside their operations they describe the nodes, from which the document is made again. */
import { z } from 'zod';
import { own } from '../../document/record';
import type { NamedTensor } from '../../formats/safetensors';
import { lossNames } from '../../losses';
import { nodeTypes } from '../../nodes';
import { isJsonObject, type JsonObject } from '../../util/json';
import { type ImportedLayer, type ImportedNetwork, type ImportNote, MAX_IMPORT_LAYERS } from '../format';
import type { ModelFile } from './model-file';

const layerSchema = z.object({
  name: z.string(),
  type: z.string(),
  params: z.custom<JsonObject>(isJsonObject),
  /** Places of earlier layers in the list. */
  inputs: z.array(z.number().int().nonnegative()),
  /** Names of tensors by the role of the weight. */
  weights: z.record(z.string(), z.string()),
});
type LayerEntry = z.infer<typeof layerSchema>;

const networkSchema = z.object({
  loss: z.enum(lossNames),
  layers: z
    .array(layerSchema)
    .max(MAX_IMPORT_LAYERS)
    .refine((layers) => layers.every(({ inputs }, index) => inputs.every((input) => input < index))),
});

export type OurNetwork = z.infer<typeof networkSchema>;

/** Undefined where the file is of others. */
export function ourNetwork({ userDefinedMetadata }: ModelFile): OurNetwork | undefined {
  const described = userDefinedMetadata && own(userDefinedMetadata, 'network');
  const parsed = networkSchema.safeParse(described);
  return parsed.success ? parsed.data : undefined;
}

export function importedNetwork(
  { loss, layers }: OurNetwork,
  tensors: readonly NamedTensor[],
): ImportedNetwork {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  return { layers: layers.map((layer, index) => imported(layer, index, byName)), training: { loss } };
}

function imported(
  { name, type, params, inputs, weights }: LayerEntry,
  index: number,
  tensors: ReadonlyMap<string, NamedTensor>,
): ImportedLayer {
  const schema = nodeTypes.get(type)?.params;
  const known = Object.entries(params).filter(([key]) => Object.hasOwn(schema ?? {}, key));
  const found = Object.entries(weights).flatMap(([role, tensor]) => {
    const { dims, values } = tensors.get(tensor) ?? {};
    return dims && values ? [{ role, dims, values }] : [];
  });
  const expected = Object.keys(weights).length;
  const notes: readonly ImportNote[] = [
    ...(schema ? [] : [{ code: 'import/layer-unknown', args: { type } } as const]),
    ...(found.length === expected
      ? []
      : [{ code: 'import/weights-misfit', args: { found: found.length, expected } } as const]),
  ];
  const node = {
    ...{ key: String(index), type, name, params: Object.fromEntries(known) },
    inputs: inputs.map(String),
    weights: found,
  };
  const outcome = schema === undefined ? 'refused' : notes.length > 0 ? 'approximated' : 'taken';
  return { name, type, outcome, notes, nodes: [node] };
}
