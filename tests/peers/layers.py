"""The node types of a document as PyTorch computes them.

Values are NCHW as PyTorch wants them, or [n, features]. Weights keep the layout of the document (Keras's), so that
gradients come back in it; each function turns them to PyTorch's. Nothing here is taken from the program under test.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

Weights = dict[str, Tensor]
Layer = Callable[[dict, Weights, list[Tensor]], Tensor]

LAYERS: dict[str, Layer] = {}


def layer(name: str) -> Callable[[Layer], Layer]:
    """Registers the function as the layer of that node type: (parameters, weights by role, inputs) -> output."""

    def register(function: Layer) -> Layer:
        LAYERS[name] = function
        return function

    return register


def single(function: Callable[[dict, Tensor], Tensor]) -> Layer:
    """A layer without weights and with one input."""
    return lambda params, _, inputs: function(params, inputs[0])


def channels_last(x: Tensor) -> Tensor:
    return x.permute(0, 2, 3, 1) if x.dim() == 4 else x


def channels_first(x: Tensor) -> Tensor:
    return x.permute(0, 3, 1, 2) if x.dim() == 4 else x


def pads(size: int, window: int, stride: int, padding, sides: tuple[str, str]) -> tuple[int, int]:
    """Pixels before and after along one axis; `same` puts the odd one behind, as Keras does."""
    if padding == "valid":
        return (0, 0)
    if padding == "same":
        total = max((-(-size // stride) - 1) * stride + window - size, 0)
        return (total // 2, total - total // 2)
    return (padding[sides[0]], padding[sides[1]])


def padded(x: Tensor, params: dict, window: list[int], value: float = 0.0) -> Tensor:
    strides, padding = params["strides"], params["padding"]
    rows = pads(x.shape[2], window[0], strides[0], padding, ("top", "bottom"))
    columns = pads(x.shape[3], window[1], strides[1], padding, ("left", "right"))
    return F.pad(x, (*columns, *rows), value=value)


def reach(params: dict) -> list[int]:
    """Window of a kernel whose taps may stand apart."""
    rates = params.get("dilationRate", [1, 1])
    return [(size - 1) * rate + 1 for size, rate in zip(params["kernelSize"], rates)]


def convolve(x: Tensor, kernel: Tensor, params: dict, bias: Tensor | None, groups: int) -> Tensor:
    rates = params.get("dilationRate", [1, 1])
    return F.conv2d(padded(x, params, reach(params)), kernel, bias, params["strides"], 0, rates, groups)


def depthwise(x: Tensor, kernel: Tensor, params: dict, bias: Tensor | None) -> Tensor:
    """Kernel [height, width, channels, multiplier]; output channels lie channel by channel."""
    height, width, channels, multiplier = kernel.shape
    turned = kernel.permute(2, 3, 0, 1).reshape(channels * multiplier, 1, height, width)
    return convolve(x, turned, params, bias, channels)


@layer("Conv2D")
def conv2d(params, weights, inputs):
    kernel = weights["kernel"].permute(3, 2, 0, 1)
    return convolve(inputs[0], kernel, params, weights.get("bias"), params["groups"])


@layer("DepthwiseConv2D")
def depthwise_conv2d(params, weights, inputs):
    return depthwise(inputs[0], weights["kernel"], params, weights.get("bias"))


@layer("SeparableConv2D")
def separable_conv2d(params, weights, inputs):
    each = depthwise(inputs[0], weights["depthwise_kernel"], params, None)
    return F.conv2d(each, weights["pointwise_kernel"].permute(3, 2, 0, 1), weights.get("bias"))


@layer("Conv2DTranspose")
def conv2d_transpose(params, weights, inputs):
    """Keras's output sizes for `same` and `valid`; PyTorch's for pixels per side."""
    x, kernel = inputs[0], weights["kernel"].permute(3, 2, 0, 1)
    strides, sizes, padding = params["strides"], params["kernelSize"], params["padding"]
    y = F.conv_transpose2d(x, kernel, None, strides)
    crops = []
    for axis, sides in ((0, ("top", "bottom")), (1, ("left", "right"))):
        size, full = x.shape[2 + axis], y.shape[2 + axis]
        wanted = size * strides[axis] + (max(sizes[axis] - strides[axis], 0) if padding == "valid" else 0)
        if isinstance(padding, dict):
            crops.append((-padding[sides[0]], -padding[sides[1]]))
        elif padding == "valid":
            crops.append((0, wanted - full))
        else:
            before = max(full - wanted, 0) // 2
            crops.append((-before, wanted - full + before))
    y = F.pad(y, (*crops[1], *crops[0]))
    return y if "bias" not in weights else y + weights["bias"][:, None, None]


@layer("Dense")
def dense(params, weights, inputs):
    return F.linear(inputs[0], weights["kernel"].T, weights.get("bias"))


@layer("MaxPooling2D")
def max_pooling(params, _, inputs):
    x = padded(inputs[0], params, params["poolSize"], float("-inf"))
    return F.max_pool2d(x, params["poolSize"], params["strides"])


@layer("AveragePooling2D")
def average_pooling(params, _, inputs):
    """Zeros of `same` are left out of the mean, those typed per side count."""
    sizes, strides = params["poolSize"], params["strides"]
    mean = F.avg_pool2d(padded(inputs[0], params, sizes), sizes, strides)
    if params["padding"] != "same":
        return mean
    return mean / F.avg_pool2d(padded(torch.ones_like(inputs[0]), params, sizes), sizes, strides)


@layer("BatchNormalization")
def batch_normalization(params, weights, inputs):
    """PyTorch's momentum is the share of the new value. Updates the moving statistics in place."""
    return F.batch_norm(
        inputs[0],
        weights["moving_mean"],
        weights["moving_variance"],
        weights["gamma"],
        weights["beta"],
        training=True,
        momentum=1 - params["momentum"],
        eps=params["epsilon"],
    )


@layer("LayerNormalization")
def layer_normalization(params, weights, inputs):
    gamma, beta = weights["gamma"], weights["beta"]
    return channels_first(F.layer_norm(channels_last(inputs[0]), gamma.shape, gamma, beta, params["epsilon"]))


@layer("GroupNormalization")
def group_normalization(params, weights, inputs):
    return F.group_norm(inputs[0], params["groups"], weights["gamma"], weights["beta"], params["epsilon"])


@layer("PReLU")
def prelu(_, weights, inputs):
    x = inputs[0]
    return torch.where(x > 0, x, x * channels_first(weights["alpha"][None]))


ACTIVATIONS = {
    "relu": F.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "silu": F.silu,
    "gelu": F.gelu,
}


@layer("Activation")
def activation(params, _, inputs):
    if params["activation"] == "leakyRelu":
        return F.leaky_relu(inputs[0], params["negativeSlope"])
    return ACTIVATIONS[params["activation"]](inputs[0])


def interpolate(x: Tensor, size: tuple[int, int], how: str) -> Tensor:
    """Pixel centres at halves."""
    if how == "nearest":
        return F.interpolate(x, size, mode="nearest-exact")
    return F.interpolate(x, size, mode="bilinear", align_corners=False)


@layer("UpSampling2D")
def up_sampling(params, _, inputs):
    height, width = inputs[0].shape[2:]
    down, across = params["size"]
    return interpolate(inputs[0], (height * down, width * across), params["interpolation"])


def joined(function: Callable[[Tensor, Tensor], Tensor]) -> Layer:
    """Folds the inputs, which broadcast."""

    def fold(_, __, inputs):
        total = inputs[0]
        for value in inputs[1:]:
            total = function(total, value)
        return total

    return fold


def reshape(params: dict, x: Tensor) -> Tensor:
    return channels_first(channels_last(x).reshape(len(x), *params["targetShape"]))


def sides(pixels: list[int], sign: int) -> tuple[int, int, int, int]:
    top, bottom, left, right = (sign * each for each in pixels)
    return (left, right, top, bottom)


def switched_off(rate: str) -> Layer:
    """What is random must be off in a comparison."""

    def check(params, _, inputs):
        if params[rate] != 0:
            raise ValueError(f"{rate} is {params[rate]}, expected 0")
        return inputs[0]

    return check


LAYERS.update(
    {
        "Output": single(lambda _, x: x),
        "Rescaling": single(lambda params, x: x * params["scale"] + params["offset"]),
        "Resizing": single(
            lambda params, x: interpolate(x, (params["height"], params["width"]), params["interpolation"])
        ),
        "Flatten": single(lambda _, x: channels_last(x).flatten(1)),
        "Reshape": single(reshape),
        "ZeroPadding2D": single(lambda params, x: F.pad(x, sides(params["padding"], 1))),
        "Cropping2D": single(lambda params, x: F.pad(x, sides(params["cropping"], -1))),
        "GlobalAveragePooling2D": single(lambda _, x: x.mean((2, 3))),
        "GlobalMaxPooling2D": single(lambda _, x: x.amax((2, 3))),
        "Softmax": single(lambda _, x: x.softmax(1)),
        "Add": joined(torch.add),
        "Multiply": joined(torch.mul),
        "Maximum": joined(torch.maximum),
        "Average": lambda _, __, inputs: sum(inputs) / len(inputs),
        "Concatenate": lambda _, __, inputs: torch.cat(inputs, 1),
        "Dropout": switched_off("rate"),
        "SpatialDropout2D": switched_off("rate"),
        "GaussianNoise": switched_off("stddev"),
    }
)
