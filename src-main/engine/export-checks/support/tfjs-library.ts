/** TensorFlow.js with its backend of plain JavaScript. Its check alone imports it, and is loaded when it is asked for. */
import { enableProdMode, io, ready, setBackend, Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { invariant } from '@shared/util/assert';

/** One preprocessed image to what the model says of its classes. */
export type Predict = (image: Float32Array) => Promise<Float32Array>;

export interface ModelToLoad {
  /** Contents of model.json. */
  readonly json: io.ModelJSON;
  /** All shards one after another. */
  readonly weights: ArrayBuffer;
  /** Of an image: `[height, width, channels]`. */
  readonly shape: readonly number[];
}

/** As far as it is told apart from other JSON here; TensorFlow.js says what else is wrong with it. */
export function isModelJson(value: unknown): value is io.ModelJSON {
  return (
    typeof value === 'object' && value !== null && 'modelTopology' in value && 'weightsManifest' in value
  );
}

/** Throws what TensorFlow.js throws. */
export async function loadModel({ json, weights, shape }: ModelToLoad): Promise<Predict> {
  // It would advise on the console to install a faster backend.
  enableProdMode();
  await setBackend('cpu');
  await ready();
  const handler = {
    load: () =>
      io.getModelArtifactsForJSON(json, (manifest) =>
        Promise.resolve([io.getWeightSpecs(manifest), weights]),
      ),
  };
  const model =
    json.format === 'graph-model' ? await loadGraphModel(handler) : await loadLayersModel(handler);
  return async (image) => {
    const answer = tidy(() => model.predict(tensor(image, [1, ...shape], 'float32')));
    invariant(answer instanceof Tensor, 'the model has several outputs');
    const values = await answer.data<'float32'>();
    answer.dispose();
    return values;
  };
}
