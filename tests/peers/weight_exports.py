"""Reads weights exported as NPZ with NumPy, and compares them with the safetensors file beside it.

The safetensors file is read by the safetensors package where it is installed, else by tensors.py.
Usage: weight_exports.py FOLDER; prints one JSON object: reader, names, largest difference, and what `about` says.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np

folder = sys.argv[1]
path = os.path.join(folder, "weights.safetensors")
try:
    from safetensors.numpy import load_file

    reader, expected = "safetensors", load_file(path)
except ImportError:
    from tensors import read_tensors

    reader, expected = "tensors.py", {name: np.asarray(value) for name, value in read_tensors(Path(path)).items()}

archive = np.load(os.path.join(folder, "weights.npz"), allow_pickle=False)
names = [name for name in archive.files if name != "about"]
assert sorted(names) == sorted(expected), "the files have other weights"
for name in names:
    assert archive[name].dtype == np.float32 and archive[name].shape == expected[name].shape, name
difference = max(float(np.max(np.abs(archive[name] - expected[name]))) for name in names)
about = json.loads(str(archive["about"]))
print(json.dumps({"reader": reader, "names": names, "difference": difference, "about": about}))
