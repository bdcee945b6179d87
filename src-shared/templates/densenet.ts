/** DenseNet (Huang et al., 2016) as in Dive into Deep Learning 7.7: four dense blocks of four layers, growth 32. */
import { activation, dense, globalPool, norm, output, stem } from './layers';
import { defineTemplate, type LayerSpec } from './template';

const LAYERS = 4;
const GROWTH = 32;
const BLOCKS = 4;

/** A dense block, and between two of them a transition that halves image and channels. */
function stages(): readonly (readonly LayerSpec[])[] {
  let channels = 64;
  return Array.from({ length: BLOCKS }, (_, i) => {
    const block: LayerSpec = {
      type: 'DenseBlock',
      name: `dense_block${i + 1}`,
      params: { layers: LAYERS, growthRate: GROWTH },
    };
    channels += LAYERS * GROWTH;
    if (i + 1 === BLOCKS) return [block];
    channels /= 2;
    return [block, { type: 'TransitionLayer', name: `transition${i + 1}`, params: { filters: channels } }];
  });
}

export const densenet = defineTemplate({
  id: 'densenet',
  title: { en: 'DenseNet', 'zh-CN': 'DenseNet' },
  doc: {
    en: 'Dense blocks, in which every layer sees the channels of all layers before it.',
    'zh-CN': '稠密块：每一层都能看到之前所有层的通道。',
  },
  input: [96, 96, 1],
  training: { epochs: 5, batchSize: 64, optimizer: 'adam', learningRate: 0.001 },
  layers: ({ input, classes }) => [
    stem(input, true),
    ...stages(),
    [norm('norm'), activation('relu', 'relu'), globalPool, dense('dense', classes), output],
  ],
});
