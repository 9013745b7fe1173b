"""Files that do not fit into memory: reading, preparing and training against polars and against memory.

Needs 8 GB on the disk of the folder for temporary files. Every figure comes from a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
import psutil

from lrtui.core.config import Config, changed
from lrtui.core.store.messages import Start, Stop
from lrtui.datasets.source import Source
from tests.benchmarks.report import Result, duration, pairs, seconds

COLUMNS = 28
ROWS, QUICK_ROWS = 11_000_000, 1_000_000
PIECE = 250_000  # rows written at a time
MEMORY = 2_000_000_000  # bytes that the engine may hold
LONG = changed(Config(), epochs=1_000_000, batch_size=0)
POLL_SECONDS = 0.02
REST_SECONDS = 5.0  # that a run is watched while it trains
STOP_SECONDS = 0.5


def write_tables(folder: Path, rows: int) -> tuple[Path, Path]:
    """The same rows as CSV and as Parquet: normal features, labels that follow them with noise."""
    random, weights = np.random.default_rng(0), np.random.default_rng(1).normal(size=COLUMNS)
    csv, parquet = folder / "large.csv", folder / "large.parquet"
    with csv.open("wb") as file:
        for start in range(0, rows, PIECE):
            X = random.standard_normal((min(PIECE, rows - start), COLUMNS), np.float32)
            y = (X @ weights / 4 + random.logistic(size=len(X)) > 0).astype(np.int8)
            columns = {f"x{number}": X[:, number - 1] for number in range(1, COLUMNS + 1)}
            frame = pl.DataFrame({**columns, "y": y})
            frame.write_csv(file, float_precision=6, include_header=start == 0)
    pl.scan_csv(csv, schema_overrides=dict.fromkeys(columns, pl.Float32)).sink_parquet(parquet)
    return csv, parquet


def in_process(what: str, *arguments: object) -> float:
    """Seconds that a piece of work takes in a process of its own, imports not counted."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.large", what, *map(str, arguments)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(json.loads(done.stdout))


def ours(path: Path, folder: Path) -> float:
    """Reading and preparing a file that was never seen before."""
    with TemporaryDirectory(dir=folder) as cache:
        return in_process("prepare", path, cache)


def measure(quick: bool = False) -> list[Result]:
    """Medians of pairs; peaks of a single engine, watched while it reads, prepares and trains."""
    rows, runs = (QUICK_ROWS if quick else ROWS), 3
    with TemporaryDirectory(prefix="lrtui-bench-") as name:
        folder = Path(name)
        csv, parquet = write_tables(folder, rows)
        size = f"{rows:,}×{COLUMNS}, CSV of {csv.stat().st_size / 1e9:.2g} GB"
        prepare, read = partial(ours, csv, folder), partial(in_process, "polars", csv)
        took, against, ratio = pairs(prepare, read, runs)
        found = [
            Result(f"{size}, read and prepared", duration(took), f"polars {duration(against)}", ratio, 2.0)
        ]
        took, against, ratio = pairs(partial(ours, parquet, folder), prepare, runs)
        found.append(Result("Parquet of the same", duration(took), f"CSV {duration(against)}", ratio, 1.0))
        with TemporaryDirectory(dir=folder) as cache:
            first = in_process("prepare", csv, cache)
            # The system is still writing what came first, which one measurement may be held up by.
            again = median(in_process("prepare", csv, cache) for _ in range(3))
            what = "opened again, from the cache"
            found.append(Result(what, duration(again), f"first {duration(first)}", again / first, 0.1))
            epoch = partial(in_process, "epoch", csv, cache)
            took, against, ratio = pairs(epoch, partial(epoch, "memory"), runs)
            memory = f"from memory {duration(against)}"
            found.append(Result("full-batch epoch from disk", duration(took), memory, ratio, 2.0))
        peak, stopping = engine_peak(csv, folder / "home")
        limit = f"{MEMORY / 1e6:,.0f} MB"
        what = "engine memory: reading, preparing, training"
        found.append(Result(what, f"{peak / 1e6:,.0f} MB", limit, peak / MEMORY, 1.0))
        found.append(
            Result(
                "x while it reads",
                duration(stopping),
                duration(STOP_SECONDS),
                stopping / STOP_SECONDS,
                1.0,
            )
        )
        return found


def engine_peak(path: Path, home: Path) -> tuple[int, float]:
    """Bytes that an engine holds at most from start to training, and the seconds that a stop takes."""
    environment = {"LRTUI_HOME": str(home), "LRTUI_CACHE": str(home / "cache")}
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        return _watch_engine(path)
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def _watch_engine(path: Path) -> tuple[int, float]:
    from lrtui.core.engine.launch import start_engine
    from lrtui.core.store import Status, Store

    engine = start_engine()
    process, peak = psutil.Process(engine.process.pid), 0
    source = Source(str(path), target="y")
    with Store() as store:

        def begin() -> int:
            run_id = store.runs.create(source, LONG, origin="benchmark", owner=engine.token)
            store.commands.send(engine.token, Start(run_id))
            return run_id

        def until(done: Callable[[], bool]) -> None:
            nonlocal peak
            while not done():
                peak = max(peak, process.memory_info().rss)
                time.sleep(POLL_SECONDS)

        run_id = begin()
        # In the quick mode the file is small enough to be read at once.
        until(lambda: engine.token in store.loads.all() or store.runs.get(run_id).epoch > 0)
        store.commands.send(engine.token, Stop(run_id))
        stopping = seconds(lambda: until(lambda: store.runs.get(run_id).status is Status.STOPPED))
        run_id = begin()
        until(lambda: store.runs.get(run_id).status is not Status.QUEUED)
        trained = time.monotonic() + REST_SECONDS
        until(lambda: time.monotonic() > trained)
        store.commands.send(engine.token, Stop(run_id))
        until(lambda: not store.runs.get(run_id).status.live)
        engine.let_go()
        engine.process.wait()
    return peak, stopping


def _prepare(path: str, cache: str) -> object:
    os.environ["LRTUI_CACHE"] = cache
    from lrtui.core.training.problem import problem_of
    from lrtui.datasets import loading
    from lrtui.datasets.loading import load

    loading.LARGE_BYTES = 0
    return problem_of(load(Source(path, target="y")), LONG)


def _epoch(path: str, cache: str, where: str = "disk") -> float:
    from dataclasses import replace

    from lrtui.core.training.trainer import Trainer
    from lrtui.datasets.preparing.problem import Problem

    problem = _prepare(path, cache)
    assert isinstance(problem, Problem)
    if where == "memory":
        copies = {name: getattr(problem, name).copy() for name in ("design_train", "design_test")}
        problem = replace(problem, **copies)
    trainer = Trainer(problem, changed(LONG, device="cpu"))
    trainer.advance(epochs=1)
    return median(seconds(lambda: trainer.advance(epochs=1)) for _ in range(5))


def main(arguments: list[str]) -> None:
    """In the process of its own."""
    what, path, *rest = arguments
    if what == "polars":
        print(json.dumps(seconds(lambda: pl.read_csv(path))))
    elif what == "prepare":
        import lrtui.core.training.trainer
        import lrtui.datasets.ingest.large
        import lrtui.datasets.preparing.on_disk  # noqa: F401 - so that importing is not counted

        print(json.dumps(seconds(lambda: _prepare(path, *rest))))
    else:
        print(json.dumps(_epoch(path, *rest)))


if __name__ == "__main__":
    main(sys.argv[1:])
