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
];
