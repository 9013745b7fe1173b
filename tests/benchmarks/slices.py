"""What slicing costs: a run with commands, store and snapshots against a trainer that runs flat out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from lrtui.core.config import Config
from lrtui.core.engine.drive import drive
from lrtui.core.engine.run_session import RunSession
from lrtui.core.store import Status
from lrtui.core.training.device import threads_for
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source
from tests.benchmarks.plain import threads
from tests.benchmarks.report import Result, duration, pairs, seconds
from tests.benchmarks.stores import opened

OWNER = "benchmark"
BAR = 1.03


class Unasked:
    """Nobody asks for anything from outside."""

    stop = False
    put_down = False


def in_slices(problem: Problem, config: Config) -> float:
    """Seconds of a run from open to ended, as the engine and ``lrtui train`` drive it."""
    with TemporaryDirectory(prefix="lrtui-bench-") as home, opened(Path(home)) as store:
        run_id = store.runs.create(problem.source, config, origin="command line", owner=OWNER)
        session = RunSession(store, run_id, OWNER, problem)
        session.open()
        took = seconds(lambda: drive(session, Unasked(), lambda _: None))
        run = store.runs.get(run_id)
    if run.status is not Status.FINISHED or run.epoch != config.epochs:
        raise RuntimeError(f"the run ended as {run.status} at epoch {run.epoch}")
    return took


def flat_out(problem: Problem, config: Config) -> float:
    """Seconds of the same epochs in one go."""
    trainer = Trainer(problem, config)
    return seconds(trainer.advance)


def measure(quick: bool = False) -> list[Result]:
    """Medians of pairs."""
    runs = 1 if quick else 9
    found = []
    for name, batch_size, epochs in (("example-scaling", 0, 500_000), ("breast-cancer", 32, 30_000)):
        config = Config(epochs=epochs // 20 if quick else epochs, batch_size=batch_size)
        problem = problem_of(load(Source(name)), config)
        with threads(threads_for(*problem.X_train.shape)):
            sides = partial(in_slices, problem, config), partial(flat_out, problem, config)
            ours, against, ratio = pairs(*sides, runs, warm_up=True)
        batches = f"batches of {batch_size}" if batch_size else "full batch"
        what = f"{name}, {batches}, {config.epochs:,} epochs in slices, stored"
        found.append(Result(what, duration(ours), f"flat out {duration(against)}", ratio, BAR))
    return found
