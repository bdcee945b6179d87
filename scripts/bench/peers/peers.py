#!/usr/bin/env python3
"""Times a classic network in Keras or PyTorch, for `layerloom bench`; prints one line of JSON at the end.

    python peers.py versions
    python peers.py step --framework keras --network resnet-18 --batch 32
    python peers.py epoch --framework pytorch --network lenet --batch 256 --images train-images-idx3-ubyte
        --labels train-labels-idx1-ubyte --limit 60000

A step is forward, loss, backward and an SGD update on one batch that is already in memory, the loss read back each
time. An epoch has shuffling, batching, scaling and, with --augment, random flips and crops, and measures accuracy; the
first epoch of a process warms up and is not counted. Parameters are the trained ones.
"""

import argparse
import importlib
import importlib.metadata
import json

from networks import SIZES

MODULES = {"keras": "keras_peer", "pytorch": "torch_peer"}
PACKAGES = ("keras", "tensorflow", "tensorflow-cpu", "torch")


def versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def add_shared_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--framework", choices=sorted(MODULES), required=True)
    parser.add_argument("--network", choices=sorted(SIZES), required=True)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--channels-last", action="store_true", help="PyTorch's other layout")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("versions", help="which frameworks this environment has")
    step = commands.add_parser("step")
    add_shared_arguments(step)
    step.add_argument("--steps", type=int, default=5)
    step.add_argument("--warmup", type=int, default=2)
    step.add_argument("--inference-batch", type=int, default=128)
    step.add_argument("--inferences", type=int, default=3)
    epoch = commands.add_parser("epoch")
    add_shared_arguments(epoch)
    epoch.add_argument("--images", required=True, help="IDX file of the training images")
    epoch.add_argument("--labels", required=True, help="IDX file of their labels")
    epoch.add_argument("--limit", type=int, required=True, help="train on the first N images")
    epoch.add_argument("--epochs", type=int, default=2, help="counted ones")
    epoch.add_argument("--augment", action="store_true", help="random flips and crops")
    epoch.add_argument("--pipeline", choices=["arrays", "tf.data"], default="arrays", help="Keras's input")
    epoch.add_argument("--workers", type=int, default=0, help="processes of PyTorch's DataLoader")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    if args.command == "versions":
        print(json.dumps(versions()))
        return
    peer = importlib.import_module(MODULES[args.framework])
    (peer.run_steps if args.command == "step" else peer.run_epochs)(args)


if __name__ == "__main__":
    main()
