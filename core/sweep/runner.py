"""Runs a sweep: configs that can be trained together are, the others follow one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import torch

from lrtui.core.config import Config
from lrtui.core.sweep.plan import SweepPlan
from lrtui.core.sweep.points import Point
from lrtui.core.training.batch import BatchTrainer, batch_key
from lrtui.core.training.device import use_threads
from lrtui.core.training.problem import problem_key, problem_of
from lrtui.core.training.snapshotter import Snapshot
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.progress import NOBODY, Progress

LOOK_SECONDS = 0.2  # between two measurements of what is still training
SLICE_SECONDS = 0.03


class SweepRunner:
    """Advance it until it is ``finished``; ``points`` are as far as they are."""

    def __init__(self, dataset: Dataset, plan: SweepPlan, *, dtype: torch.dtype = torch.float32) -> None:
        self.points = [Point(values) for values in plan.points()]
        self.finished = False
        self.seconds = 0.0  # spent training
        self._dataset = dataset
        self._configs = plan.configs()
        self._dtype = dtype
        self._problems: dict[tuple[object, ...], Problem] = {}
        self._work = self._train_all()
        self._budget = SLICE_SECONDS
        self._progress = 0.0

    def advance(self, seconds: float) -> None:
        """Go on for about so long.

        Raises:
            LrtuiError: a problem cannot be prepared as a config asks, or its device cannot be had.
        """
        started = time.perf_counter()
        self._budget = seconds
        while not self.finished and time.perf_counter() - started < seconds:
            if next(self._work, None) is None:
                self.finished = True
        self.seconds += time.perf_counter() - started

    def run(self, go_on: Callable[[], bool] = lambda: True) -> None:
        """Go on to the end, or for as long as ``go_on``, which is asked now and then, says so."""
        while not self.finished and go_on():
            self.advance(SLICE_SECONDS)

    @property
    def progress(self) -> float:
        """The share of all epochs that is done; points that diverged together begin again alone."""
        total = sum(config.epochs for config in self._configs)
        pairs = zip(self.points, self._configs, strict=True)
        done = sum(config.epochs if point.done else point.epoch for point, config in pairs)
        self._progress = max(self._progress, done / total)
        return self._progress

    def _train_all(self) -> Iterator[bool]:
        groups: dict[tuple[object, ...], list[int]] = {}
        for number, config in enumerate(self._configs):
            rows = len(self._problem(config).y_train)
            key = batch_key(config, rows)
            # One that is alone has no use for matrices.
            groups.setdefault((key,) if key else (key, number), []).append(number)
        for numbers in groups.values():
            if len(numbers) > 1:
                yield from self._together(numbers)
            else:
                yield from self._alone(numbers[0])

    def prepare(self, watch: Progress = NOBODY) -> None:
        """Prepare everything that will be trained on, which otherwise happens when it is needed.

        Raises:
            LrtuiError: it cannot be prepared. Cancelled: the watcher says so.
        """
        for config in self._configs:
            self._problem(config, watch)

    def _problem(self, config: Config, watch: Progress = NOBODY) -> Problem:
        key = problem_key(config)
        if key not in self._problems:
            single = self._dtype is torch.float32
            self._problems[key] = problem_of(self._dataset, config, single=single, watch=watch)
        return self._problems[key]

    def _together(self, numbers: list[int]) -> Iterator[bool]:
        configs = [self._configs[number] for number in numbers]
        trainer = BatchTrainer(self._problem(configs[0]), configs, dtype=self._dtype)
        looked = time.monotonic()
        while not trainer.finished:
            use_threads(trainer.threads)
            trainer.advance(seconds=self._budget)
            if time.monotonic() - looked > LOOK_SECONDS and not trainer.finished:
                self._note(numbers, trainer, done=False)
                looked = time.monotonic()
            yield True
        self._note(numbers, trainer, done=True)
        yield True
        for place in sorted(trainer.diverged):
            yield from self._alone(numbers[place])  # which tells at what epoch, and stops there if asked

    def _note(self, numbers: list[int], trainer: BatchTrainer, *, done: bool) -> None:
        for place, (number, snapshot) in enumerate(zip(numbers, trainer.snapshots(), strict=True)):
            sound = place not in trainer.diverged
            self._set(number, snapshot, trainer.epoch, done and sound)

    def _alone(self, number: int) -> Iterator[bool]:
        config = self._configs[number]
        trainer = Trainer(self._problem(config), config, dtype=self._dtype)
        while not trainer.finished:
            use_threads(trainer.threads)
            trainer.advance(seconds=self._budget)
            self._set(number, trainer.shown(), trainer.epoch, trainer.finished, trainer.diverged_at)
            yield True

    def _set(
        self, number: int, snapshot: Snapshot, epoch: int, done: bool, diverged_at: int | None = None
    ) -> None:
        values, measured = self.points[number].values, snapshot.measurement
        self.points[number] = Point(values, epoch, done, diverged_at, measured)
