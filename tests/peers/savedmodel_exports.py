"""Loads exported SavedModels with TensorFlow and compares predictions and training with those in a safetensors file.

Usage: savedmodel_exports.py FOLDER; FOLDER has NAME/saved_model.pb and NAME.safetensors with `images` and `predictions`,
and where there is a training step also `labels` and the `losses` of one step after another with them.
Prints one JSON object: the version of TensorFlow, the largest difference of predictions by name, and of losses.
"""

import json
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

from tensors import read_tensors

differences, trained = {}, {}
for expected in sorted(Path(sys.argv[1]).glob("*.safetensors")):
    tensors = {name: np.asarray(value) for name, value in read_tensors(expected).items()}
    model = tf.saved_model.load(str(expected.with_suffix("")))
    images = tf.constant(tensors["images"])
    predict = model.signatures["serving_default"]
    output = predict(input=images)["output"].numpy()
    differences[expected.stem] = float(np.max(np.abs(output - tensors["predictions"])))
    if "labels" in tensors:
        train, labels = model.signatures["train"], tf.constant(tensors["labels"], tf.int32)
        losses = [float(train(input=images, labels=labels)["loss"]) for _ in tensors["losses"]]
        after = predict(input=images)["output"].numpy()
        trained[expected.stem] = {
            "difference": float(np.max(np.abs(np.asarray(losses) - tensors["losses"]))),
            "first": losses[0],
            "last": losses[-1],
            "moved": float(np.max(np.abs(after - output))),
        }
print(json.dumps({"tensorflow": tf.__version__, "differences": differences, "trained": trained}))
