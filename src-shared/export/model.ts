/** What exporters are handed: the network as it is, with everything resolved and parsed, and nothing of the canvas. */
import type { GraphDocument } from '../document/types';
import type { Dims, Shape } from '../ir/types';
import type { WeightRole } from '../ir/weights';
import type { EpochRecord } from '../ipc/engine.contract';
import type { CompositeDefinition, LayerDefinition } from '../nodes/define';
import type { ParamSchema, ParamsOf } from '../params/field';
import { parseParams } from '../params/fields';
import type { StepRecord } from '../run/metrics';
import type { RunRecord } from '../run/record';
import type { Locale } from '../texts/text';
import type { TrainingSettings } from '../training/settings';
import { invariant } from '../util/assert';

/** A weight by our own name, in Keras's layout: `conv2d_1/kernel`, `residual_block_1/conv1/kernel`. */
export interface ExportWeight {
  readonly name: string;
  readonly role: WeightRole;
  readonly dims: Dims;
  /** False for moving statistics, and for nodes that the user froze. */
  readonly isTrainable: boolean;
}

/** What feeds a port, as seen among the nodes beside it: another of them, or an input port of the block around. */
export type LocalSource =
  { readonly kind: 'node'; readonly id: string } | { readonly kind: 'port'; readonly port: string };

export interface ExportWire {
  readonly port: string;
  /** Within its own level: for writers that keep blocks. */
  readonly source: LocalSource;
  /** Path of the layer whose value arrives: for writers that have layers only. */
  readonly layer: string;
}

interface ExportNodeBase {
  /** Unique in its level: `conv2d_1`, `conv1`, `conv1.2` in a repetition. */
  readonly id: string;
  /** Unique in the model: `conv2d_1`, `residual_block_1/conv1`. */
  readonly path: string;
  /** Keras's class name, or that of one of our blocks. */
  readonly type: string;
  /** What the user calls it, unique in the model: free text, which may hold quotes, line breaks and code. */
  readonly name: string;
  /** What it is called in its own level: the same, or for parts of blocks their name there. */
  readonly localName: string;
  /** Parsed; `paramsAs` gives them the types of a definition. */
  readonly params: ParamsOf<ParamSchema>;
  /** In port order: that of the operands of Concatenate. */
  readonly inputs: readonly ExportWire[];
  readonly inputShapes: readonly Shape[];
  /** Of one sample, channels last. */
  readonly outputShape: Shape;
}

export interface ExportLayer extends ExportNodeBase {
  readonly kind: 'layer';
  readonly definition: LayerDefinition;
  readonly weights: readonly ExportWeight[];
}

/** A node of nodes; its weights are those of its layers. */
export interface ExportBlock extends ExportNodeBase {
  readonly kind: 'block';
  readonly definition: CompositeDefinition;
  /** In an order in which every input comes first. */
  readonly nodes: readonly ExportNode[];
  /** Id of the node among them whose value is the block's. */
  readonly output: string;
}

export type ExportNode = ExportLayer | ExportBlock;

/** One thing that is done to the bytes of an image before the network sees them. */
export type PreprocessingStep =
  /** Every value is multiplied by it: 1 / 255. */
  { readonly kind: 'scale'; readonly factor: number };

export interface ExportData {
  /** Id of the data set that the document names, or the name of its image folder. */
  readonly dataset: string;
  /** Of the classes in the order of the outputs; numbers where the data set has another count of them. */
  readonly classNames: readonly string[];
  /**
   * From bytes to what the exported network takes. Exports do not contain these steps: they take the result, float32
   * images, and say so.
   */
  readonly preprocessing: readonly PreprocessingStep[];
}

export interface ExportModel {
  /** Name of the document, without extension: free text. */
  readonly name: string;
  /** The nodes that lead to the Output, in an order in which every input comes first; Input and Output are among them. */
  readonly nodes: readonly ExportNode[];
  /** The same with the layers of blocks in their place. */
  readonly layers: readonly ExportLayer[];
  readonly input: ExportLayer;
  readonly output: ExportLayer;
  /** Values that the network gives for a sample. */
  readonly classes: number;
  /** What makes predictions of these values: `docs/losses.md`. */
  readonly outputActivation: 'softmax' | 'sigmoid' | 'identity';
  readonly data: ExportData;
  readonly settings: TrainingSettings;
}

/** Values of a weight, in the order of its dims. */
export interface WeightValues {
  readonly dims: Dims;
  readonly values: Float32Array;
}

/** Where the weights come from. */
export type ExportOrigin =
  | { readonly kind: 'initial'; readonly seed: number }
  | {
      readonly kind: 'run';
      /** Of the checkpoint. */
      readonly epochs: number;
      readonly steps: number;
      /** Absent where the folder has none that can be read. */
      readonly record?: RunRecord;
      /** Epochs of the run up to the checkpoint. */
      readonly history: readonly EpochRecord[];
      /** Every step of the run, for targets that ask for runs. */
      readonly stepHistory?: readonly StepRecord[];
    };

interface InputBase {
  readonly document: GraphDocument;
  /** File or folder name that the user chose, without its folder: `lenet.onnx`. */
  readonly fileName: string;
  /** For texts that a person reads; code and metadata are English. */
  readonly locale: Locale;
  readonly layerloomVersion: string;
}

export interface DrawingInput extends InputBase {
  /** What the document is called, without extension. */
  readonly name: string;
  /** Ids of the nodes that are to be shown; absent for all. */
  readonly selection?: readonly string[];
}

/** Everything that an exporter may use. */
export interface ExportInput extends InputBase {
  readonly model: ExportModel;
  /** By name, in the model's order; empty for targets that need none. Optimiser slots are left out. */
  readonly weights: ReadonlyMap<string, WeightValues>;
  readonly origin: ExportOrigin;
}

/** The parameters of a layer under the types of its definition: `paramsAs(conv2d, layer).filters`. */
export function paramsAs<S extends ParamSchema>(
  definition: { readonly type: string; readonly params: S },
  layer: ExportNode,
): ParamsOf<S> {
  invariant(definition.type === layer.type, `${layer.path} is no ${definition.type}`);
  return parseParams(definition.params, layer.params).values;
}

/** What the exported network takes, as one English sentence for metadata and comments. */
export function describeInput(
  { input, data }: ExportModel,
  layout: 'channels last' | 'channels first' = 'channels last',
): string {
  const steps = data.preprocessing.map(({ factor }) => `times ${factor === 1 / 255 ? '1/255' : factor}`);
  const [height = 1, width = 1, channels = 1] = input.outputShape;
  const size =
    layout === 'channels last'
      ? `${height}x${width}x${channels} (height x width x channels)`
      : `${channels}x${height}x${width} (channels x height x width)`;
  return `float32 images of ${size}, bytes 0..255 ${steps.join(', then ')}`;
}

/** Bytes of images as the exported network takes them. */
export function preprocess(steps: readonly PreprocessingStep[], pixels: Uint8Array): Float32Array {
  const values = Float32Array.from(pixels);
  // In float32 at every step, as the session does it.
  for (const { factor } of steps) {
    const rounded = Math.fround(factor);
    values.forEach((value, index) => (values[index] = value * rounded));
  }
  return values;
}
