/** The training settings of Dive into Deep Learning, chapters 6 and 7: plain SGD on Fashion-MNIST for ten epochs. */

export interface TextbookSettings {
  readonly learningRate: number;
  readonly batchSize: number;
  /** The book divides VGG's channels, to keep it small. */
  readonly widthDivisor?: number;
}

/** By template; those that the book does not train are left out. */
export const textbookSettings: Readonly<Record<string, TextbookSettings>> = {
  lenet: { learningRate: 0.9, batchSize: 256 },
  'lenet-bn': { learningRate: 1, batchSize: 256 },
  alexnet: { learningRate: 0.01, batchSize: 128 },
  'vgg-11': { learningRate: 0.05, batchSize: 128, widthDivisor: 4 },
  nin: { learningRate: 0.1, batchSize: 128 },
  googlenet: { learningRate: 0.1, batchSize: 128 },
  'resnet-18': { learningRate: 0.05, batchSize: 256 },
  densenet: { learningRate: 0.1, batchSize: 256 },
};

/** What the book's networks have in common. */
export const textbookCommon = { dataset: 'fashion-mnist', epochs: 10, optimizer: 'sgd' } as const;
