"""A run on the doctor's desk: its config, where it stands, and what can be had there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, isfinite, log
from typing import Literal

import numpy as np

from lrtui.core.config import Config, changed
from lrtui.core.doctor.diagnosis import Values
from lrtui.core.doctor.ground import Ground
from lrtui.core.doctor.outcome import Outcome
from lrtui.core.doctor.quantities.remaining import Remaining, remaining
from lrtui.core.doctor.reference import Reference
from lrtui.core.doctor.trials import Laboratory, Trial
from lrtui.core.doctor.view import Floats
from lrtui.core.training.limits import acting_rate, has_theory, updates_per_epoch
from lrtui.core.training.model import first_weights, rates_of

HEALED = 0.8  # of the gap: what a change must close to be named
HARM = 0.05 - 1e-9  # of balanced accuracy: what counts as a difference in the answers
LOST = 100.0  # nats: where BCELoss cuts a row's loss off; a mean beyond it is no fit at all
A_LITTLE = 0.03  # of balanced accuracy or AUC: harm enough in a run that is sure of wrong answers
WIDEST = 1_500  # weights of more than two classes, beyond which their Hessian takes too long
BLOWN = 10 * log(2)  # nats: ten times what knowing nothing costs, so the answers are sure and wrong
WORSE = 0.05  # nats of test loss above the reference's that go with worse answers
NEARLY = 0.005  # of the way from the base rate to the reference, or in nats: nothing more to gain


@dataclass(frozen=True)
class Case:
    """A config under question, and the run that it is asked about.

    Attributes:
        config: the run's own, or with some changes on trial.
        run: the run itself as it stands. losses: its training losses.
        reference: the best that a linear model can do with the run's features and class weights.
        part: on which part of the problem losses are compared.
    """

    lab: Laboratory
    config: Config
    run: Trial
    outcome: Outcome
    reference: Reference
    part: Literal["train", "test"] = "train"

    @cached_property
    def ground(self) -> Ground:
        """What can be known of the problem as this config sees it."""
        return self.lab.ground(self.config)

    @property
    def reference_here(self) -> Reference:
        """The reference in terms of the features as this config sees them."""
        return self.ground.reference

    @cached_property
    def start(self) -> Floats:
        """The first weights, bias last, (p + 1,) or (K, p + 1)."""
        problem = self.ground.problem
        columns = problem.design_train.shape[1] - 1
        return first_weights(self.config, columns, rates_of(problem))

    @property
    def rate(self) -> float:
        """The learning rate as it acts."""
        return acting_rate(self.config)

    @property
    def theory(self) -> bool:
        """Whether the constants of smoothness say anything of this optimizer's learning rate."""
        return has_theory(self.config)

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return self.run.measured.classes

    @property
    def knowing_nothing(self) -> float:
        """The loss of calling all classes equally likely, in nats: 0.693 for two."""
        return log(self.classes)

    @property
    def way_known(self) -> bool:
        """Whether a matrix of all weights is small enough to tell the way."""
        return self.classes <= 2 or self.reference_here.theta.size <= WIDEST

    @property
    def safe_rate(self) -> float:
        """A learning rate that theory calls safe."""
        return self.ground.smoothness.safe_rate(self.config)

    @property
    def updates_per_epoch(self) -> int:
        """Steps that the optimizer takes in one pass."""
        return updates_per_epoch(self.config, len(self.ground.problem.y_train))

    @cached_property
    def way(self) -> Remaining:
        """What is left of the way from the first weights to the reference."""
        best = self.reference_here.theta
        return remaining(self.ground.train, self.start, best, self.config.weight_decay)

    @property
    def ratio(self) -> float:
        """The learning rate over one that theory calls safe."""
        safe = self.safe_rate
        return self.rate / safe if safe > 0 else inf

    @property
    def updates(self) -> int:
        """Steps of the optimizer in all epochs."""
        return self.config.epochs * self.updates_per_epoch

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

    # --- judging ---

    def loss(self, trial: Trial) -> float:
        """What a trial loses on the part that is compared; infinite where that is no number."""
        found = trial.loss if self.part == "train" else trial.measured.test_loss
        return found if isfinite(found) else inf

    @cached_property
    def best(self) -> Trial:
        """The reference, measured as a run is; its weights are for the features of this config."""
        return self.lab.look(self.config, self.reference_here.theta, 0)

    @property
    def target(self) -> float:
        """The loss of the reference on the part that is compared."""
        return self.reference.loss if self.part == "train" else self.loss(self.best)

    @property
    def gap(self) -> bool:
        """Whether the run's loss is not close to what could be had."""
        return not self.reached_by(self.run)

    def reached_by(self, trial: Trial) -> bool:
        """``L ≤ L_ref + max(0.1·(H − L_ref), 0.03)``, on the part that is compared."""
        return self.loss(trial) <= self.target + self.reference.slack

    @property
    def blown(self) -> bool:
        """Whether the run is sure of wrong answers, in both parts: far worse than knowing nothing."""
        blown = BLOWN * self.knowing_nothing / log(2)
        return not (self.run.loss <= blown or self.run.measured.test_loss <= blown)

    @property
    def misses(self) -> bool:
        """Whether the run has learned its training rows and answers others clearly worse than could be."""
        now, best = self.run.measured, self.best.measured
        lost = best.test_balanced_accuracy - now.test_balanced_accuracy
        return lost >= HARM and not now.test_loss <= best.test_loss + WORSE

    def closure(self, trial: Trial) -> float:
        """The share of the gap that a trial closes; −1 at the least."""
        before, after = self.loss(self.run), self.loss(trial)
        if not isfinite(before):
            return 1.0 if self.reached_by(trial) else 0.0
        gap = before - self.target
        found = (before - after) / gap if gap > 0 else 1.0
        return max(found, -1.0) if isfinite(found) else -1.0

    def heals(self, trial: Trial) -> bool:
        """Whether a trial closes the gap: the part that counts, and to where the reference is reached."""
        return self.reached_by(trial) and self.closure(trial) >= HEALED

    def enough(self, trial: Trial) -> bool:
        """Whether a trial leaves hardly anything to gain."""
        way = self.reference.base_loss - self.reference.loss
        return self.loss(trial) <= self.target + max(NEARLY * way, 0.003)

    def harmed(self, trial: Trial) -> bool:
        """Whether the run is worse than a trial in its answers; a little worse will do where it blew up."""
        if self.outcome.diverged_at is not None:
            return True
        before, after = self.run.measured, trial.measured
        won = after.test_balanced_accuracy - before.test_balanced_accuracy
        ranks = (after.test_auc or 0.5) - (before.test_auc or 0.5)
        single = before.one_label and not after.one_label
        lost = not min(self.run.loss, before.test_loss) <= LOST
        return single or won >= HARM or lost or (self.blown and max(won, ranks) >= A_LITTLE)
