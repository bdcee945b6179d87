"""What a training script reads from an image folder, as files.

    python script_images.py SCRIPT FOLDER OUT

Writes OUT/SPLIT.images, bytes with channels last, and prints the labels of each split as JSON.
"""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np


def load(path):
    """The script as a module, without running it."""
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location("script", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    script, folder, out = (Path(each) for each in sys.argv[1:])
    out.mkdir(parents=True)
    found = {}
    for name, (images, labels) in zip(("train", "test"), load(script).load_splits(folder)):
        if not isinstance(images, np.ndarray):
            images = images.permute(0, 2, 3, 1).numpy()
        np.ascontiguousarray(images).tofile(out / f"{name}.images")
        found[name] = [int(label) for label in labels]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
