"""How the time of an epoch grows with rows, columns, epochs and batch size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median

from lrtui.core.config import Config
from lrtui.core.training.device import threads_for
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source
from tests.benchmarks.plain import threads
from tests.benchmarks.prepared import table
from tests.benchmarks.report import Cost, seconds

ROWS = (100, 1_000, 10_000, 100_000, 1_000_000)
COLUMNS = (1, 10, 100, 1_000)
EPOCHS = (100, 1_000, 10_000, 100_000, 1_000_000)
BATCHES = (8, 32, 128, 512, 2_048, 8_192, 0)
QUICK_SECONDS, SECONDS = 0.02, 0.3  # a measurement lasts about so long
RUNS = 5

Watch = Callable[[], float]


def measure(quick: bool = False) -> Iterator[Cost]:
    """Medians; the sizes of a group in turn, so that a drifting machine drifts for all."""
    lasting, runs = (QUICK_SECONDS, 1) if quick else (SECONDS, RUNS)
    most = 100_000 if quick else max(ROWS)
    yield from _growth(
        "rows, of 100 columns, full batch",
        [(f"{n:,}", _steady(table(n, 100), 0, lasting)) for n in ROWS if n <= most],
        runs,
    )
    yield from _growth(
        "columns, 10,000 rows, full batch",
        [(f"{p:,}", _steady(table(10_000, p), 0, lasting)) for p in COLUMNS],
        runs,
    )
    yield from _growth(
        "epochs, example-scaling, full batch",
        [(f"{epochs:,}", _whole(epochs)) for epochs in EPOCHS if epochs <= most],
        runs,
    )
    rows = table(10_000, 30)
    yield from _growth(
        "batch size, 10,000 rows of 30 columns",
        [(f"{size:,}" if size else "all rows", _steady(rows, size, lasting)) for size in BATCHES],
        runs,
    )


def _growth(grows: str, watches: list[tuple[str, Watch]], runs: int) -> Iterator[Cost]:
    for _, watch in watches:
        watch()
    found = list(zip(*([watch() for _, watch in watches] for _ in range(runs)), strict=True))
    before = None
    for (size, _), took in zip(watches, map(median, found), strict=True):
        yield Cost(grows, size, took, before)
        before = took


def _steady(problem: Problem, batch_size: int, lasting: float) -> Watch:
    """Seconds of an epoch in the middle of a long run."""
    trainer = Trainer(problem, Config(epochs=10_000_000, batch_size=batch_size, device="cpu"))
    count = threads_for(*problem.X_train.shape)

    def watch() -> float:
        first = trainer.epoch
        with threads(count):
            took = seconds(lambda: trainer.advance(seconds=lasting))
        return took / (trainer.epoch - first)

    return watch


def _whole(epochs: int) -> Watch:
    """Seconds of an epoch, the mean over a whole run from its first to its last."""
    config = Config(epochs=epochs, batch_size=0)
    problem = problem_of(load(Source("example-scaling")), config)

    def watch() -> float:
        trainer = Trainer(problem, config)
        with threads(threads_for(*problem.X_train.shape)):
            return seconds(trainer.advance) / epochs

    return watch
