"""Time per epoch on small data: the trainer and ``lrtui train`` against the plain PyTorch loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isclose

from torch import Tensor

from lrtui.core.config import Config, changed
from lrtui.core.training.device import threads_for
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source
from tests.benchmarks.live import by_the_command_line
from tests.benchmarks.plain import best_threads, full_batch, mini_batches, tensors, threads
from tests.benchmarks.report import Result, duration, pairs, seconds

Loop = Callable[[Tensor, Tensor, Config], list[float]]
TASTE = 100  # epochs enough to tell how many threads suit a loop


@dataclass
class Race:
    """A dataset and a config that both sides train, each from prepared data to the last epoch's loss."""

    dataset: str
    config: Config
    loop: Loop

    def __post_init__(self) -> None:
        self.problem: Problem = problem_of(load(Source(self.dataset)), self.config)
        self.X, self.y = tensors(self.problem)
        taste = changed(self.config, epochs=min(TASTE, self.config.epochs))
        self.loop_threads = best_threads(lambda: self.loop(self.X, self.y, taste))
        self.last: dict[str, float] = {}

    def ours(self) -> float:
        """Seconds of the trainer, its construction included."""
        with threads(threads_for(*self.problem.X_train.shape)):
            return seconds(lambda: self._keep("ours", Trainer(self.problem, self.config).advance()[-1]))

    def plain(self) -> float:
        """Seconds of the plain loop."""
        with threads(self.loop_threads):
            return seconds(lambda: self._keep("plain", self.loop(self.X, self.y, self.config)[-1]))

    def _keep(self, side: str, loss: float) -> None:
        self.last[side] = loss

    def check(self, tolerance: float) -> None:
        """Both sides came to the same loss, or they did not do the same work."""
        if not isclose(self.last["ours"], self.last["plain"], rel_tol=tolerance):
            raise RuntimeError(f"{self.dataset}: the last losses differ: {self.last}")

    def against(self, took: float) -> str:
        """The opponent's figure, for the table."""
        loop = "plain loop" if self.loop is full_batch else "DataLoader loop"
        return f"{loop} {duration(took)}"


def measure(quick: bool = False) -> list[Result]:
    """Medians of pairs; both sides keep the loss of every epoch."""
    return [*_full_batch(quick), *_mini_batches(quick)]


def _full_batch(quick: bool) -> list[Result]:
    epochs, runs = (2_000, 1) if quick else (20_000, 7)
    config = Config(epochs=epochs, batch_size=0)
    race = Race("example-scaling", config, full_batch)
    what = f"example-scaling, full batch, SGD, {epochs:,} epochs"
    ours, plain, ratio = pairs(race.ours, race.plain, runs, warm_up=True)
    race.check(1e-4)
    found = [Result(what, duration(ours), race.against(plain), ratio, 0.06)]
    # The config's own loss is computed from logits, the loop's through a sigmoid; this one is too.
    same = Race("example-scaling", changed(config, loss="bce"), full_batch)
    ours, plain, ratio = pairs(same.ours, same.plain, runs, warm_up=True)
    same.check(1e-4)
    found.append(
        Result("the same, through a sigmoid too", duration(ours), same.against(plain), ratio, 0.06)
    )
    ours, plain, ratio = pairs(lambda: by_the_command_line(epochs), race.plain, runs, warm_up=True)
    found.append(Result("the same by lrtui train", duration(ours), race.against(plain), ratio, 0.08))
    return found


def _mini_batches(quick: bool) -> list[Result]:
    epochs, runs = (50, 1) if quick else (1_000, 7)
    found = []
    for optimizer, lr, bar in (("sgd", 0.1, 0.05), ("adam", 0.001, 0.25)):
        config = Config(epochs=epochs, batch_size=32, optimizer=optimizer, lr=lr)
        race = Race("breast-cancer", config, mini_batches)
        ours, plain, ratio = pairs(race.ours, race.plain, runs, warm_up=True)
        race.check(0.05)  # each side draws its own order of the rows
        what = f"breast-cancer, batches of 32, {'SGD' if optimizer == 'sgd' else 'Adam'}, {epochs:,} epochs"
        found.append(Result(what, duration(ours), race.against(plain), ratio, bar))
    return found
