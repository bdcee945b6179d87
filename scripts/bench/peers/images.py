"""Images to train on: random ones, or a data set's IDX files brought to the network's size."""

import gzip
import os

import numpy as np

from networks import CLASSES


def random_batch(count: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Values from 0 to 1, `[count, size, size, 1]`, and labels."""
    generator = np.random.default_rng(0)
    images = generator.random((count, size, size, 1), dtype=np.float32)
    return images, generator.integers(0, CLASSES, count, dtype=np.int64)


def read_idx(path: str) -> np.ndarray:
    """An IDX file of bytes, as published or gzipped."""
    opener = open if os.path.exists(path) else gzip.open
    with opener(path if opener is open else f"{path}.gz", "rb") as file:
        content = file.read()
    dimensions = content[3]
    sizes = [int.from_bytes(content[4 + 4 * i : 8 + 4 * i], "big") for i in range(dimensions)]
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(sizes)


def training_images(images_file: str, labels_file: str, limit: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The first `limit` images as bytes `[limit, size, size, 1]`, and their labels.

    Resizing is not part of the measured epoch: the peers get images of the network's size, Layerloom resizes in its
    graph.
    """
    images, labels = read_idx(images_file)[:limit], read_idx(labels_file)[:limit]
    positions = np.arange(size) * images.shape[1] // size
    resized = images[:, positions][:, :, positions]
    return np.ascontiguousarray(resized[..., np.newaxis]), labels.astype(np.int64)
