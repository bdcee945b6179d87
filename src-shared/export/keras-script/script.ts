/** The whole script: settings, data, network, training, in the order in which a reader needs them. */
import { analyse } from '../../compile/analyse';
import conv2d from '../../nodes/convolution/conv2d';
import { kernelLiteral } from '../../nodes/kernel-values';
import { elementsPerSample } from '../../ir/shape';
import { required } from '../../util/assert';
import { topKOf } from '../../losses/objective';
import type { KerasNetwork } from '../keras/network';
import { type ExportInput, type ExportModel, paramsAs } from '../model';
import { docText, indented, numberLines, pythonValue } from '../python/syntax';
import { augmentationCode } from './augmentation-code';
import { type DataCode, dataCode } from './data-code';
import { loopCode } from './loop-code';
import { lossCode } from './loss-code';
import { modelCode } from './model-code';
import { optimizerCode, scheduleCode } from './optimizer-code';
import { policyOf, precisionText } from './precision-code';

/** Functions of the script, whose names blocks must not take. */
const names = [
  ...['build_model', 'set_kernels', 'prepare', 'placements', 'move', 'turn'],
  ...['make_optimizer', 'is_kernel', 'learning_rate_at', 'make_loss', 'evaluate', 'train', 'main', 'tell'],
  ...['start_record', 'figures_of', 'save', 'parse_arguments', 'argparse', 'json', 'math', 'os'],
  ...['sys', 'time', 'Path'],
];

export function scriptCode(input: ExportInput, network: KerasNetwork): string {
  const { model } = input;
  const { settings } = model;
  const data = dataCode(model);
  const kernels = kernelsCode(model, network);
  const parts = [
    head(input, data),
    settingsCode(input),
    data.code,
    augmentationCode(settings),
    modelCode(model, network, [...names, ...namesIn(data)]),
    ...(kernels === undefined ? [] : [kernels]),
    lossCode(settings),
    optimizerCode(settings),
    scheduleCode(settings),
    loopCode({
      hasTypedKernels: kernels !== undefined,
      hasClassWeights: settings.classWeights.length > 0,
      hasTopK: topKOf(settings, model.classes) !== undefined,
      policy: policyOf(settings.precision),
    }),
  ];
  return `${parts.join('\n\n\n')}\n`;
}

/** What the code of the data defines and imports. */
function namesIn({ code, imports, packages }: DataCode): readonly string[] {
  const defined = [...code.matchAll(/^(?:def |class )?(\w+)/gm)].map(([, name]) => name ?? '');
  const imported = packages.map((line) => line.split(' ').at(-1) ?? '');
  return [...defined, ...imports.map((name) => name.split('.')[0] ?? ''), ...imported];
}

function head(
  { model, fileName, layerloomVersion }: ExportInput,
  { folder, imports, packages, needs }: DataCode,
): string {
  const modules = ['argparse', ...imports, 'json', 'math', 'os', 'sys', 'time'];
  return `"""${docText(model.name)}: a network and its training in Keras 3, written by Layerloom ${layerloomVersion}.

    python ${docText(fileName)} --data FOLDER

FOLDER holds ${folder}.
Every line of the output is a JSON object, the same as those of 'layerloom train --json'. After each epoch the
network is kept in the file that --output names, as .keras or .weights.h5, which Layerloom imports. --weights
begins with those of such a file.

Needs ${['NumPy', ...needs].join(', ')} and Keras 3 on TensorFlow, PyTorch or JAX; KERAS_BACKEND says on which. Random numbers are NumPy's
and Keras's: figures agree with Layerloom's in kind, not digit by digit. Keras's batch normalisation keeps the
biased variance of batches, Layerloom's the unbiased one.${precisionText(model.settings.precision)}
"""

${modules
  .sort()
  .map((name) => `import ${name}`)
  .join('\n')}
from pathlib import Path

import keras
import numpy as np
${['from keras import layers', ...packages].join('\n')}

keras.config.set_image_data_format('channels_last')`;
}

function settingsCode({ model, document }: ExportInput): string {
  const { settings, classes, data } = model;
  // A folder by its name alone: where it lies is another machine's matter.
  const entries = Object.entries({ ...settings, dataset: data.dataset }).map(([key, value]) => {
    const written = typeof value === 'object' ? `[${value.join(', ')}]` : pythonValue(value);
    return `${pythonValue(key)}: ${written},`;
  });
  const minimum = analyse(document).minimumBatch.size;
  return [
    '# The training settings of the document; every run tells them in its first line.',
    'SETTINGS = {',
    ...indented(entries),
    '}',
    `CLASSES = ${classes}`,
    'CLASS_NAMES = [',
    ...indented(data.classNames.map((name) => `${pythonValue(name)},`)),
    ']',
    ...(minimum > 1
      ? ['# Batch normalisation of single values needs more than one image.', `MINIMUM_BATCH = ${minimum}`]
      : ['MINIMUM_BATCH = 1']),
  ].join('\n');
}

/** Kernels that were typed in, which no initializer of Keras makes; undefined where there are none. */
function kernelsCode(model: ExportModel, { layers }: KerasNetwork): string | undefined {
  const typed = model.layers.flatMap((layer) => {
    if (layer.type !== conv2d.type) return [];
    const { kernelInitializer, kernelValues } = paramsAs(conv2d, layer);
    const name = layers.find((each) => each.node === layer.path && each.className === conv2d.type)?.name;
    const kernel = layer.weights.find(({ role }) => role === 'kernel');
    if (kernelInitializer !== 'custom' || name === undefined || kernel === undefined) return [];
    const { dims, values } = kernelLiteral(kernelValues);
    const numbers = Array.from({ length: elementsPerSample(dims) }, (_, i) => required(values[i], 'a value'));
    return [
      'values = [',
      ...indented(numberLines(numbers)),
      ']',
      `kernel = np.array(values, 'float32').reshape(${pythonValue([...dims])})`,
      `layer = model.get_layer(${pythonValue(name)})`,
      'layer.kernel.assign(np.broadcast_to(kernel, layer.kernel.shape))',
    ];
  });
  if (typed.length === 0) return undefined;
  return ['def set_kernels(model):', '    """The kernels that were typed in."""', ...indented(typed)].join(
    '\n',
  );
}
