/** The loss in the script: src-shared/losses in Keras, on values before their last activation. */
import type { LossName } from '../../losses';
import type { TrainingSettings } from '../../training/schema';

const smoothed = (className: string) => `keras.losses.${className}(
        from_logits=True, label_smoothing=SETTINGS['labelSmoothing'], reduction=reduction
    )`;

const losses: Readonly<Record<LossName, string>> = {
  softmaxCrossEntropy: smoothed('CategoricalCrossentropy'),
  binaryCrossEntropy: smoothed('BinaryCrossentropy'),
  meanSquaredError: 'keras.losses.MeanSquaredError(reduction=reduction)',
};

/** Defines `make_loss(reduction)` and `evaluate(logits_model, images, labels)`. */
export function lossCode({ loss }: TrainingSettings): string {
  return `def make_loss(reduction):
    """Of labels as one value per class, and of what the network gives before its last activation."""
    return ${losses[loss]}


def evaluate(logits_model, images, labels):
    """Loss, accuracy and top-k accuracy over the test images, without penalties and class weights."""
    per_image = make_loss(None)
    batch_size = max(SETTINGS['batchSize'], 256)
    loss = right = among_first = 0.0
    for begin in range(0, len(labels), batch_size):
        batch = slice(begin, begin + batch_size)
        logits = logits_model.predict_on_batch(images[batch].astype('float32') / 255)
        targets = keras.utils.to_categorical(labels[batch], CLASSES)
        loss += float(np.sum(keras.ops.convert_to_numpy(per_image(targets, logits)), dtype='float64'))
        right += np.sum(np.argmax(logits, axis=1) == labels[batch])
        own = np.take_along_axis(logits, labels[batch][:, None], axis=1)
        among_first += np.sum(np.sum(logits > own, axis=1) < SETTINGS['k'])
    return loss / len(labels), right / len(labels), among_first / len(labels)`;
}
