"""The classic networks in Keras, as its users write them: the functional API, channels last, logits in float32."""

import keras
from keras import layers as L

from networks import (
    CLASSES, DENSE_BLOCKS, DENSE_LAYERS, GROWTH, INCEPTION_STAGES, NIN_BLOCKS, RESNET_BLOCKS, RESNET_FILTERS, SIZES,
    VGG_BLOCKS,
)


def conv(x, filters, window, strides=1, padding=0, activation=None):
    if padding:
        x = L.ZeroPadding2D(padding)(x)
    return L.Conv2D(filters, window, strides, activation=activation)(x)


def max_pool(x, window, strides, padding=0):
    """Padded with zeros, which is exact: all inputs here come out of a ReLU."""
    if padding:
        x = L.ZeroPadding2D(padding)(x)
    return L.MaxPooling2D(window, strides)(x)


def norm(x):
    return L.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)


def norm_relu(x):
    return L.ReLU()(norm(x))


def stem(x, normalised):
    x = conv(x, 64, 7, 2, 3)
    return max_pool(norm_relu(x) if normalised else L.ReLU()(x), 3, 2, 1)


def lenet(x, normalised=False):
    def sigmoid(t):
        return L.Activation("sigmoid")(norm(t) if normalised else t)

    for filters, padding in ((6, 0 if normalised else 2), (16, 0)):
        x = L.AveragePooling2D(2, 2)(sigmoid(conv(x, filters, 5, padding=padding)))
    x = L.Flatten()(x)
    for units in (120, 84):
        x = sigmoid(L.Dense(units)(x))
    return L.Dense(CLASSES)(x)


def lenet_bn(x):
    return lenet(x, normalised=True)


def dense_head(x):
    x = L.Flatten()(x)
    for _ in range(2):
        x = L.Dropout(0.5)(L.Dense(4096, activation="relu")(x))
    return L.Dense(CLASSES)(x)


def alexnet(x):
    x = max_pool(conv(x, 96, 11, 4, 1, "relu"), 3, 2)
    x = max_pool(conv(x, 256, 5, 1, 2, "relu"), 3, 2)
    x = conv(x, 384, 3, 1, 1, "relu")
    x = conv(x, 384, 3, 1, 1, "relu")
    return dense_head(max_pool(conv(x, 256, 3, 1, 1, "relu"), 3, 2))


def vgg(x):
    for count, filters in VGG_BLOCKS:
        for _ in range(count):
            x = conv(x, filters, 3, 1, 1, "relu")
        x = max_pool(x, 2, 2)
    return dense_head(x)


def nin(x):
    for index, (filters, window, strides, padding) in enumerate(NIN_BLOCKS):
        if index > 0:
            x = max_pool(x, 3, 2)
        if index == len(NIN_BLOCKS) - 1:
            x = L.Dropout(0.5)(x)
        x = conv(x, filters, window, strides, padding, "relu")
        x = conv(conv(x, filters, 1, activation="relu"), filters, 1, activation="relu")
    return L.GlobalAveragePooling2D()(x)


def inception(x, a, b, c, d):
    return L.Concatenate()([
        conv(x, a, 1, activation="relu"),
        conv(conv(x, b[0], 1, activation="relu"), b[1], 3, 1, 1, "relu"),
        conv(conv(x, c[0], 1, activation="relu"), c[1], 5, 1, 2, "relu"),
        conv(max_pool(x, 3, 1, 1), d, 1, activation="relu"),
    ])


def googlenet(x):
    x = stem(x, normalised=False)
    x = max_pool(conv(conv(x, 64, 1, activation="relu"), 192, 3, 1, 1, "relu"), 3, 2, 1)
    for index, stage in enumerate(INCEPTION_STAGES):
        if index > 0:
            x = max_pool(x, 3, 2, 1)
        for channels in stage:
            x = inception(x, *channels)
    return L.Dense(CLASSES)(L.GlobalAveragePooling2D()(x))


def residual(x, filters, strides):
    y = norm_relu(conv(x, filters, 3, strides, 1))
    y = norm(conv(y, filters, 3, 1, 1))
    return L.ReLU()(L.Add()([y, conv(x, filters, 1, strides) if strides > 1 else x]))


def resnet18(x):
    x = stem(x, normalised=True)
    for stage, filters in enumerate(RESNET_FILTERS):
        for index in range(RESNET_BLOCKS):
            x = residual(x, filters, 2 if stage > 0 and index == 0 else 1)
    return L.Dense(CLASSES)(L.GlobalAveragePooling2D()(x))


def densenet(x):
    x = stem(x, normalised=True)
    channels = 64
    for block in range(DENSE_BLOCKS):
        for _ in range(DENSE_LAYERS):
            x = L.Concatenate()([x, conv(norm_relu(x), GROWTH, 3, 1, 1)])
        channels += DENSE_LAYERS * GROWTH
        if block < DENSE_BLOCKS - 1:
            channels //= 2
            x = L.AveragePooling2D(2, 2)(conv(norm_relu(x), channels, 1))
    return L.Dense(CLASSES)(L.GlobalAveragePooling2D()(norm_relu(x)))


BUILDERS = {
    "lenet": lenet, "lenet-bn": lenet_bn, "alexnet": alexnet, "vgg-11": vgg, "nin": nin, "googlenet": googlenet,
    "resnet-18": resnet18, "densenet": densenet,
}


def keras_network(name: str, augmentation=()) -> keras.Model:
    """`augmentation` are layers that work on the images before the network sees them."""
    size = SIZES[name]
    images = x = keras.Input((size, size, 1))
    for layer in augmentation:
        x = layer(x)
    return keras.Model(images, L.Activation("linear", dtype="float32")(BUILDERS[name](x)))
