/** The description of a network as Keras 2 writes it: for .h5 files, and for TensorFlow.js, whose layers read the same. */
import { isJsonObject, type Json, type JsonObject } from '../../util/json';
import type { KerasLayer, KerasNetwork } from './network';

/** What Keras says of itself in files of this form; readers of Keras 1 files are left out by it. */
export const legacyVersions = { keras_version: '2.11.0', backend: 'tensorflow' };

/** `name` must be fit for the format. */
export function legacyConfig(name: string, { layers, input, output }: KerasNetwork): JsonObject {
  return {
    class_name: 'Functional',
    config: {
      name,
      trainable: true,
      layers: layers.map(layerConfig),
      input_layers: [[input, 0, 0]],
      output_layers: [[output, 0, 0]],
    },
  };
}

function layerConfig({ className, name, config, isTrainable, inputs }: KerasLayer): JsonObject {
  const isInput = className === 'InputLayer';
  return {
    class_name: className,
    name,
    config: {
      name,
      ...(isTrainable !== undefined && { trainable: isTrainable }),
      dtype: 'float32',
      ...olderConfig(config),
    },
    inbound_nodes: isInput ? [] : [inputs.map((input) => [input, 0, 0, {}])],
  };
}

/** Argument names of Keras 2 that Keras 3 changed but still takes. */
const olderNames: Readonly<Record<string, string | undefined>> = {
  batch_shape: 'batch_input_shape',
  negative_slope: 'alpha',
};

function olderConfig(config: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [olderNames[key] ?? key, olderValue(value)]),
  );
}

/** Objects are named by their class alone. */
function olderValue(value: Json): Json {
  if (!isJsonObject(value)) return value;
  const { class_name: className, config } = value;
  return className === undefined || config === undefined ? value : { class_name: className, config };
}
