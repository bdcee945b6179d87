"""Checks exported ONNX models with onnx, runs them in ONNX Runtime on given images and writes down what they say.

Usage: onnx_exports.py FOLDER. `cases.json` there lists {name, images}; IMAGES.safetensors holds `images` with channels
last. Results go to NAME.out.safetensors as `predictions`.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from tensors import read_tensors, write_tensors


def run(folder: Path, name: str, images: str) -> None:
    path = str(folder / f"{name}.onnx")
    onnx.checker.check_model(path, full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (entry,), (end,) = session.get_inputs(), session.get_outputs()
    values = read_tensors(folder / f"{images}.safetensors")["images"].transpose(0, 3, 1, 2)
    if entry.shape[0] != "batch" or list(entry.shape[1:]) != list(values.shape[1:]):
        raise ValueError(f"the input is {entry.shape}, images are {values.shape}")
    (predictions,) = session.run([end.name], {entry.name: np.ascontiguousarray(values)})
    # One image alone says the same: the batch is free.
    (alone,) = session.run([end.name], {entry.name: np.ascontiguousarray(values[:1])})
    np.testing.assert_allclose(alone, predictions[:1], atol=1e-5)
    write_tensors(folder / f"{name}.out.safetensors", {"predictions": predictions})


def main() -> None:
    folder = Path(sys.argv[1])
    for case in json.loads((folder / "cases.json").read_text()):
        try:
            run(folder, case["name"], case["images"])
        except Exception as error:  # one that fails is told by its name, the others go on
            (folder / f"{case['name']}.error").write_text(f"{type(error).__name__}: {error}")
    print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}")


main()
