"""What both frameworks' programs measure alike: seconds, peak memory, and one line of JSON for the reader."""

import json
import resource
import sys
import time
from collections.abc import Callable


#: An epoch that takes longer is long enough to be timed once.
SLOW_EPOCH_MS = 10_000


def peak_bytes() -> int:
    """Most memory that this process has held. Not ru_maxrss on Linux: there it counts the parent before exec too."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            line = next(line for line in status if line.startswith("VmHWM:"))
            return int(line.split()[1]) * 1024
    except OSError:
        # Bytes on macOS, the only other platform with this module.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def milliseconds_of(action: Callable[[], object], warmup: int, count: int) -> list[float]:
    """Each of the counted calls; those before them warm up."""
    for _ in range(warmup):
        action()
    times = []
    for _ in range(count):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return times


def measure_steps(train: Callable[[], float], infer: Callable[[], float], args) -> dict:
    """Training steps, then inference; memory is that of training."""
    train()
    first_step_at = time.time() * 1000
    step_ms = milliseconds_of(train, args.warmup - 1, args.steps)
    peak = peak_bytes()
    return {
        "firstStepAt": first_step_at,
        "stepMs": step_ms,
        "peakBytes": peak,
        "inferenceMs": milliseconds_of(infer, 1, args.inferences),
    }


def measure_epochs(train_epoch: Callable[[], float], args) -> dict:
    """`train_epoch` trains one epoch and gives its loss; the first one warms up. Of slow ones one counts."""
    (warmup_ms,) = milliseconds_of(train_epoch, 0, 1)
    count = 1 if warmup_ms > SLOW_EPOCH_MS else args.epochs
    return {"epochMs": milliseconds_of(train_epoch, 0, count), "peakBytes": peak_bytes()}


def report(parameters: int, figures: dict) -> None:
    """The last line of the output; libraries may print before it."""
    sys.stdout.write("\n" + json.dumps({"params": int(parameters), **figures}) + "\n")
