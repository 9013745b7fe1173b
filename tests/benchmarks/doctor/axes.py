"""The two axes of health, by the numbers of scikit-learn's reference and of nobody else.

``labels``: one label, or balanced accuracy more than 0.05 below what could be had. ``probabilities``: test
log-loss above what could be had by more than ``max(0.1·(H − L_ref), 0.03)``. A narrow band around either
bar is nobody's: a case that lies there is void.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.doctor.records import Setup
from tests.benchmarks.doctor.reference import Reference, reference
from tests.benchmarks.doctor.runs import Answers, run

BELOW = 0.05  # of balanced accuracy
BAND = 0.015  # of balanced accuracy, to either side
SHARE = 0.2  # of the slack of the loss, to either side


@dataclass(frozen=True)
class Axes:
    """How far a run is from what could be had.

    Attributes:
        below: balanced accuracy, how much lower. above: test loss, in units of its slack.
        disputed: whether another ridge that is as likely has it otherwise whether the loss is fine.
    """

    below: float
    above: float
    single_label: bool
    disputed: bool = False

    @property
    def labels(self) -> bool:
        """Whether the labels are fine; one label is, where the reference itself can do no better."""
        return self.below <= BELOW + 1e-9 and not (self.single_label and self.below > 0)

    @property
    def probabilities(self) -> bool:
        """Whether the probabilities are fine."""
        return self.above <= 1

    @property
    def fine(self) -> bool:
        """Whether both are."""
        return self.labels and self.probabilities

    @property
    def status(self) -> str:
        """The verdict that is owed to such a run, where a fix can be had; empty where two would do."""
        if self.doubtful or self._near_labels:
            return ""
        return "healthy" if self.fine else "improvable" if self.labels else "sick"

    @property
    def doubtful(self) -> bool:
        """Whether it hangs on the width of a bar that anything is wrong at all."""
        near_loss = abs(self.above - 1) < SHARE or self.disputed
        clearly = not (self.labels or self._near_labels) or (self.above >= 1 and not near_loss)
        return not clearly and (self._near_labels or near_loss)

    @property
    def _near_labels(self) -> bool:
        if self.single_label:
            return self.below < BAND
        return abs(self.below - BELOW) < BAND

    def __str__(self) -> str:
        label = "one label, " if self.single_label else ""
        return f"{label}balanced accuracy {self.below:+.3f} below, loss {self.above:.2f} of the slack above"


def axes(setup: Setup) -> Axes:
    """Of a setup's run, against the reference of the same rows and features."""
    return measured(run(setup), reference(setup))


def measured(found: Answers, best: Reference) -> Axes:
    """Of answers, against a reference."""
    below = best.level.balanced_accuracy - found.level.balanced_accuracy
    above, *others = (_over(best, loss, found) for loss in (best.ridge.level.loss, *best.as_likely))
    disputed = any((other > 1) != (above > 1) for other in others)
    return Axes(below, above, found.single_label, disputed)


def _over(best: Reference, loss: float, found: Answers) -> float:
    """How many times its slack a test loss lies above one that could be had."""
    return (found.level.loss - loss) / best.slack
