"""Trials: the same problem, seeds and config with something changed, trained to be compared."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
import torch

from lrtui.core.config import Config
from lrtui.core.doctor.diagnosis import Scores
from lrtui.core.doctor.ground import Ground
from lrtui.core.doctor.view import Floats
from lrtui.core.training.batch import BatchTrainer, batch_key
from lrtui.core.training.design import parts
from lrtui.core.training.device import use_threads
from lrtui.core.training.lookout import Snapshot
from lrtui.core.training.measurement import Measurement
from lrtui.core.training.metrics import Mark, measure
from lrtui.core.training.model import shaped
from lrtui.core.training.problem import problem_key, problem_of
from lrtui.core.training.threshold import threshold_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.dataset import Dataset, Problem

SLICE_SECONDS = 0.05  # between two looks whether somebody else wants the machine
LAST_SECONDS = 3.0  # for the change that is chosen, beyond the budget if need be
LEAST_SECONDS = 0.15  # a trial gets this much in any case


class Cancelled(Exception):  # noqa: N818 - it tells of no error
    """Somebody else wants the machine; what was found so far is dropped."""


@dataclass(frozen=True)
class Trial:
    """One training.

    Attributes:
        config: what was trained. epochs: that were done, fewer than asked where time ran out.
        loss: the training loss; infinite where it is no number.
        theta: the weights, bias last, (p + 1,) or (K, p + 1).
    """

    config: Config
    epochs: int
    loss: float
    measured: Measurement
    theta: Floats

    @property
    def cut(self) -> bool:
        """Whether time ran out before all epochs were done."""
        return self.epochs < self.config.epochs

    @property
    def scores(self) -> Scores:
        """What people compare."""
        return scores_of(self.measured)


class Laboratory:
    """Runs trials on one dataset within a budget, and never the same twice."""

    def __init__(self, dataset: Dataset | None, budget: float, go_on: Callable[[], bool]) -> None:
        self.dataset = dataset
        self._until = time.perf_counter() + budget
        self._go_on = go_on
        self._problems: dict[tuple[object, ...], Problem] = {}
        self._grounds: dict[tuple[object, ...], Ground] = {}
        self._done: dict[Config, Trial] = {}

    @classmethod
    def of(cls, problem: Problem, config: Config) -> Laboratory:
        """One for a problem alone, whose dataset is not at hand: nothing else can be tried in it."""
        lab = cls(None, inf, lambda: True)
        lab._problems[problem_key(config)] = problem
        return lab

    def beside(self, dataset: Dataset) -> Laboratory:
        """One for another dataset, such as a part of this one, within the time that is left."""
        return Laboratory(dataset, self.left, self._go_on)

    def begin(self, budget: float) -> None:
        """Start the clock: so many seconds from now on."""
        self._until = time.perf_counter() + budget

    @property
    def left(self) -> float:
        """Seconds of the budget that are left."""
        return self._until - time.perf_counter()

    def problem(self, config: Config) -> Problem:
        """The problem that a config makes of the dataset.

        Raises:
            DatasetError: it cannot be made so.
        """
        key = problem_key(config)
        if key not in self._problems:
            assert self.dataset is not None, "only one problem is at hand"
            self._problems[key] = problem_of(self.dataset, config)
        return self._problems[key]

    def ground(self, config: Config) -> Ground:
        """What can be known of that problem without training."""
        key = (problem_key(config), config.class_weight)
        if key not in self._grounds:
            self._grounds[key] = Ground(self.problem(config), config)
        return self._grounds[key]

    def know(self, problem: Problem, trial: Trial) -> None:
        """Take over what has been trained elsewhere."""
        self._problems[problem_key(trial.config)] = problem
        self._done[trial.config] = trial

    def check(self) -> None:
        """Raises ``Cancelled`` where somebody else wants the machine."""
        if not self._go_on():
            raise Cancelled

    def run(self, configs: Sequence[Config], seconds: float = inf) -> list[Trial]:
        """Train configs, together where that can be, for so many seconds at most in all."""
        wanted = [config for config in dict.fromkeys(configs) if config not in self._done]
        until = time.perf_counter() + max(LEAST_SECONDS, min(seconds, self.left))
        for group in self._groups(wanted):
            found = self._together(group, until) if len(group) > 1 else [self._alone(group[0], until)]
            self._done.update(zip(group, found, strict=True))
        return [self._done[config] for config in configs]

    def finished(self, trial: Trial) -> Trial:
        """A trial whose change is chosen, trained to its end where that is but a matter of seconds."""
        if not trial.cut:
            return trial
        found = self._alone(trial.config, time.perf_counter() + LAST_SECONDS)
        self._done[trial.config] = found
        return found

    def _groups(self, configs: Iterable[Config]) -> list[list[Config]]:
        groups: dict[object, list[Config]] = {}
        for config in configs:
            key = batch_key(config, len(self.problem(config).y_train))
            groups.setdefault(key if key else config, []).append(config)
        return list(groups.values())

    def _advance(self, trainer: Trainer | BatchTrainer, until: float) -> None:
        while not trainer.finished:
            self.check()
            use_threads(trainer.threads)
            trainer.advance(seconds=SLICE_SECONDS)
            if time.perf_counter() > until:
                break

    def _alone(self, config: Config, until: float) -> Trial:
        trainer = Trainer(self.problem(config), config)
        self._advance(trainer, until)
        # A run that diverged stops there, and is as bad as it will ever be.
        done = config.epochs if trainer.diverged_at is not None else trainer.epoch
        return trial_of(config, done, trainer.snapshot())

    def _together(self, configs: list[Config], until: float) -> list[Trial]:
        trainer = BatchTrainer(self.problem(configs[0]), configs)
        self._advance(trainer, until)
        pairs = zip(configs, trainer.snapshots(), strict=True)
        done = trainer.epoch if len(trainer.diverged) < len(configs) else configs[0].epochs
        return [trial_of(config, done, snapshot) for config, snapshot in pairs]

    def look(self, config: Config, theta: Floats, epochs: int) -> Trial:
        """Known weights measured under a config: with another threshold, or the reference's own."""
        problem = self.problem(config)
        theta = shaped(theta, problem.classes)
        train, test = parts(problem, config, torch.device("cpu"), torch.float32)
        mark = Mark(epochs, torch.from_numpy(theta).float(), threshold_of(config, problem.base_rate))
        measured = measure(config.loss, [mark], train, test)[0]
        loss = measured.train_loss
        return Trial(config, epochs, loss if isfinite(loss) else inf, measured, theta)

    def longer(
        self, config: Config, epochs: Sequence[int], enough: Callable[[Trial], bool], seconds: float
    ) -> Trial:
        """Train a config for ever more epochs (ascending) until it is enough, or time has run out.

        The trial's config has the epochs that were enough, or as many as there was time for.
        """
        longest = config.model_copy(update={"epochs": epochs[-1]})
        trainer = Trainer(self.problem(config), longest)
        until = time.perf_counter() + max(LEAST_SECONDS, min(seconds, self.left))
        found: Trial | None = None
        for goal in epochs:
            while trainer.epoch < goal and not trainer.finished:
                self.check()
                use_threads(trainer.threads)
                trainer.advance(epochs=goal - trainer.epoch, seconds=SLICE_SECONDS)
                if time.perf_counter() > until:
                    break
            done = trainer.epoch if trainer.diverged_at is None else goal
            found = trial_of(config.model_copy(update={"epochs": done}), done, trainer.snapshot())
            if enough(found) or done < goal:
                break
        assert found is not None, "no epochs were given"
        self._done[found.config] = found
        return found


def trial_of(config: Config, epochs: int, snapshot: Snapshot) -> Trial:
    """The trial that a snapshot tells of."""
    loss = snapshot.measurement.train_loss
    theta = np.array([*snapshot.weights, snapshot.bias], dtype=np.float64)
    theta = shaped(theta, snapshot.measurement.classes)
    return Trial(config, epochs, loss if isfinite(loss) else inf, snapshot.measurement, theta)


def scores_of(measured: Measurement) -> Scores:
    """What people compare of a measurement."""

    def number(value: float | None) -> float | None:
        return value if value is not None and isfinite(value) else None

    return Scores(
        number(measured.train_loss),
        number(measured.test_loss),
        measured.test_accuracy,
        measured.test_balanced_accuracy,
        number(measured.test_auc),
        measured.majority_share,
    )
