"""Images of the kinds that PNG and JPEG know, of waves that differ by kind.

    python image_kinds.py FOLDER

Writes FOLDER/png and FOLDER/jpeg.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image


def waves(height, width, channels, turn):
    rows, columns = np.mgrid[0:height, 0:width]
    angles = [rows / (3 + c) + columns / (7 - c) + turn + c for c in range(channels)]
    return (127.5 + 127 * np.sin(np.stack(angles, axis=-1))).astype("uint8")


def write_png(folder):
    folder.mkdir(parents=True)
    colour = Image.fromarray(waves(31, 45, 3, 0))
    grey = Image.fromarray(waves(20, 17, 1, 1)[..., 0])
    corner = colour.getpixel((0, 0))
    indexed = colour.quantize(16)
    colour.save(folder / "colour.png")
    colour.save(folder / "key.png", transparency=corner)
    Image.fromarray(waves(9, 50, 4, 2)).save(folder / "alpha.png")
    indexed.save(folder / "palette.png")
    indexed.save(folder / "palette-alpha.png", transparency=bytes(range(0, 256, 16)))
    indexed.quantize(4).save(folder / "palette-bits.png", bits=2)
    grey.save(folder / "grey.png")
    grey.save(folder / "grey-key.png", transparency=grey.getpixel((3, 3)))
    Image.fromarray(waves(20, 17, 2, 1), "LA").save(folder / "grey-alpha.png")
    grey.convert("1").save(folder / "bits.png")
    deep = 257 * waves(16, 16, 1, 3)[..., 0].astype("uint16") + 3
    Image.fromarray(np.minimum(deep, 65535)).save(folder / "grey-16.png")


def write_jpeg(folder):
    folder.mkdir(parents=True)
    colour, grey = Image.fromarray(waves(31, 45, 3, 4)), Image.fromarray(waves(40, 33, 1, 5)[..., 0])
    colour.save(folder / "full.jpg", quality=90, subsampling=0)
    colour.save(folder / "halved.jpg", quality=90, subsampling=2)
    colour.save(folder / "progressive.jpeg", quality=95, subsampling=0, progressive=True)
    grey.save(folder / "grey.jpg", quality=90)


if __name__ == "__main__":
    write_png(Path(sys.argv[1]) / "png")
    write_jpeg(Path(sys.argv[1]) / "jpeg")
