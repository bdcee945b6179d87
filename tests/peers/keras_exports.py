"""Loads exported models with Keras, runs them on given images and writes down what they say.

Usage: keras_exports.py FOLDER. `cases.json` there lists {name, file}; NAME.images.safetensors holds `images`.
Results go to NAME.out.safetensors: `predictions`, and every weight as `LAYER/INDEX`.
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np
from tensors import read_tensors, write_tensors


def run(folder: Path, name: str, file: str) -> None:
    model = keras.saving.load_model(folder / file, compile=False, safe_mode=True)
    images = read_tensors(folder / f"{name}.images.safetensors")["images"]
    results = {"predictions": np.asarray(keras.ops.convert_to_numpy(model(images, training=False)), "float32")}
    for layer in model.layers:
        for index, weight in enumerate(layer.weights):
            results[f"{layer.name}/{index}"] = keras.ops.convert_to_numpy(weight)
    write_tensors(folder / f"{name}.out.safetensors", results)


def main() -> None:
    folder = Path(sys.argv[1])
    for case in json.loads((folder / "cases.json").read_text()):
        try:
            run(folder, case["name"], case["file"])
        except Exception as error:  # one that fails is told by its name, the others go on
            (folder / f"{case['name']}.error").write_text(f"{type(error).__name__}: {error}")
    print(f"Keras {keras.__version__} on {keras.backend.backend()}")


main()
