"""The classic networks' figures that Keras and PyTorch share: input sizes, channels, blocks.

Same layers, biases and padding as the templates of Layerloom (Dive into Deep Learning, chapters 6 and 7): one grey
channel in, ten classes out.
"""

CLASSES = 10

#: Height and width of the input, by the template's name.
SIZES = {
    "lenet": 28,
    "lenet-bn": 28,
    "alexnet": 224,
    "vgg-11": 224,
    "nin": 224,
    "googlenet": 96,
    "resnet-18": 96,
    "densenet": 96,
}

#: VGG-11 at a quarter of its channels: convolutions and filters of each block.
VGG_BLOCKS = ((1, 16), (1, 32), (2, 64), (2, 128), (2, 128))

#: NiN: filters, window, strides and padding of each block's first convolution.
NIN_BLOCKS = ((96, 11, 4, 0), (256, 5, 1, 2), (384, 3, 1, 1), (CLASSES, 3, 1, 1))

#: GoogLeNet: channels of the four paths of each Inception block, stage by stage.
INCEPTION_STAGES = (
    (
        (64, (96, 128), (16, 32), 32),
        (128, (128, 192), (32, 96), 64),
    ),
    (
        (192, (96, 208), (16, 48), 64),
        (160, (112, 224), (24, 64), 64),
        (128, (128, 256), (24, 64), 64),
        (112, (144, 288), (32, 64), 64),
        (256, (160, 320), (32, 128), 128),
    ),
    (
        (256, (160, 320), (32, 128), 128),
        (384, (192, 384), (48, 128), 128),
    ),
)

RESNET_FILTERS = (64, 128, 256, 512)
RESNET_BLOCKS = 2

DENSE_BLOCKS = 4
DENSE_LAYERS = 4
GROWTH = 32
