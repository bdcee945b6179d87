/** Arguments of Keras layers as Python; those that Keras has anyway can be left out. */
import { own } from '../../document/record';
import { invariant } from '../../util/assert';
import { isJsonObject, type Json, type JsonObject } from '../../util/json';
import type { KerasLayer } from '../keras/network';
import { pythonValue } from '../python/syntax';

/** A value that calls of one function may differ in. */
export interface Argument {
  readonly keyword: string;
  /** As Python. */
  readonly text: string;
  /** Keras has it without being told. */
  readonly isDefault: boolean;
}

/** Keras's own defaults, of every class that has the argument. */
const defaults: JsonObject = {
  data_format: 'channels_last',
  dilation_rate: [1, 1],
  use_bias: true,
  depth_multiplier: 1,
  crop_to_aspect_ratio: false,
  trainable: true,
};

/** And where another class has another one. */
const classDefaults: Readonly<Record<string, JsonObject | undefined>> = {
  Conv2D: { strides: [1, 1], padding: 'valid', groups: 1, activation: 'linear' },
  DepthwiseConv2D: { strides: [1, 1], padding: 'valid', activation: 'linear' },
  SeparableConv2D: { strides: [1, 1], padding: 'valid', activation: 'linear' },
  Conv2DTranspose: { strides: [1, 1], padding: 'valid', activation: 'linear' },
  Dense: { activation: 'linear' },
  BatchNormalization: { axis: -1 },
  GroupNormalization: { axis: -1 },
  LayerNormalization: { axis: -1 },
  Softmax: { axis: -1 },
  Concatenate: { axis: -1 },
  PReLU: { shared_axes: null },
};

/** What a reader looks for first. */
const leading = ['units', 'filters', 'kernel_size', 'pool_size', 'strides', 'padding'];

/** With `trainable` where the layer has weights. */
export function argumentsOf({ className, config, isTrainable }: KerasLayer): readonly Argument[] {
  const all = isTrainable === undefined ? config : { ...config, trainable: isTrainable };
  const place = (keyword: string) => {
    const index = leading.indexOf(keyword);
    return index < 0 ? leading.length : index;
  };
  return Object.entries(all)
    .sort(([a], [b]) => place(a) - place(b))
    .map(([keyword, value]) => ({
      keyword,
      text: isJsonObject(value) ? objectText(value) : pythonValue(value),
      isDefault: isDefault(className, keyword, value),
    }));
}

function isDefault(className: string, keyword: string, value: Json): boolean {
  if (keyword.endsWith('_regularizer')) return value === null;
  if (keyword.endsWith('_initializer')) return isJsonObject(value) && value['class_name'] === 'GlorotUniform';
  const expected = own(own(classDefaults, className) ?? {}, keyword) ?? own(defaults, keyword);
  return expected !== undefined && JSON.stringify(expected) === JSON.stringify(value);
}

/** An initializer or regularizer, as its serialisation names it. */
function objectText({ module, class_name: className, config }: JsonObject): string {
  const args = isJsonObject(config)
    ? Object.entries(config).map(([key, value]) => `${key}=${pythonValue(value)}`)
    : [];
  invariant(typeof module === 'string' && typeof className === 'string', 'an object without its class');
  return `${module}.${className}(${args.join(', ')})`;
}
