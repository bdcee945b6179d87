"""Exports models of PyTorch to ONNX with both of its exporters, and writes down what the models say of random images.

Usage: onnx_models.py FOLDER. Writes NAME.onnx, and NAME.safetensors with `pixels` (bytes 0 to 255 as numbers, channels
last) and `predictions` (softmax of what the model gives for pixels / 255).
"""

import sys
import warnings
from pathlib import Path

import numpy as np
import torch
from tensors import write_tensors
from torch import nn

IMAGES = 3


class Residual(nn.Module):
    """A residual block with a projection, as ResNet has it."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Conv2d(inputs, outputs, 1, stride=2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


class SqueezeExcite(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.reduce = nn.Conv2d(channels, 4, 1)
        self.expand = nn.Conv2d(4, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * torch.sigmoid(self.expand(torch.relu(self.reduce(self.pool(x)))))


class ChannelsLastNorm(nn.Module):
    """Layer normalisation over the channels, as ConvNeXt has it."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Branches(nn.Module):
    """Branches of several kinds, joined along the channels."""

    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Sequential(nn.Conv2d(6, 4, 1), nn.SiLU())
        self.b = nn.Sequential(nn.Conv2d(6, 12, 3, padding=1, groups=6), nn.LeakyReLU(0.2), nn.Conv2d(12, 4, 1))
        self.c = nn.Sequential(nn.MaxPool2d(3, 1, padding=1), nn.Conv2d(6, 4, 5, padding=2, dilation=1), nn.PReLU(4))
        self.d = nn.Sequential(nn.AvgPool2d(2), nn.ConvTranspose2d(6, 4, 3, stride=2, padding=1, output_padding=1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([self.a(x), self.b(x), self.c(x), self.d(x)], 1)


class Viewed(nn.Module):
    """Flattened by `view` with the batch read off the tensor."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.dense = nn.Linear(4 * 13 * 13, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = nn.functional.max_pool2d(torch.relu(self.conv(x)), 2)
        return self.dense(y.view(y.size(0), -1))


def lenet() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Dropout(0.3), nn.Linear(120, 84), nn.GELU(), nn.Linear(84, 10),
    )  # fmt: skip


def resnet() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 8, 7, stride=2, padding=3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, 2, 1),
        Residual(8, 16), SqueezeExcite(16), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 5),
    )  # fmt: skip


def modern() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 6, 3, padding=1), nn.GroupNorm(3, 6), Branches(), ChannelsLastNorm(16), nn.GELU(),
        nn.Upsample(scale_factor=2, mode="nearest"), nn.InstanceNorm2d(16, affine=True),
        nn.ZeroPad2d((1, 0, 2, 1)), nn.Conv2d(16, 8, 3, stride=2), nn.BatchNorm2d(8),
        nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(8, 7),
    )  # fmt: skip


MODELS = {"lenet": (lenet, (1, 28, 28)), "resnet": (resnet, (3, 32, 32)), "modern": (modern, (3, 12, 12)),
          "viewed": (Viewed, (1, 28, 28))}  # fmt: skip


def randomised(model: nn.Module) -> nn.Module:
    """Statistics and scales that are neither zeros nor ones."""
    for module in model.modules():
        for name in ("weight", "bias", "running_mean", "running_var"):
            value = getattr(module, name, None)
            if isinstance(value, torch.Tensor) and value.dim() == 1:
                low, high = (0.5, 1.5) if name in ("weight", "running_var") else (-0.2, 0.2)
                value.data.uniform_(low, high)
    return model.eval()


def main() -> None:
    folder = Path(sys.argv[1])
    warnings.filterwarnings("ignore")
    torch.manual_seed(3)
    for name, (make, shape) in MODELS.items():
        model = randomised(make())
        pixels = np.random.default_rng(5).integers(0, 256, (IMAGES, *shape)).astype("float32")
        images = torch.tensor(pixels) * torch.tensor(1 / 255)
        with torch.no_grad():
            predictions = torch.softmax(model(images), 1).numpy()
        batch = torch.export.Dim("batch", min=1, max=1024)
        for kind, options in {
            "script": {"dynamo": False, "opset_version": 17, "dynamic_axes": {"images": {0: "batch"}}},
            "dynamo": {"dynamo": True, "dynamic_shapes": ({0: batch},)},
        }.items():
            path = folder / f"{name}-{kind}.onnx"
            torch.onnx.export(model, (images,), str(path), input_names=["images"], verbose=False, **options)
            write_tensors(
                path.with_suffix(".safetensors"),
                {"pixels": pixels.transpose(0, 2, 3, 1), "predictions": predictions},
            )
    print(f"torch {torch.__version__}")


main()
