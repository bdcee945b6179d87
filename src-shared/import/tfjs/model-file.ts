/** What stands in a model.json of TensorFlow.js, as far as it is read here. */
import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../util/json';

const jsonObject = z.custom<JsonObject>(isJsonObject);
const size = z.number().int().nonnegative();

const quantizationSchema = z.object({
  dtype: z.string(),
  scale: z.number().optional(),
  min: z.number().optional(),
});

const tensorSchema = z.object({
  name: z.string(),
  shape: z.array(size).max(16),
  dtype: z.string(),
  quantization: quantizationSchema.optional(),
});

const groupSchema = z.object({ paths: z.array(z.string()), weights: z.array(tensorSchema) });

/** Both kinds of models; which one it is, the topology tells: `format` is missing in older files. */
export const modelFileSchema = z.object({
  modelTopology: jsonObject,
  weightsManifest: z.array(groupSchema).default([]),
  generatedBy: z.string().nullish(),
  userDefinedMetadata: jsonObject.nullish(),
});

export type TensorEntry = z.infer<typeof tensorSchema>;
export type WeightGroup = z.infer<typeof groupSchema>;
export type ModelFile = z.infer<typeof modelFileSchema>;
