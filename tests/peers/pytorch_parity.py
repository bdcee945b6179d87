"""Trains documents in PyTorch from given weights and batches: the other side of tests/engine/pytorch-parity.test.ts.

    python pytorch_parity.py FOLDER

FOLDER/cases.json lists cases. Each has its nodes in order (id, type, parameters, sources), its loss and its runs (an
optimiser with settings, a number of steps); FOLDER/NAME.safetensors has its initial weights, `data/images` (bytes, as
float32 [n, height, width, channels]) and `data/labels`. Written: FOLDER/NAME.out.safetensors with, for each run,
RUN/losses, RUN/gradient/WEIGHT of the first step and RUN/after/WEIGHT at the end; and the same under RUN/exact/, computed
in double precision, which tells how much of a difference is rounding.

SGD, momentum and Nesterov are PyTorch's own; Adam, AdamW and RMSprop are Keras's, whose formulas differ.
"""

import json
import os
import sys
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import keras  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from layers import LAYERS, channels_first  # noqa: E402
from tensors import read_tensors, write_tensors  # noqa: E402
from torch import Tensor, nn  # noqa: E402


class Network(nn.Module):
    """The nodes of a document, whose weights are named as there: `conv2d_1/kernel`."""

    def __init__(self, case: dict, tensors: dict[str, np.ndarray], dtype: torch.dtype):
        super().__init__()
        self.nodes = case["nodes"]
        self.output = case["outputNode"]
        trainable = set(case["trainable"])
        self.weights: dict[str, Tensor] = {}
        for name in case["weights"]:
            values = torch.from_numpy(tensors[name].copy()).to(dtype)
            self.weights[name] = nn.Parameter(values) if name in trainable else values
        self.learned = {name: weight for name, weight in self.weights.items() if name in trainable}

    def forward(self, images: Tensor) -> Tensor:
        values: dict[str, Tensor] = {}
        for node in self.nodes:
            inputs = [values[source] for source in node["sources"]]
            own = {
                name.removeprefix(f"{node['id']}/"): weight
                for name, weight in self.weights.items()
                if name.startswith(f"{node['id']}/")
            }
            is_source = node["type"] == "Input"
            values[node["id"]] = images if is_source else LAYERS[node["type"]](node["params"], own, inputs)
        return values[self.output]

    def penalty(self) -> Tensor:
        """Of the kernels of nodes that ask for it."""
        total = torch.zeros(())
        for node in self.nodes:
            l1, l2 = (node["params"].get(f"kernelRegularizer{name}", 0) for name in ("L1", "L2"))
            for name, weight in self.learned.items():
                if name.startswith(f"{node['id']}/") and name.endswith("kernel"):
                    total = total + l1 * weight.abs().sum() + l2 * weight.square().sum()
        return total


def losses_of(settings: dict, logits: Tensor, labels: Tensor) -> Tensor:
    """One loss per image."""
    smoothing, classes = settings["labelSmoothing"], logits.shape[1]
    targets = F.one_hot(labels, classes).to(logits.dtype)
    if settings["loss"] == "softmaxCrossEntropy":
        return F.cross_entropy(logits, labels, reduction="none", label_smoothing=smoothing)
    if settings["loss"] == "binaryCrossEntropy":
        smooth = targets * (1 - smoothing) + smoothing / 2
        return F.binary_cross_entropy_with_logits(logits, smooth, reduction="none").mean(1)
    return F.mse_loss(logits, targets, reduction="none").mean(1)


def loss_of(network: Network, settings: dict, images: Tensor, labels: Tensor) -> Tensor:
    losses = losses_of(settings, network(images), labels)
    if settings["classWeights"]:
        losses = losses * torch.tensor(settings["classWeights"], dtype=losses.dtype)[labels]
    return losses.mean() + network.penalty()


class TorchUpdates:
    """PyTorch's SGD; weight decay shrinks kernels only."""

    def __init__(self, run: dict, learned: dict[str, Tensor]):
        kernels = [weight for name, weight in learned.items() if name.endswith("kernel")]
        others = [weight for name, weight in learned.items() if not name.endswith("kernel")]
        groups = [{"params": kernels, "weight_decay": run["weightDecay"]}, {"params": others}]
        self.optimizer = torch.optim.SGD(
            [group for group in groups if group["params"]],
            lr=run["learningRate"],
            momentum=0.0 if run["optimizer"] == "sgd" else run["momentum"],
            nesterov=run["optimizer"] == "nesterov",
        )

    def step(self) -> None:
        self.optimizer.step()


class KerasUpdates:
    """Keras's optimisers on the gradients that PyTorch found."""

    def __init__(self, run: dict, learned: dict[str, Tensor]):
        makers = {
            "adam": keras.optimizers.Adam,
            "adamw": lambda **rate: keras.optimizers.AdamW(**rate, weight_decay=run["weightDecay"]),
            "rmsprop": keras.optimizers.RMSprop,
        }
        self.optimizer = makers[run["optimizer"]](learning_rate=run["learningRate"])
        self.learned = learned
        self.variables = [
            keras.Variable(weight.detach().numpy(), dtype=str(weight.dtype).split(".")[1], name=name.replace("/", "."))
            for name, weight in learned.items()
        ]
        if run["optimizer"] == "adamw":
            self.optimizer.exclude_from_weight_decay(
                [each for each, name in zip(self.variables, learned) if not name.endswith("kernel")]
            )

    def step(self) -> None:
        with torch.no_grad():
            self.optimizer.apply([weight.grad for weight in self.learned.values()], self.variables)
            for variable, weight in zip(self.variables, self.learned.values()):
                weight.copy_(variable.value)


def data_of(tensors: dict[str, np.ndarray], dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    images = torch.from_numpy(tensors["data/images"]).to(dtype) / 255
    return channels_first(images).contiguous(), torch.from_numpy(tensors["data/labels"].astype(np.int64))


def train(case: dict, run: dict, tensors: dict[str, np.ndarray], dtype: torch.dtype) -> dict[str, np.ndarray]:
    """The losses of all steps, the gradients of the first, and all weights after the last."""
    network = Network(case, tensors, dtype)
    is_torch = run["optimizer"] in ("sgd", "momentum", "nesterov")
    updates = (TorchUpdates if is_torch else KerasUpdates)(run, network.learned)
    images, labels = data_of(tensors, dtype)
    results, losses, batch = {}, [], case["batchSize"]
    for step in range(run["steps"]):
        rows = slice(step * batch, (step + 1) * batch)
        for weight in network.learned.values():
            weight.grad = None
        loss = loss_of(network, case["settings"], images[rows], labels[rows])
        loss.backward()
        if step == 0:
            results = {f"gradient/{name}": weight.grad.clone() for name, weight in network.learned.items()}
        updates.step()
        losses.append(loss.item())
    results.update({f"after/{name}": weight for name, weight in network.weights.items()})
    arrays = {name: value.detach().float().numpy() for name, value in results.items()}
    return {"losses": np.array(losses, np.float32), **arrays}


def main(folder: Path) -> None:
    torch.set_num_threads(2)
    for case in json.loads((folder / "cases.json").read_text()):
        tensors = read_tensors(folder / f"{case['name']}.safetensors")
        results = {}
        for run in case["runs"]:
            for prefix, dtype in (("", torch.float32), ("exact/", torch.float64)):
                found = train(case, run, tensors, dtype)
                results.update({f"{run['name']}/{prefix}{name}": values for name, values in found.items()})
        write_tensors(folder / f"{case['name']}.out.safetensors", results)
    print(f"torch {torch.__version__}, keras {keras.__version__}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
