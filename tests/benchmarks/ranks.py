"""Training by several processes: one rank against two with a core each, bytes sent, and delays injected.

Needs 5 GB on the disk of the folder for temporary files, and two cores that nobody else uses.
"""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl
import psutil
from torch import Tensor

from tests.benchmarks.report import Result, duration, pairs
from tests.benchmarks.scaling import bytes_of, sent, waiting

COLUMNS = 28
ROWS, QUICK_ROWS = 11_000_000, 1_000_000  # of fewer, fractions of a second say little
FILES = 4
EPOCHS = 4  # of newton that each take a step
DELAY = 0.02  # seconds, in the mean
UPDATES = 100
ROOT = Path(__file__).parents[2]


def write_files(folder: Path, rows: int) -> None:
    """Normal features, labels that follow them with noise, in files of columns."""
    random_, weights = np.random.default_rng(0), np.random.default_rng(1).normal(size=COLUMNS)
    for number in range(FILES):
        X = random_.standard_normal((rows // FILES, COLUMNS), np.float32)
        y = (X @ weights / 4 + random_.logistic(size=len(X)) > 0).astype(np.int8)
        columns = {f"x{place + 1}": X[:, place] for place in range(COLUMNS)}
        pl.DataFrame({**columns, "y": y}).write_parquet(folder / f"part-{number}.parquet")


def trained(folder: Path, processes: int) -> float:
    """Seconds that a run of newton trains, its processes with a core each."""
    home = {"LRTUI_HOME": str(folder / "home"), "LRTUI_CACHE": str(folder / "cache")}
    cores = set(sorted(os.sched_getaffinity(0))[:processes])
    options = ["--optimizer", "newton", "--epochs", str(EPOCHS), "--processes", str(processes), "--json"]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "lrtui.tui",
            "train",
            str(folder / "part-*.parquet"),
            "--target",
            "y",
            *options,
        ],
        env={**os.environ, **home},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    return float(json.loads(done.stdout)["seconds"])


def measure(quick: bool = False) -> Iterator[Result]:
    """Strong scaling in pairs; what ranks send, and how they wait for the last of them."""
    rows, runs = (QUICK_ROWS, 3) if quick else (ROWS, 3)
    with TemporaryDirectory(prefix="lrtui-bench-") as name:
        folder = Path(name)
        write_files(folder, rows)
        two, one = partial(trained, folder, 2), partial(trained, folder, 1)
        took, against, ratio = pairs(two, one, runs, warm_up=not quick)
        what = f"newton, {EPOCHS} epochs of {rows:,}×{COLUMNS}, 2 ranks"
        yield Result(what, duration(took), f"1 rank {duration(against)}", ratio, 0.6)
    # What protocols add to a message is a few hundred bytes, whatever is in it.
    for optimizer, bar in (("newton", 1.5), ("sgd", 8.0)):
        # Others may use the loopback, too: the fewest are ours.
        found = min((together(2, optimizer) for _ in range(3)), key=lambda one: float(one["sent"]))
        expected = sent(2, bytes_of(COLUMNS, optimizer))
        sums, said = f"{found['sent']:,.0f} bytes", f"numbers alone {expected:,.0f} bytes"
        what = f"sent by each of 2 ranks in a step of {optimizer}"
        yield Result(what, sums, said, found["sent"] / expected, bar)
    for world in (2, 4):
        plain, late = together(world, "sgd"), together(world, "sgd", DELAY)
        extra, expected = late["seconds"] - plain["seconds"], waiting(world, DELAY)
        what = f"waiting for the last of {world}, each delayed by {duration(DELAY)} in the mean"
        yield Result(what, duration(extra), f"the model {duration(expected)}", extra / expected, 1.25)


def together(world: int, optimizer: str, delay: float = 0.0) -> dict[str, Any]:
    """What rank 0 of so many finds: seconds and bytes of an update."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = [str(world), str(port), optimizer, str(delay)]
    ranks = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.ranks", str(rank), *told],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for rank in range(world)
    ]
    outs = [rank.communicate()[0] for rank in ranks]
    found: dict[str, Any] = json.loads(outs[0])
    return found


def on_loopback() -> int:
    """Bytes that all processes of this machine have sent each other, headers included."""
    return int(psutil.net_io_counters(pernic=True)["lo"].bytes_sent)


def main(rank: int, world: int, port: int, optimizer: str, delay: float) -> None:
    """One rank, which trains on a small table."""
    import torch

    from lrtui.core.config import Config, changed
    from lrtui.core.distributed.group import Group
    from lrtui.core.distributed.meeting import meet
    from lrtui.core.distributed.place import Place
    from lrtui.core.distributed.rank import leave
    from lrtui.core.training.trainer import Trainer
    from lrtui.datasets.dataset import Dataset
    from lrtui.datasets.preparing.prepare import prepare
    from lrtui.datasets.preparing.sharing import share_of
    from lrtui.datasets.source import Source

    class Late(Group):
        """Ranks of which each comes late to every sum, by a time that is exponential."""

        def sum(self, *values: Tensor) -> Sequence[Tensor]:
            time.sleep(drawn.expovariate(1 / delay) if delay else 0.0)
            return super().sum(*values)

        def lead(self, what: str, **details: Any) -> None:
            """All do the same of themselves."""

    drawn = random.Random(rank)
    torch.set_num_threads(1)
    group = meet(Place(rank, world, rank, world, "127.0.0.1", port))
    late = Late(rank, world, 1, group.heartbeat)
    generator = np.random.default_rng(0)
    X = generator.normal(size=(400, COLUMNS))
    y = (X[:, 0] + generator.logistic(size=400) > 0).astype(np.int8)
    names = tuple(f"x{number}" for number in range(COLUMNS))
    whole = prepare(
        Dataset(Source("drawn"), X, y, names, ("0", "1")), scaling="none", test_size=0.2, split_seed=0
    )
    batch = 0 if optimizer == "newton" else -(-len(whole.y_train) // UPDATES)
    config = changed(Config(), optimizer=optimizer, batch_size=batch, epochs=2, weight_decay=0.01)
    trainer = Trainer(share_of(replace(whole), rank, world), config, ranks=late)
    late.gather(None)
    before, started = on_loopback(), time.perf_counter()
    trainer.advance(epochs=1)
    took, passed = time.perf_counter() - started, on_loopback() - before
    sums = 2 if optimizer == "newton" else -(-len(whole.y_train) // batch)  # newton looks ahead
    print(json.dumps({"seconds": took / sums, "sent": passed / world / sums}), flush=True)
    group.gather(None)
    leave(0)


if __name__ == "__main__":
    number, ranks_, port_, optimizer_, delay_ = sys.argv[1:]
    main(int(number), int(ranks_), int(port_), optimizer_, float(delay_))
