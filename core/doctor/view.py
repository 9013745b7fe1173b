"""A problem as the doctor looks at it: design matrix, labels and row weights in float64."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from lrtui.core.config import Config
from lrtui.core.training.weighting import weights_of
from lrtui.datasets.dataset import Problem

Floats = NDArray[np.float64]


@np.errstate(over="ignore", invalid="ignore")
def moves(X: Floats) -> NDArray[np.bool_]:
    """Which columns (p,) of X (n, p) vary by more than rounding, however small they are."""
    found: NDArray[np.bool_] = (np.ptp(X, axis=0) > 0) & (X.std(axis=0) > 1e-9 * np.abs(X.mean(axis=0)))
    return found


@dataclass(frozen=True)
class View:
    """One part of a problem as the model sees it.

    Attributes:
        X: the design matrix X̃ = [X, 1], shape (n, p + 1).
        y: labels from 0 to classes − 1, shape (n,).
        weight: of each row in the loss, shape (n,); all 1 where every row weighs the same.
    """

    X: Floats
    y: Floats
    weight: Floats
    classes: int = 2

    @property
    def rows(self) -> int:
        """n."""
        return len(self.y)

    @property
    def counts(self) -> NDArray[np.int64]:
        """The rows of each class."""
        return np.bincount(self.y.astype(np.int64), minlength=self.classes)

    @property
    def rarest(self) -> int:
        """The rows of the rarest class."""
        return int(self.counts.min())

    def losses(self, theta: Floats) -> Floats:
        """The loss of every row (n,) at weights θ (p + 1,), or (K, p + 1), bias last, from logits."""
        if self.classes > 2:
            z = self.X @ theta.T
            z -= z.max(axis=1, keepdims=True)
            logs: Floats = np.log(np.exp(z).sum(axis=1)) - z[np.arange(self.rows), self.y.astype(int)]
            return self.weight * logs
        z = self.X @ theta
        found: Floats = self.weight * np.logaddexp(0.0, np.where(self.y == 1, -z, z))
        return found

    def loss(self, theta: Floats) -> float:
        """The mean loss at θ."""
        return float(self.losses(theta).mean())

    def base_loss(self) -> float:
        """H: the lowest mean loss of a model that answers every row alike."""
        if self.classes > 2:
            shares = np.bincount(self.y.astype(int), self.weight) / self.weight.sum()
            shares = shares[shares > 0]
            return -float((shares * np.log(shares)).sum() * self.weight.mean())
        total, positive = float(self.weight.sum()), float((self.weight * self.y).sum())
        if positive in (0.0, total):
            return 0.0
        p = positive / total
        return -(p * log(p) + (1 - p) * log(1 - p)) * total / self.rows


def views(problem: Problem, config: Config, *, most: int | None = None) -> tuple[View, View]:
    """The training and the test part, with the row weights that a config gives them.

    Of more than ``most`` rows a part keeps so many, evenly spaced: their order is that of a random split.
    """

    def view(design: NDArray[np.floating], labels: NDArray[np.int8], weight: Floats | None) -> View:
        if most is not None and len(labels) > most:
            kept = np.linspace(0, len(labels) - 1, most).astype(np.int64)
            design, labels = design[kept], labels[kept]
            weight = None if weight is None else weight[kept]
        each = np.ones(len(labels)) if weight is None else weight
        return View(design.astype(np.float64), labels.astype(np.float64), each, problem.classes)

    train, test = weights_of(problem, config)
    return (
        view(problem.design_train, problem.y_train, train),
        view(problem.design_test, problem.y_test, test),
    )
