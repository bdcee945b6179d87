/** What the entries of the table give: nodes one after another that stand for a Keras layer. */
import { own } from '../../document/record';
import { type InitializerName, initializerNames } from '../../ir/initializers';
import { initializerClasses } from '../../export/keras/layer';
import type { Json, JsonObject } from '../../util/json';
import type { ConfigReader } from './config-reader';
import { objectOf } from './config-reader';

/** A node of a chain; the first takes what enters the layer. */
export interface Link {
  readonly type: string;
  readonly params: JsonObject;
  /** Of its weights in the order in which Keras keeps them. */
  readonly roles?: readonly string[];
  /** Weights that Keras does not have, filled with one value each, as long as the one named. */
  readonly constants?: readonly { readonly role: string; readonly value: number; readonly like: string }[];
  /** Behind the layer's name; absent for the node that bears the name itself. */
  readonly suffix?: string;
}

/** Empty where the layer does nothing at inference. */
export type Chain = readonly Link[];

/** Our names of Keras's activations. */
const activationNames: Readonly<Record<string, string>> = {
  relu: 'relu',
  ReLU: 'relu',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  silu: 'silu',
  swish: 'silu',
  gelu: 'gelu',
};

/** The node of an activation, or none for the identity; `slope` is that of its default leak. */
export function activationChain(reader: ConfigReader, key: string, suffix: boolean): Chain {
  const value = reader.get(key);
  const { className: name, config } = objectOf(value);
  if (value === undefined || value === null || name === 'linear') return [];
  const behind = suffix ? { suffix: name } : {};
  if (name === 'softmax' || name === 'Softmax') return [{ type: 'Softmax', params: {}, ...behind }];
  if (name === 'leaky_relu' || name === 'LeakyReLU') {
    const slope = config['negative_slope'] ?? config['alpha'] ?? DEFAULT_LEAK;
    return [{ type: 'Activation', params: { activation: 'leakyRelu', negativeSlope: slope }, ...behind }];
  }
  const known = own(activationNames, name);
  if (known === undefined) return reader.refuse(key);
  return [{ type: 'Activation', params: { activation: known }, ...behind }];
}
/** Of keras.activations.leaky_relu. */
const DEFAULT_LEAK = 0.2;

const initializers = new Map<string, InitializerName>(
  initializerNames.flatMap((name) => {
    const className = initializerClasses[name];
    const snake = className.replace(/(?<=[a-z])([A-Z])/g, '_$1').toLowerCase();
    return [
      [className, name],
      [snake, name],
    ];
  }),
);

/** How a kernel starts, and what keeps it small; what we do not have is left out and said. */
export function kernelParams(reader: ConfigReader, kernel = 'kernel'): JsonObject {
  const started = initializerParams(reader, `${kernel}_initializer`);
  const { l1, l2 } = penalties(reader, `${kernel}_regularizer`);
  for (const key of [`${kernel}_constraint`, 'bias_constraint', 'bias_regularizer', 'activity_regularizer']) {
    if ((reader.get(key) ?? null) !== null) reader.leaveOut(key);
  }
  return {
    ...started,
    ...(l1 !== 0 && { kernelRegularizerL1: l1 }),
    ...(l2 !== 0 && { kernelRegularizerL2: l2 }),
    ...(reader.boolean('trainable', true) ? {} : { isTrainable: false }),
  };
}

function initializerParams(reader: ConfigReader, key: string): JsonObject {
  const value = reader.get(key);
  if (value === undefined || value === null) return {};
  const { className, config } = objectOf(value);
  const name = initializers.get(className) ?? scaledInitializer(className, config);
  if (name === undefined) {
    reader.leaveOut(key);
    return {};
  }
  if (name !== 'normal') return { kernelInitializer: name };
  const { mean, stddev } = config;
  if (typeof stddev !== 'number' || (mean !== undefined && mean !== 0)) {
    reader.leaveOut(key);
    return {};
  }
  return { kernelInitializer: name, kernelStandardDeviation: stddev };
}

/** TensorFlow.js and some of Keras write four initialisers as the class that they derive from. */
function scaledInitializer(className: string, config: JsonObject): InitializerName | undefined {
  if (className !== 'VarianceScaling') return undefined;
  const { scale, mode, distribution } = config;
  const isUniform = distribution === 'uniform';
  if (!isUniform && distribution !== 'normal' && distribution !== 'truncated_normal') return undefined;
  if (scale === 1 && mode === 'fan_avg') return isUniform ? 'glorotUniform' : 'glorotNormal';
  if (scale === 2 && mode === 'fan_in') return isUniform ? 'heUniform' : 'heNormal';
  return undefined;
}

function penalties(reader: ConfigReader, key: string): { readonly l1: number; readonly l2: number } {
  const none = { l1: 0, l2: 0 };
  const value = reader.get(key);
  if (value === undefined || value === null) return none;
  const { className, config } = objectOf(value);
  const of = (name: 'l1' | 'l2'): number => {
    const given: Json | undefined = config[name];
    return typeof given === 'number' ? given : 0;
  };
  if (['L1L2', 'L1', 'L2'].includes(className)) return { l1: of('l1'), l2: of('l2') };
  reader.leaveOut(key);
  return none;
}
