"""Loads exported SavedModels with TensorFlow and compares predictions with those in a safetensors file.

Usage: savedmodel_exports.py FOLDER; FOLDER has NAME/saved_model.pb and NAME.safetensors with `images` and `predictions`.
Prints one JSON object: the version of TensorFlow, and the largest difference by name.
"""

import json
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

from tensors import read_tensors

differences = {}
for expected in sorted(Path(sys.argv[1]).glob("*.safetensors")):
    tensors = {name: np.asarray(value) for name, value in read_tensors(expected).items()}
    model = tf.saved_model.load(str(expected.with_suffix("")))
    output = model.signatures["serving_default"](input=tf.constant(tensors["images"]))["output"].numpy()
    differences[expected.stem] = float(np.max(np.abs(output - tensors["predictions"])))
print(json.dumps({"tensorflow": tf.__version__, "differences": differences}))
