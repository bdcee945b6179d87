// The runs behind docs/results.md: a new one is a row here.

/**
 * @typedef {object} ResultRun
 * @property {string} name asked for on the command line
 * @property {string} template
 * @property {string} dataset
 * @property {number} epochs
 * @property {string} optimizer
 * @property {number} learningRate
 * @property {number} batch
 * @property {number} seed
 * @property {string} [input] HxWxC, where it is not the template's own
 * @property {number} [images] the first so many training images after the seeded shuffle; all where absent
 */

/** The textbook's settings for its two networks. */
const textbook = { epochs: 10, optimizer: 'sgd', batch: 256, seed: 1 };

/** What a machine without a GPU can do in minutes: small images, a part of them, few epochs. */
const small = { dataset: 'fashion-mnist', epochs: 3, optimizer: 'adam', batch: 64, seed: 1 };

/** @type {readonly ResultRun[]} */
export const runs = [
  {
    name: 'lenet-first-epoch',
    template: 'lenet',
    dataset: 'mnist',
    epochs: 1,
    optimizer: 'adam',
    learningRate: 0.003,
    batch: 64,
    seed: 1,
  },
  { name: 'lenet', template: 'lenet', dataset: 'fashion-mnist', learningRate: 0.9, ...textbook },
  { name: 'lenet-bn', template: 'lenet-bn', dataset: 'fashion-mnist', learningRate: 1, ...textbook },
  { name: 'lenet-mnist', template: 'lenet', dataset: 'mnist', learningRate: 0.9, ...textbook },
  { name: 'lenet-bn-mnist', template: 'lenet-bn', dataset: 'mnist', learningRate: 1, ...textbook },
  { name: 'alexnet', template: 'alexnet', input: '96x96x1', images: 10000, learningRate: 0.0003, ...small },
  { name: 'vgg-11', template: 'vgg-11', input: '32x32x1', images: 10000, learningRate: 0.0003, ...small },
  {
    name: 'nin',
    template: 'nin',
    input: '96x96x1',
    images: 20000,
    learningRate: 0.001,
    ...small,
    // Its loss leaves the plateau of chance late.
    epochs: 6,
  },
  {
    name: 'googlenet',
    template: 'googlenet',
    input: '32x32x1',
    images: 20000,
    learningRate: 0.001,
    ...small,
  },
  {
    name: 'resnet-18',
    template: 'resnet-18',
    input: '32x32x1',
    images: 20000,
    learningRate: 0.001,
    ...small,
  },
  { name: 'densenet', template: 'densenet', input: '32x32x1', images: 20000, learningRate: 0.001, ...small },
];
