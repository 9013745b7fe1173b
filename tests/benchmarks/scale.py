"""Large data: an epoch against reading the data once, ten times the rows, and peak memory.

Peak memory is measured in a process of its own, as Linux tells it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch

from lrtui.core.config import Config
from lrtui.core.training.device import threads_for
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.preparing.problem import Problem
from tests.benchmarks.plain import threads
from tests.benchmarks.prepared import size, table
from tests.benchmarks.report import Result, duration, pairs, seconds

COLUMNS = 100
EPOCHS = 5  # of a measurement: what a look at the state costs is part of it
FULL_BATCH, MINI_BATCH = 0, 1_024


def epoch_seconds(problem: Problem, batch_size: int = FULL_BATCH) -> Callable[[], float]:
    """A stopwatch for an epoch in the middle of a long run."""
    count = threads_for(*problem.X_train.shape)
    trainer = Trainer(problem, Config(epochs=1_000_000, batch_size=batch_size, device="cpu"))

    def measure() -> float:
        with threads(count):
            return seconds(lambda: trainer.advance(epochs=EPOCHS)) / EPOCHS

    return measure


def reading_seconds(problem: Problem) -> float:
    """Reading every number of the training part once, with the threads that training takes."""
    X = torch.from_numpy(problem.design_train)
    with threads(threads_for(*problem.X_train.shape)):
        return seconds(lambda: [X.sum() for _ in range(EPOCHS)]) / EPOCHS


def peak_over_data(rows: int, batch_size: int) -> tuple[int, int]:
    """Bytes that a process takes at most while it trains, and those of the prepared data in it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.scale", str(rows), str(batch_size)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    peak, data = json.loads(done.stdout)
    return peak, data


def measure(quick: bool = False) -> list[Result]:
    """Medians of pairs; peaks of single processes, which hardly vary."""
    rows, runs = 1_000_000, 3 if quick else 9  # fewer rows would be read from the processor's cache
    what = f"{rows:,}×{COLUMNS}, "
    found = []
    for batch_size in (FULL_BATCH, MINI_BATCH):
        peak, data = peak_over_data(rows, batch_size)
        how = f"batches of {batch_size:,}" if batch_size else "full batch"
        memory = f"{peak / 1e6:,.0f} MB", f"prepared data {data / 1e6:,.0f} MB"
        found.append(Result(f"{what}{how}, peak memory", *memory, peak / data, 1.3))
    large, small = table(rows, COLUMNS), table(rows // 10, COLUMNS)
    epoch, small_epoch = epoch_seconds(large), epoch_seconds(small)
    ours, against, ratio = pairs(epoch, partial(reading_seconds, large), runs, warm_up=True)
    reading = f"reading it once {duration(against)}"
    found.append(Result(f"{what}full-batch epoch", duration(ours), reading, ratio, 2.2))
    ours, against, ratio = pairs(epoch, small_epoch, runs, warm_up=True)
    fewer = f"{rows // 10:,} rows {duration(against)}"
    found.append(Result("the same, ten times the rows", duration(ours), fewer, ratio, 11))
    return found


def resident(field: str) -> int:
    """Bytes of memory that this process holds (``VmRSS``), or held at most (``VmHWM``)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:"))


def main(arguments: list[str]) -> None:
    """In the process of its own: make the data, train a few epochs, tell the peak beyond the imports."""
    rows, batch_size = map(int, arguments[1:])
    epoch_seconds(table(10_000, COLUMNS), batch_size)()  # imports and threads are not of the data's size
    before = resident("VmRSS")
    problem = table(rows, COLUMNS)
    epoch_seconds(problem, batch_size)()
    print(json.dumps([resident("VmHWM") - before, size(problem)]))


if __name__ == "__main__":
    main(sys.argv)
