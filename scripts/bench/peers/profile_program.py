"""What a step or an evaluation of a compiled program spends its time on: every operation traced by TensorFlow itself."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

import argparse
import json
import re
import statistics
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import tensorflow as tf

v1 = tf.compat.v1
WARMUP = 3
PLAIN_RUNS = 8
TRACED_RUNS = 5


def open_session(folder: Path, program: dict, at_once: int) -> v1.Session:
    config = v1.ConfigProto(inter_op_parallelism_threads=at_once)
    session = v1.Session(graph=tf.Graph(), config=config)
    v1.saved_model.loader.load(session, ["serve"], str(folder))
    session.run(program["init"]["fetches"], {program["init"]["feeds"]["seed"]: 1})
    generator = np.random.default_rng(1)
    for split, task in (("train", "train"), ("test", "evaluate")):
        count = program["batches"][task]
        images, labels = (program["data"][split][name] for name in ("images", "labels"))
        values = generator.integers(0, 256, [count, *program["input"]], np.uint8)
        classes = generator.integers(0, program["classes"], [count], np.int32)
        session.run(images["done"], {images["value"]: values})
        session.run(labels["done"], {labels["value"]: classes})
    return session


def feeds_of(program: dict, task: str, step: int) -> dict:
    values = {
        "indices": np.arange(program["batches"][task], dtype=np.int32),
        "step": step,
        "seed": 1,
        "learningRate": 0.01,
    }
    return {endpoint: values[name] for name, endpoint in program[task]["feeds"].items()}


def plain_time(session: v1.Session, program: dict, task: str) -> float:
    """Median seconds of a call that nobody traces, as the engine makes it."""
    call = session.make_callable(program[task]["fetches"], list(feeds_of(program, task, 0)))
    times = []
    for step in range(WARMUP + PLAIN_RUNS):
        values = list(feeds_of(program, task, step).values())
        start = time.perf_counter()
        call(*values)
        times.append(time.perf_counter() - start)
    return statistics.median(times[WARMUP:])


def traced_times(session: v1.Session, program: dict, task: str) -> dict[tuple[str, str], float]:
    """Mean seconds of each operation, by its name and op."""
    options = v1.RunOptions(trace_level=v1.RunOptions.FULL_TRACE)
    times = defaultdict(float)
    for step in range(WARMUP + TRACED_RUNS):
        metadata = v1.RunMetadata()
        session.run(program[task]["fetches"], feeds_of(program, task, step), options, metadata)
        if step < WARMUP:
            continue
        for device in metadata.step_stats.dev_stats:
            for node in device.node_stats:
                label = re.match(r".* = (\w+)\(", node.timeline_label)
                op = label.group(1) if label else node.node_name
                times[node.node_name, op] += (node.op_end_rel_micros - node.op_start_rel_micros) / 1e6 / TRACED_RUNS
    return times


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("task", choices=["train", "evaluate"])
    parser.add_argument("--operations", type=int, default=0, help="how many single operations to list")
    args = parser.parse_args()
    program = json.loads((args.folder / "program.json").read_text())
    wall = plain_time(open_session(args.folder, program, 0), program, args.task)
    # Beside one another, operations wait for each other's threads.
    times = traced_times(open_session(args.folder, program, 1), program, args.task)
    total = sum(times.values())
    kinds, counts = defaultdict(float), defaultdict(int)
    for (_, op), seconds in times.items():
        kinds[op] += seconds
        counts[op] += 1
    print(f"a call takes {wall * 1e3:.1f} ms; its operations one by one, {total * 1e3:.1f} ms together:")
    for op, seconds in sorted(kinds.items(), key=lambda item: -item[1]):
        if seconds > 0.01 * total:
            print(f"  {100 * seconds / total:5.1f} %  {seconds * 1e3:8.2f} ms  {counts[op]:4d}  {op}")
    for (name, op), seconds in sorted(times.items(), key=lambda item: -item[1])[: args.operations]:
        print(f"  {seconds * 1e3:8.2f} ms  {op}  {name}")


if __name__ == "__main__":
    main()
