"""One training step and whole epochs in Keras."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
import tensorflow as tf

from images import random_batch, training_images
from keras_networks import keras_network
from measuring import measure_epochs, measure_steps, report
from networks import SIZES

LEARNING_RATE = 0.01
SHUFFLE_BUFFER = 10_000


def compiled(args, metrics=(), augmentation=()) -> keras.Model:
    if args.precision == "bf16":
        keras.mixed_precision.set_global_policy("mixed_bfloat16")
    model = keras_network(args.network, augmentation)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(LEARNING_RATE), loss, metrics=list(metrics), jit_compile=False)
    return model


def trainable_parameters(model: keras.Model) -> int:
    return sum(int(np.prod(variable.shape)) for variable in model.trainable_variables)


def run_steps(args) -> None:
    model = compiled(args)
    batch = [tf.constant(values) for values in random_batch(args.batch, SIZES[args.network])]
    others = [tf.constant(values) for values in random_batch(args.inference_batch, SIZES[args.network])]
    figures = measure_steps(
        lambda: float(model.train_on_batch(*batch)),
        lambda: float(model.test_on_batch(*others)),
        args,
    )
    report(trainable_parameters(model), figures)


def augmentation_layers(size: int) -> list:
    """Flips, and crops of the image with four pixels around it: a shift of up to four pixels, zeros from outside."""
    return [
        keras.layers.RandomFlip("horizontal"),
        keras.layers.RandomTranslation(4 / size, 4 / size, fill_mode="constant", interpolation="nearest"),
    ]


def augmented(images: tf.Tensor) -> tf.Tensor:
    """The same on the images of a batch, each with an offset of its own, as tf.data users write it."""
    count, height, width = tf.shape(images)[0], images.shape[1], images.shape[2]
    flips = tf.random.uniform([count, 1, 1, 1]) < 0.5
    images = tf.where(flips, tf.reverse(images, [2]), images)
    padded = tf.pad(images, [[0, 0], [4, 4], [4, 4], [0, 0]])
    offsets = tf.random.uniform([count, 2], 0, 9, tf.int32)
    rows = offsets[:, :1] + tf.range(height)[tf.newaxis]
    columns = offsets[:, 1:] + tf.range(width)[tf.newaxis]
    return tf.gather(tf.gather(padded, rows, batch_dims=1), columns, axis=2, batch_dims=1)


def dataset_of(images: np.ndarray, labels: np.ndarray, args) -> tf.data.Dataset:
    """Bytes in memory; cast, scaled and augmented batch by batch."""

    def prepare(batch, classes):
        values = tf.cast(batch, tf.float32) / 255.0
        return (augmented(values) if args.augment else values), classes

    data = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(SHUFFLE_BUFFER)
    return data.batch(args.batch).map(prepare, tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)


def run_epochs(args) -> None:
    size = SIZES[args.network]
    images, labels = training_images(args.images, args.labels, args.limit, size)
    in_model = augmentation_layers(size) if args.augment and args.pipeline == "arrays" else ()
    model = compiled(args, ["accuracy"], in_model)
    if args.pipeline == "arrays":
        data = {"x": images.astype(np.float32) / 255, "y": labels, "batch_size": args.batch, "shuffle": True}
    else:
        data = {"x": dataset_of(images, labels, args)}
    figures = measure_epochs(lambda: model.fit(**data, epochs=1, verbose=0).history["loss"][0], args)
    report(trainable_parameters(model), figures)
