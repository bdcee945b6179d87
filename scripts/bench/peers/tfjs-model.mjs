// A tfjs-layers model from the list of layers of one of our networks, by the functional API.

/**
 * @typedef {object} Layer
 * @property {string} id
 * @property {string} type as Keras calls it
 * @property {any} params complete, as the document names them
 * @property {readonly string[]} inputs ids of the layers that feed it
 *
 * @typedef {Pick<typeof import('@tensorflow/tfjs-node'), 'layers' | 'input' | 'model'>} Tf
 * @typedef {import('@tensorflow/tfjs-node').SymbolicTensor} Symbolic
 * @typedef {import('@tensorflow/tfjs-node').layers.Layer} TfLayer
 */

/** Layers as tfjs has them: one of ours may be two of its own.
 * @param {Tf} tf @returns {Record<string, (params: any) => TfLayer[]>} */
function makers({ layers }) {
  return {
    Conv2D: ({ filters, kernelSize, strides, padding, useBias }) => {
      const [pads, mode] = padded(layers, padding);
      return [...pads, layers.conv2d({ filters, kernelSize, strides, useBias, padding: mode })];
    },
    MaxPooling2D: ({ poolSize, strides, padding }) => {
      // Zeros are exact: every padded pooling of these networks comes after a ReLU.
      const [pads, mode] = padded(layers, padding);
      return [...pads, layers.maxPooling2d({ poolSize, strides, padding: mode })];
    },
    AveragePooling2D: ({ poolSize, strides, padding }) => {
      const [pads, mode] = padded(layers, padding);
      return [...pads, layers.averagePooling2d({ poolSize, strides, padding: mode })];
    },
    GlobalAveragePooling2D: () => [layers.globalAveragePooling2d({})],
    BatchNormalization: ({ momentum, epsilon }) => [layers.batchNormalization({ momentum, epsilon })],
    Activation: ({ activation }) => [layers.activation({ activation })],
    Dense: ({ units, useBias }) => [layers.dense({ units, useBias })],
    Dropout: ({ rate }) => [layers.dropout({ rate })],
    Flatten: () => [layers.flatten()],
    Add: () => [layers.add()],
    Concatenate: () => [layers.concatenate()],
    // The other frameworks compute the loss from logits; tfjs-layers has that only behind a softmax.
    Output: () => [layers.activation({ activation: 'softmax' })],
  };
}

/** tfjs pads by `same` or `valid`; explicit pixels are a layer of their own.
 * @param {Tf['layers']} layers @param {any} padding @returns {[TfLayer[], 'same' | 'valid']} */
function padded(layers, padding) {
  if (typeof padding === 'string') return [[], padding === 'same' ? 'same' : 'valid'];
  const { top, bottom, left, right } = padding;
  const sides = /** @type {[[number, number], [number, number]]} */ ([
    [top, bottom],
    [left, right],
  ]);
  return [[layers.zeroPadding2d({ padding: sides })], 'valid'];
}

/** @param {Tf} tf @param {readonly Layer[]} list every layer after those that feed it */
export function modelOf(tf, list) {
  const known = makers(tf);
  /** @type {Map<string, Symbolic>} */
  const values = new Map();
  /** @type {Symbolic | undefined} */
  let input;
  /** @type {Symbolic | undefined} */
  let output;
  for (const { id, type, params, inputs } of list) {
    if (type === 'Input') {
      input = output = tf.input({ shape: params.shape });
      values.set(id, output);
      continue;
    }
    const make = known[type];
    if (!make) throw new Error(`tfjs-layers is not asked for ${type}`);
    const fed = inputs.map((each) => /** @type {Symbolic} */ (values.get(each)));
    const [first, ...others] = fed;
    /** @type {any} tfjs layers take one tensor or several, and give as they take */
    let value = others.length === 0 ? first : fed;
    for (const layer of make(params)) value = layer.apply(value);
    output = value;
    values.set(id, value);
  }
  if (!input || !output) throw new Error('the network has no input or no output');
  return tf.model({ inputs: input, outputs: output });
}
