"""Loads exported PyTorch folders as their model.py says, runs them on given images and writes down what they say.

Usage: pytorch_exports.py FOLDER. Each folder NAME in it has model.py, weights.safetensors and images.safetensors
(`images`, channels last). NAME/out.safetensors gets `logits` and the names and shapes of the state dict as zeros.
Every *.py file under FOLDER is compiled first, those of NAME/script too.
"""

import importlib.util
import py_compile
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tensors import read_tensors, write_tensors


def network_of(folder: Path) -> torch.nn.Module:
    spec = importlib.util.spec_from_file_location(f"model_{abs(hash(folder.name))}", folder / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    network = module.Network()
    network.load_state_dict(load_file(folder / "weights.safetensors"))
    return network.eval()


def run(folder: Path) -> None:
    network = network_of(folder)
    images = torch.from_numpy(read_tensors(folder / "images.safetensors")["images"].copy())
    with torch.no_grad():
        logits = network(images.permute(0, 3, 1, 2))
    write_tensors(folder / "out.safetensors", {"logits": np.asarray(logits)})


def main() -> None:
    root = Path(sys.argv[1])
    for file in root.glob("**/*.py"):
        py_compile.compile(file, doraise=True, cfile=str(file.with_suffix(".pyc")))
    count = 0
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        try:
            run(folder)
            count += 1
        except Exception as error:  # one that fails is told by its name, the others go on
            (folder / "error").write_text(f"{type(error).__name__}: {error}")
    print(f"PyTorch {torch.__version__}: {count} networks")


main()
