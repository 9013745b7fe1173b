"""A run as the doctor is told of it: its config, where it stands, and what can be had there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, isfinite, log
from typing import Literal

import numpy as np

from lrtui.core.config import Config, changed
from lrtui.core.doctor.diagnosis import Values
from lrtui.core.doctor.likelihood import Integers
from lrtui.core.doctor.outcome import Outcome
from lrtui.core.doctor.problem_analysis import ProblemAnalysis
from lrtui.core.doctor.quantities.paired import balanced_gain
from lrtui.core.doctor.quantities.remaining import Remaining, remaining
from lrtui.core.doctor.reference import Reference
from lrtui.core.doctor.trials import Trial, TrialRunner
from lrtui.core.training.measurement import threshold_of
from lrtui.core.training.model import class_shares, first_weights
from lrtui.core.training.stable_rate import acting_rate, has_theory, updates_per_epoch
from lrtui.datasets.array_types import Floats
from lrtui.datasets.classes import is_binary

LEARNABLE = ("features", "drop_columns", "missing", "missing_codes", "clip")  # what can be had hangs on
HEALED = 0.8  # of the gap: what a change must close to be named
ERRORS = 2.0  # standard errors: a difference beyond them is hardly chance
HARM = 0.05 - 1e-9  # of balanced accuracy: what counts as a difference in the answers
NEARLY = 0.005  # of the way from the base rate to the reference, or in nats: nothing more to gain


@dataclass(frozen=True)
class Axes:
    """The health of a run, on rows not seen: whether its labels and its probabilities are fine."""

    labels: bool
    probabilities: bool

    @property
    def fine(self) -> bool:
        """Both."""
        return self.labels and self.probabilities


@dataclass(frozen=True)
class Case:
    """A config under question, and the run that it is asked about.

    Attributes:
        config: the run's own, or with some changes on trial.
        run: the run itself as it stands. outcome: what became of it.
        reference: the best that a linear model can do with the run's features and class weights.
        part: on which part of the problem losses are compared.
    """

    lab: TrialRunner
    config: Config
    run: Trial
    outcome: Outcome
    reference: Reference
    part: Literal["train", "test"] = "train"

    @cached_property
    def analysis(self) -> ProblemAnalysis:
        """What can be known of the problem as this config sees it."""
        return self.lab.analysis(self.config)

    @cached_property
    def start(self) -> Floats:
        """The first weights, bias last, (p + 1,) or (K, p + 1)."""
        problem = self.analysis.problem
        columns = problem.design_train.shape[1] - 1
        return first_weights(self.config, columns, class_shares(problem))

    @property
    def epochs(self) -> int:
        """Epochs that were done: fewer than were asked for where patience ended the run."""
        early = self.outcome.stopped_early and self.config.patience > 0
        return self.outcome.epoch if early else self.config.epochs

    @property
    def rate(self) -> float:
        """The learning rate as it acts."""
        return acting_rate(self.config)

    @property
    def theory(self) -> bool:
        """Whether the constants of smoothness say anything of this optimizer's learning rate."""
        return has_theory(self.config)

    @property
    def binary(self) -> bool:
        """Whether there are two classes: one against the other."""
        return is_binary(self.run.measured.classes)

    @property
    def majority_label(self) -> str:
        """The class that most test rows are predicted to be of."""
        return self.analysis.problem.class_names[self.run.measured.majority_label]

    @property
    def parameters(self) -> int:
        """Weights that matter to a prediction: those of one class less than there are."""
        return int(self.analysis.train.X.shape[1]) * (max(self.run.measured.classes, 2) - 1)

    @property
    def knowing_nothing(self) -> float:
        """The loss of calling all classes equally likely, in nats: 0.693 for two."""
        return log(self.run.measured.classes)

    @property
    def safe_rate(self) -> float:
        """The largest learning rate that theory calls safe; 0 where it says nothing."""
        return self.analysis.smoothness.most_safe(self.config) or 0.0

    @property
    def updates_per_epoch(self) -> int:
        """Steps that the optimizer takes in one pass."""
        return updates_per_epoch(self.config, len(self.analysis.problem.y_train))

    @cached_property
    def way(self) -> Remaining:
        """What is left of the way from the first weights to the reference."""
        best = self.analysis.reference.theta
        return remaining(self.analysis.train, self.start, best, self.config.weight_decay)

    @property
    def ratio(self) -> float:
        """The learning rate over one that theory calls safe."""
        safe = self.safe_rate
        return self.config.lr / safe if safe > 0 else inf

    @property
    def rising(self) -> float:
        """Share of the run's epochs in which the training loss rose or was no number."""
        losses = np.asarray(self.outcome.losses, dtype=np.float64)
        if len(losses) < 2:
            return 0.0
        return float((~(np.diff(losses) <= 0)).mean())

    def with_changes(self, values: Values) -> Case:
        """The case with its config changed."""
        return replace(self, config=changed(self.config, **values))

    def trials(self, changes: Iterable[Values], work: float = inf) -> list[Trial]:
        """The run with each of these changes alone, all together for so much work."""
        return self.lab.run([changed(self.config, **values) for values in changes], work)

    def tried(self, values: Values, share: float = 1) -> Trial:
        """The run with a change, for a share of the work left, or to its end where that is near."""
        return self.lab.finished(self.trials([values], self.lab.left / share)[0])

    def with_run(self, run: Trial) -> Case:
        """The case of another run, with what was changed for it."""
        now = run.config
        same = all(getattr(now, field) == getattr(self.config, field) for field in LEARNABLE)
        reference = self.reference if same else self.lab.analysis(now).reference
        return replace(self, config=now, run=run, reference=reference)

    # --- judging ---

    def loss(self, trial: Trial) -> float:
        """What a trial loses on the part that is compared; infinite where that is no number."""
        found = trial.loss if self.part == "train" else trial.measured.test_loss
        return found if isfinite(found) else inf

    @cached_property
    def ridge(self) -> Trial:
        """What can be had on rows not seen: the model with the ridge that cross-validation chooses."""
        shrunk = self.analysis.reference.shrunk
        had = self.lab.look(self.config, shrunk, 0)
        if not self.binary:
            return had
        # Where another threshold does clearly better on the training rows, that can be had too.
        train, now = self.analysis.train, threshold_of(self.config, self.analysis.problem.base_rate)
        best, choice = had.balanced_accuracy(train, now) + HARM, None
        for name, value in ((0.5, 0.5), ("base-rate", self.analysis.problem.base_rate)):
            if (score := had.balanced_accuracy(train, value)) >= best:
                best, choice = score, name
        if choice is None:
            return had
        return self.lab.look(self.with_changes({"threshold": choice}).config, shrunk, 0)

    def axes(self, trial: Trial) -> Axes:
        """The health of a trial, on the test part against ``ridge``.

        Labels are bad where balanced accuracy is 0.05 or more below what could be had. Probabilities are
        bad where the log-loss is above by more than the slack; under other class weights there is no
        saying.
        """
        now, best = trial.measured, self.ridge.measured
        weighed = trial.config.class_weight != self.config.class_weight
        near = now.test_loss <= best.test_loss + self.reference.slack
        broken = not (isfinite(now.train_loss) and isfinite(now.test_loss))
        bad = self.labels_won(trial, self.ridge)
        return Axes(not bad and not broken, weighed or near)

    @property
    def overfitted(self) -> bool:
        """Whether the training rows are learned about as closely as with ``ridge``, and others suffer."""
        now, best = self.run.measured, self.ridge.measured
        closer = now.train_loss <= best.train_loss + self.reference.slack / 2
        return not self.health.probabilities and closer and self.analysis.reference.ridge > 0

    def labels_won(self, before: Trial, after: Trial) -> bool:
        """Whether balanced accuracy is higher by 0.05 or more, and not by what chance makes of few rows.

        Where the loss is lower too by more than the slack, that is no chance.
        """
        won = after.measured.test_balanced_accuracy - before.measured.test_balanced_accuracy
        fell = before.measured.test_loss - after.measured.test_loss
        return won >= HARM and (fell > self.reference.slack or self._beyond_chance(before, after))

    def _beyond_chance(self, before: Trial, after: Trial) -> bool:
        """Whether the same test rows show that balanced accuracy is higher."""
        y, first = self._test_answers(before)
        other, second = self._test_answers(after)
        if len(y) != len(other):
            return True  # rows that hold no number were left out of one: there are no pairs
        gain = balanced_gain(first, second, y)
        return gain.mean > ERRORS * gain.error

    def _test_answers(self, trial: Trial) -> tuple[Floats, Integers]:
        """The labels and the predictions of the test rows (n,)."""
        seen = self.lab.analysis(trial.config)
        cut = threshold_of(trial.config, seen.problem.base_rate)
        return seen.test.y, seen.test.likelihood.predictions(seen.test.X @ trial.theta.T, cut)

    @cached_property
    def health(self) -> Axes:
        """That of the run."""
        return self.axes(self.run)

    def improves(self, trial: Trial) -> bool:
        """Whether a trial is better than the run on an axis that is bad there, and harms no other."""
        now, then = self.health, self.axes(trial)
        if (now.labels and not then.labels) or (now.probabilities and not then.probabilities):
            return False
        before, after = self.run.measured, trial.measured
        won = after.test_balanced_accuracy - before.test_balanced_accuracy
        if won <= -HARM and not then.labels:
            return False
        two = before.one_label and not after.one_label and won > 0
        labels = not now.labels and (then.labels or won >= HARM or two)
        way = before.test_loss - self.ridge.measured.test_loss
        fell = (before.test_loss - after.test_loss) / max(way, 1e-12)
        return labels or (not now.probabilities and (then.probabilities or fell >= HEALED))

    @property
    def target(self) -> float:
        """The loss that can be had on the part that is compared.

        Where classes part, no weights have the lowest training loss; that of ``ridge`` stands for it.
        """
        exact = self.part == "train" and self.reference.loss > 0
        return self.reference.loss if exact else self.loss(self.ridge)

    @property
    def gap(self) -> bool:
        """Whether the run's loss is not close to what could be had."""
        return not self.reached_by(self.run)

    def reached_by(self, trial: Trial) -> bool:
        """``L ≤ L_ref + max(0.1·(H − L_ref), 0.03)``, on the part that is compared."""
        return self.loss(trial) <= self.target + self.reference.slack

    def closure(self, trial: Trial) -> float:
        """The share of the gap that a trial closes; −1 at the least."""
        before, after = self.loss(self.run), self.loss(trial)
        if not isfinite(before):
            return 1.0 if self.reached_by(trial) else 0.0
        gap = before - self.target
        found = (before - after) / gap if gap > 0 else 1.0
        return max(found, -1.0) if isfinite(found) else -1.0

    def heals(self, trial: Trial) -> bool:
        """Whether a trial closes the gap: the part that counts, to the reference or to a run in health."""
        return self.closure(trial) >= HEALED and (self.reached_by(trial) or self.axes(trial).fine)

    def enough(self, trial: Trial) -> bool:
        """Whether a trial leaves hardly anything to gain, of this loss or on rows not seen."""
        little = max(NEARLY * (self.reference.base_loss - self.reference.loss), 0.003)
        if not self.heals(trial):
            return False
        seen = self.loss(trial) <= self.target + little
        return seen or trial.measured.test_loss <= self.ridge.measured.test_loss + little
