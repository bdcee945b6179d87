"""The classic networks in PyTorch, as its users write them: modules, channels first."""

import torch
import torch.nn.functional as F
from torch import nn

from networks import (
    CLASSES, DENSE_BLOCKS, DENSE_LAYERS, GROWTH, INCEPTION_STAGES, NIN_BLOCKS, RESNET_BLOCKS, RESNET_FILTERS,
    VGG_BLOCKS,
)


class Inception(nn.Module):
    def __init__(self, channels, a, b, c, d):
        super().__init__()
        self.a = nn.Conv2d(channels, a, 1)
        self.b0, self.b1 = nn.Conv2d(channels, b[0], 1), nn.Conv2d(b[0], b[1], 3, padding=1)
        self.c0, self.c1 = nn.Conv2d(channels, c[0], 1), nn.Conv2d(c[0], c[1], 5, padding=2)
        self.pool, self.d = nn.MaxPool2d(3, 1, 1), nn.Conv2d(channels, d, 1)

    def forward(self, x):
        paths = (self.a(x), self.b1(F.relu(self.b0(x))), self.c1(F.relu(self.c0(x))), self.d(self.pool(x)))
        return torch.cat([F.relu(path) for path in paths], 1)


class Residual(nn.Module):
    def __init__(self, channels, filters, strides):
        super().__init__()
        self.conv0, self.norm0 = nn.Conv2d(channels, filters, 3, strides, 1), nn.BatchNorm2d(filters)
        self.conv1, self.norm1 = nn.Conv2d(filters, filters, 3, 1, 1), nn.BatchNorm2d(filters)
        self.shortcut = nn.Conv2d(channels, filters, 1, strides) if strides > 1 else nn.Identity()

    def forward(self, x):
        y = F.relu(self.norm0(self.conv0(x)))
        return F.relu(self.norm1(self.conv1(y)) + self.shortcut(x))


class DenseLayer(nn.Sequential):
    def forward(self, x):
        return torch.cat([x, super().forward(x)], 1)


def stem(normalised):
    norm = [nn.BatchNorm2d(64)] if normalised else []
    return [nn.Conv2d(1, 64, 7, 2, 3), *norm, nn.ReLU(), nn.MaxPool2d(3, 2, 1)]


def mean_of_pixels():
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten()]


def lenet(normalised=False):
    layers = []
    for channels, filters, padding in ((1, 6, 0 if normalised else 2), (6, 16, 0)):
        layers.append(nn.Conv2d(channels, filters, 5, padding=padding))
        layers += [nn.BatchNorm2d(filters)] if normalised else []
        layers += [nn.Sigmoid(), nn.AvgPool2d(2, 2)]
    layers.append(nn.Flatten())
    for features, units in ((256 if normalised else 400, 120), (120, 84)):
        layers.append(nn.Linear(features, units))
        layers += [nn.BatchNorm1d(units)] if normalised else []
        layers.append(nn.Sigmoid())
    return [*layers, nn.Linear(84, CLASSES)]


def lenet_bn():
    return lenet(normalised=True)


def dense_head(features):
    hidden = [nn.Linear(features, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout()]
    return [nn.Flatten(), *hidden, nn.Linear(4096, CLASSES)]


def alexnet():
    return [
        nn.Conv2d(1, 96, 11, 4, 1), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(96, 256, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(256, 384, 3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 384, 3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
        *dense_head(256 * 5 * 5),
    ]


def vgg():
    layers, channels = [], 1
    for count, filters in VGG_BLOCKS:
        for _ in range(count):
            layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU()]
            channels = filters
        layers.append(nn.MaxPool2d(2, 2))
    return [*layers, *dense_head(channels * 7 * 7)]


def nin():
    layers, channels = [], 1
    for index, (filters, window, strides, padding) in enumerate(NIN_BLOCKS):
        layers += [nn.MaxPool2d(3, 2)] if index > 0 else []
        layers += [nn.Dropout()] if index == len(NIN_BLOCKS) - 1 else []
        layers += [nn.Conv2d(channels, filters, window, strides, padding), nn.ReLU()]
        layers += [nn.Conv2d(filters, filters, 1), nn.ReLU(), nn.Conv2d(filters, filters, 1), nn.ReLU()]
        channels = filters
    return [*layers, *mean_of_pixels()]


def googlenet():
    layers = [*stem(normalised=False), nn.Conv2d(64, 64, 1), nn.ReLU()]
    layers += [nn.Conv2d(64, 192, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    channels = 192
    for index, stage in enumerate(INCEPTION_STAGES):
        layers += [nn.MaxPool2d(3, 2, 1)] if index > 0 else []
        for a, b, c, d in stage:
            layers.append(Inception(channels, a, b, c, d))
            channels = a + b[1] + c[1] + d
    return [*layers, *mean_of_pixels(), nn.Linear(channels, CLASSES)]


def resnet18():
    layers, channels = stem(normalised=True), 64
    for stage, filters in enumerate(RESNET_FILTERS):
        for index in range(RESNET_BLOCKS):
            layers.append(Residual(channels, filters, 2 if stage > 0 and index == 0 else 1))
            channels = filters
    return [*layers, *mean_of_pixels(), nn.Linear(channels, CLASSES)]


def densenet():
    layers, channels = stem(normalised=True), 64
    for block in range(DENSE_BLOCKS):
        for _ in range(DENSE_LAYERS):
            convolution = nn.Conv2d(channels, GROWTH, 3, padding=1)
            layers.append(DenseLayer(nn.BatchNorm2d(channels), nn.ReLU(), convolution))
            channels += GROWTH
        if block < DENSE_BLOCKS - 1:
            halve = nn.Conv2d(channels, channels // 2, 1)
            layers += [nn.BatchNorm2d(channels), nn.ReLU(), halve, nn.AvgPool2d(2, 2)]
            channels //= 2
    return [*layers, nn.BatchNorm2d(channels), nn.ReLU(), *mean_of_pixels(), nn.Linear(channels, CLASSES)]


BUILDERS = {
    "lenet": lenet, "lenet-bn": lenet_bn, "alexnet": alexnet, "vgg-11": vgg, "nin": nin, "googlenet": googlenet,
    "resnet-18": resnet18, "densenet": densenet,
}


def torch_network(name: str) -> nn.Sequential:
    return nn.Sequential(*BUILDERS[name]())
