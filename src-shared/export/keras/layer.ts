/** Keras layers as data: what the .keras, .h5 and TensorFlow.js writers and the training script render. */
import type { InitializerName } from '../../ir/initializers';
import type { Shape } from '../../ir/types';
import type { WeightRole } from '../../ir/weights';
import type { JsonObject } from '../../util/json';
import type { ExportLayer } from '../model';
import type { SupportIssue } from '../target';

/** One layer that stands for a node, or for a part of it. */
export interface KerasStage {
  /** In `keras.layers`. */
  readonly className: string;
  /** Arguments of the constructor under Keras 3's names, without `name`, `trainable` and `dtype`. */
  readonly config: JsonObject;
  /** Roles of its weights in the order in which Keras keeps them. */
  readonly weights?: readonly WeightRole[];
  /** Of one sample; absent for the last layer of a node, which gives what the node gives. */
  readonly outputShape?: Shape;
  /** Behind the node's name where the node takes several layers; absent for the one that bears the name itself. */
  readonly suffix?: string;
}

/** The layers that stand for a node, one after another, or why there are none that do the same. */
export type KerasStages =
  | { readonly ok: true; readonly stages: readonly [KerasStage, ...KerasStage[]] }
  | { readonly ok: false; readonly issue: SupportIssue };

export type Translate = (layer: ExportLayer, context: TranslateContext) => KerasStages;

/** What a layer knows of the ones before it. */
export interface TranslateContext {
  /** Whether no value that comes in is negative, so that zeros may pad a maximum. */
  readonly isNonNegative: boolean;
}

export function stages(...list: readonly [KerasStage, ...KerasStage[]]): KerasStages {
  return { ok: true, stages: list };
}

export function unsupported(param: string, value: string): KerasStages {
  const args = { target: 'Keras', param, value };
  return { ok: false, issue: { code: 'export/param-unsupported', args, param } };
}

/** An object of Keras as its own serialisation writes it. */
export function kerasObject(module: string, className: string, config: JsonObject): JsonObject {
  return { module, class_name: className, config, registered_name: null };
}

export const initializerClasses: Readonly<Record<InitializerName, string>> = {
  glorotUniform: 'GlorotUniform',
  glorotNormal: 'GlorotNormal',
  heUniform: 'HeUniform',
  heNormal: 'HeNormal',
  normal: 'RandomNormal',
  zeros: 'Zeros',
  ones: 'Ones',
};

interface KernelParams {
  readonly kernelInitializer: InitializerName | 'custom';
  readonly kernelStandardDeviation: number;
  readonly kernelRegularizerL1: number;
  readonly kernelRegularizerL2: number;
}

/**
 * How a kernel starts and what keeps it small, under the name that Keras has for that kernel. A kernel that was typed in
 * has no class there; the file holds its values, and Keras's default stands for the rest.
 */
export function kernelConfig(
  { kernelInitializer: name, kernelStandardDeviation: stddev, ...params }: KernelParams,
  kernel: 'kernel' | 'depthwise' | 'pointwise' = 'kernel',
): JsonObject {
  const { kernelRegularizerL1: l1, kernelRegularizerL2: l2 } = params;
  const className = initializerClasses[name === 'custom' ? 'glorotUniform' : name];
  const config: JsonObject = name === 'normal' ? { mean: 0, stddev } : {};
  const penalty = l1 === 0 && l2 === 0 ? null : kerasObject('keras.regularizers', 'L1L2', { l1, l2 });
  return {
    [`${kernel}_initializer`]: kerasObject('keras.initializers', className, config),
    [`${kernel}_regularizer`]: penalty,
  };
}
