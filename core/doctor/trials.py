"""Trials: the same problem, seeds and config with something changed, trained to be compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from math import inf, isfinite

import numpy as np
import torch

from lrtui.core.config import Config
from lrtui.core.doctor.diagnosis import Scores
from lrtui.core.doctor.outcome import Outcome
from lrtui.core.doctor.problem_analysis import ProblemAnalysis
from lrtui.core.doctor.quantities.flexibility import balanced_accuracy
from lrtui.core.doctor.view import View
from lrtui.core.doctor.work import epoch_work
from lrtui.core.training.batch import BatchTrainer, batch_key
from lrtui.core.training.design import parts
from lrtui.core.training.device import use_threads
from lrtui.core.training.losses import find_loss
from lrtui.core.training.measurement import Measurement, threshold_of
from lrtui.core.training.metrics import measure
from lrtui.core.training.model import shaped
from lrtui.core.training.problem import problem_key, problem_of
from lrtui.core.training.scoring import WeightsAt
from lrtui.core.training.snapshotter import Snapshot
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.array_types import Floats
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.preparing.problem import Problem

SLICE_SECONDS = 0.05  # between two looks whether somebody else wants the machine
# Of work, which is counted as in ``work.py``:
LAST = 3.0  # for the change that is chosen, beyond the budget if need be
LEAST = 0.15  # a trial gets this much in any case
TOGETHER = 0.5  # what a config costs beside others, of what it costs alone


Tell = Callable[[int, float], None]
"""Hears now and then how many trials are done, and what part of the budget they took."""


def _to_nobody(_trials: int, _share: float) -> None:
    pass


class Cancelled(Exception):  # noqa: N818 - it tells of no error
    """Somebody else wants the machine; what was found so far is dropped."""


@dataclass(frozen=True)
class Trial:
    """One training.

    Attributes:
        config: what was trained. epochs: that were done, fewer than asked where time ran out.
        theta: the weights, bias last, (p + 1,) or (K, p + 1).
    """

    config: Config
    epochs: int
    measured: Measurement
    theta: Floats

    @property
    def loss(self) -> float:
        """The training loss; infinite where it is no number."""
        found = self.measured.train_loss
        return found if isfinite(found) else inf

    @property
    def cut(self) -> bool:
        """Whether time ran out before all epochs were done."""
        return self.epochs < self.config.epochs

    @property
    def remark(self) -> str:
        """That it was cut short, and where; else nothing."""
        return f"after {self.epochs:,} of {self.config.epochs:,} epochs" if self.cut else ""

    def balanced_accuracy(self, view: View, threshold: float) -> float:
        """On a part of the problem; of more than two classes there is no threshold."""
        return balanced_accuracy(view.likelihood.predictions(view.X @ self.theta.T, threshold), view.y)

    @property
    def scores(self) -> Scores:
        """What people compare; a loss that is no number is ``None``."""
        found = {field.name: getattr(self.measured, field.name) for field in fields(Scores)}
        return Scores(**{name: v for name, v in found.items() if v is not None and isfinite(v)})


class TrialRunner:
    """Runs trials on one dataset within a budget of work, and never the same twice.

    Attributes:
        dataset: ``None`` where only a problem is at hand: nothing else can be tried then.
        go_on: is asked now and then whether nobody else wants the machine.
        problems: by ``problem_key``, what the dataset was made so far. done: what has been trained.
    """

    def __init__(
        self, dataset: Dataset | None, budget: float, go_on: Callable[[], bool], tell: Tell = _to_nobody
    ) -> None:
        self.dataset, self.go_on, self._tell = dataset, go_on, tell
        self.problems: dict[tuple[object, ...], Problem] = {}
        self.done: dict[Config, Trial] = {}
        self._analyses: dict[tuple[object, ...], ProblemAnalysis] = {}
        self.begin(budget)

    def begin(self, budget: float) -> None:
        """Start to count: so much work from now on."""
        self._budget, self._spent = budget, 0.0

    @property
    def left(self) -> float:
        """What is left of the budget."""
        return self._budget - self._spent

    def problem(self, config: Config) -> Problem:
        """The problem that a config makes of the dataset.

        Raises:
            DatasetError: it cannot be made so.
        """
        key = problem_key(config)
        if key not in self.problems:
            assert self.dataset is not None, "only one problem is at hand"
            self.problems[key] = problem_of(self.dataset, config)
        return self.problems[key]

    def analysis(self, config: Config) -> ProblemAnalysis:
        """What can be known of that problem without training."""
        key = (problem_key(config), config.class_weight)
        if key not in self._analyses:
            self._analyses[key] = ProblemAnalysis(self.problem(config), config)
        return self._analyses[key]

    def check(self) -> None:
        """Raises ``Cancelled`` where somebody else wants the machine."""
        if not self.go_on():
            raise Cancelled
        self._tell(len(self.done), min(max(self._spent / self._budget, 0.0), 1.0))

    def run(self, configs: Sequence[Config], work: float = inf) -> list[Trial]:
        """Train configs, together where that can be, for so much work at most in all."""
        groups: dict[object, list[Config]] = {}
        for config in dict.fromkeys(configs):
            if config not in self.done:
                key = batch_key(config, len(self.problem(config).y_train))
                groups.setdefault(key or config, []).append(config)
        most = max(LEAST, min(work, self.left))
        for group in groups.values():
            before = self._spent
            found = self._together(group, most) if len(group) > 1 else [self._alone(group[0], most)]
            self.done.update(zip(group, found, strict=True))
            most -= self._spent - before
        return [self.done[config] for config in configs]

    def first(self, config: Config) -> tuple[Trial, Outcome]:
        """The run itself, whatever time that takes, and what became of it."""
        trainer, losses = Trainer(self.problem(config), config), list[float]()
        while self._goes_on(trainer):
            losses.extend(trainer.advance(seconds=SLICE_SECONDS))
        shown = trainer.shown()
        theta, early = np.array([*shown.weights, shown.bias]), trainer.stopped_early
        outcome = Outcome(theta, trainer.epoch, trainer.diverged_at, losses, early)
        return trial_of(config, config.epochs, shown), outcome

    def finished(self, trial: Trial) -> Trial:
        """A trial whose change is chosen, trained to its end where that costs little enough."""
        if not trial.cut:
            return trial
        found = self._alone(trial.config, LAST)
        self.done[trial.config] = found
        return found

    def _train(self, trainer: Trainer | BatchTrainer, epoch: float, work: float, until: int) -> None:
        """Go on up to an epoch, as far as the work allows, at least by one; ``epoch`` is what one costs."""
        last = min(until, trainer.epoch + max(int(min(work / epoch, until)), 1))
        first = trainer.epoch
        while trainer.epoch < last and self._goes_on(trainer):
            trainer.advance(epochs=last - trainer.epoch, seconds=SLICE_SECONDS)
        self._spent += (trainer.epoch - first) * epoch

    def _goes_on(self, trainer: Trainer | BatchTrainer) -> bool:
        """Whether there is more to train; ``check`` comes first."""
        self.check()
        use_threads(trainer.threads)
        return not trainer.finished

    def _alone(self, config: Config, work: float) -> Trial:
        trainer = Trainer(self.problem(config), config)
        self._train(trainer, epoch_work(config, self.problem(config)), work, config.epochs)
        # A run that diverged stops there, and is as bad as it will ever be; one that stopped early is done.
        done = config.epochs if trainer.diverged_at is not None or trainer.finished else trainer.epoch
        return trial_of(config, done, trainer.shown())

    def _together(self, configs: list[Config], work: float) -> list[Trial]:
        trainer = BatchTrainer(self.problem(configs[0]), configs)
        each = len(configs) * TOGETHER * epoch_work(configs[0], self.problem(configs[0]))
        self._train(trainer, each, work, configs[0].epochs)
        pairs = zip(configs, trainer.snapshots(), strict=True)
        done = trainer.epoch if len(trainer.diverged) < len(configs) else configs[0].epochs
        return [trial_of(config, done, snapshot) for config, snapshot in pairs]

    def look(self, config: Config, theta: Floats, epochs: int) -> Trial:
        """Known weights measured under a config: with another threshold, or the reference's own."""
        problem = self.problem(config)
        theta = shaped(theta, problem.classes)
        train, test = parts(problem, config, torch.device("cpu"), torch.float32)
        mark = WeightsAt(epochs, torch.from_numpy(theta).float(), threshold_of(config, problem.base_rate))
        measured = measure(find_loss(config.loss, problem.classes), [mark], train, test)[0]
        return Trial(config, epochs, measured, theta)

    def longer(
        self, config: Config, epochs: Sequence[int], enough: Callable[[Trial], bool], work: float
    ) -> Trial:
        """Train a config for ever more epochs (ascending) until it is enough, or the work is done.

        The trial's config has the epochs that were enough, or the most of them that there was work for.
        """
        longest = config.model_copy(update={"epochs": epochs[-1]})
        trainer = Trainer(self.problem(config), longest)
        each, start = epoch_work(config, self.problem(config)), self._spent
        most = max(LEAST, min(work, self.left))
        found = None
        for goal in epochs:
            self._train(trainer, each, most - (self._spent - start), goal)
            done = trainer.epoch if trainer.diverged_at is None else goal
            if found is not None and done < goal:
                break
            found = trial_of(config.model_copy(update={"epochs": done}), done, trainer.shown())
            if enough(found) or done < goal:
                break
        assert found is not None, "there are epochs to try"
        self.done[found.config] = found
        return found


def trial_of(config: Config, epochs: int, snapshot: Snapshot) -> Trial:
    """The trial that a snapshot tells of."""
    theta = np.array([*snapshot.weights, snapshot.bias], dtype=np.float64)
    return Trial(config, epochs, snapshot.measurement, shaped(theta, snapshot.measurement.classes))


def gained(before: Trial, after: Trial) -> str:
    """What a change wins, in words."""
    first, last = before.measured.test_balanced_accuracy, after.measured.test_balanced_accuracy
    return f"balanced accuracy goes from {first:.2f} to {last:.2f}"
