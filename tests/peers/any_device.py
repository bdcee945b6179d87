"""Runs a PyTorch training script on a device that it would refuse for its precision.

    python any_device.py SCRIPT ARGUMENT...

The processor computes in float16 too, only too slowly for anything but a test.
"""

import sys
from pathlib import Path

from script_images import load


def main():
    script = load(Path(sys.argv[1]))
    script.check_device = lambda device: None
    del sys.argv[0]
    script.main()


if __name__ == "__main__":
    main()
