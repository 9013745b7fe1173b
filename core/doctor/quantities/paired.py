"""Two models compared on the same rows, pair by pair; and one set of answers: each with its error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, log, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lrtui.datasets.array_types import Floats, Mask

BEYOND = 2.5  # errors: a win by chance is that large in one of 160 comparisons
UNLIKELY = log(1_000)  # nats: rows that the first model called a thousand times less likely than the second
Z99 = 2.575829  # of the normal distribution: 99 % lie within so many standard errors


class Gain(NamedTuple):
    """How much better other answers are, and the standard error of that."""

    mean: float
    error: float

    @property
    def t(self) -> float:
        """The gain in standard errors; 0 where neither answer differs."""
        return self.mean / self.error if self.error > 0 else 0.0

    def with_other(self, other: Gain) -> Gain:
        """With a gain on other rows, each weighed by its precision; without error it counts for nothing."""
        known = [gain for gain in (self, other) if gain.error > 0]
        if not known:
            return Gain((self.mean + other.mean) / 2, 0.0)
        precision = sum(gain.error**-2 for gain in known)
        return Gain(sum(gain.mean * gain.error**-2 for gain in known) / precision, precision**-0.5)


def balanced_gain(
    before: NDArray[Any], after: NDArray[Any], y: NDArray[Any], *, of_one: float = 0.0
) -> Gain:
    """How much balanced accuracy other predictions win on the same rows (n,).

    In each class the gain is the mean of ``right after − right before`` (−1, 0 or 1 a row), whose variance
    is that of McNemar's comparison; classes are independent. ``of_one`` is the variance of a class of one
    row, which tells none.
    """
    change = (after == y).astype(np.float64) - (before == y)
    each = [change[y == label] for label in np.unique(y)]
    variance = sum(float(one.var(ddof=1)) / len(one) if len(one) > 1 else of_one for one in each)
    return Gain(float(np.mean([one.mean() for one in each])), sqrt(variance) / len(each))


def mean_gain(before: NDArray[Any], after: NDArray[Any]) -> Gain:
    """How much lower the second of two losses of the same rows (n,) is."""
    change = before - after
    return Gain(
        float(change.mean()), float(change.std(ddof=1)) / sqrt(len(change)) if len(change) > 1 else 0.0
    )


def lowest_balanced_accuracy(table: Sequence[Sequence[int]], z: float = Z99) -> float:
    """The lower end of an interval of balanced accuracy, from how many rows of each class got which label.

    Each class has Agresti and Coull's interval (1998), which pulls few rows towards chance, ``1/K``.
    """
    rows = [(row[k], sum(row)) for k, row in enumerate(table) if sum(row)]
    chance = 1 / max(len(rows), 1)
    shares = [(right + z**2 * chance) / (n + z**2) for right, n in rows]
    spread = sum(p * (1 - p) / (n + z**2) for p, (_, n) in zip(shares, rows, strict=True))
    return float(np.mean(shares)) - z * sqrt(spread) / len(rows) if rows else 0.0


@dataclass(frozen=True)
class Answers:
    """What a model says of rows: losses (n,) in nats, and predictions (n,)."""

    losses: Floats
    predictions: NDArray[Any]


@dataclass(frozen=True)
class Comparison:
    """What a second model wins: log-loss, and balanced accuracy.

    Attributes:
        marked: nats that it wins in all on rows that were marked beforehand.
    """

    loss: Gain
    labels: Gain
    marked: float

    @classmethod
    def of(cls, y: NDArray[Any], before: Answers, after: Answers, marked: Mask) -> Comparison:
        """Compare on rows of classes ``y`` (n,); what one row says is beyond no error."""
        return cls(
            mean_gain(before.losses, after.losses),
            balanced_gain(before.predictions, after.predictions, y, of_one=inf),
            float((before.losses - after.losses)[marked].sum()),
        )

    def backed_by(self, other: Comparison) -> Comparison:
        """The same gains, as sure as other rows make them that show a gain too."""

        def sure(gain: Gain, there: Gain) -> Gain:
            both = gain.with_other(there)
            more = min(gain.mean, there.mean) > 0 and both.t > gain.t
            return Gain(gain.mean, gain.mean / both.t) if more else gain

        return replace(self, loss=sure(self.loss, other.loss), labels=sure(self.labels, other.labels))

    def wins_labels(self, least: float) -> bool:
        """At least so much balanced accuracy, beyond its error."""
        return self.labels.mean >= least and self.labels.mean > BEYOND * self.labels.error

    def wins_probabilities(self, least: float) -> bool:
        """More than so many nats, beyond their error.

        Or by rows that were marked, be they few: if the first model were true, the second would win log(c)
        nats on them with a probability of at most 1/c (Markov's inequality for the likelihood ratio).
        """
        beyond = self.loss.mean > BEYOND * self.loss.error
        return self.loss.mean > least and (beyond or self.marked >= UNLIKELY)
