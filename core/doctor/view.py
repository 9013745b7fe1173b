"""A problem as the doctor looks at it: design matrix, labels and row weights in float64."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import entr

from lrtui.core.config import Config
from lrtui.core.doctor.likelihood import Bernoulli, Categorical, Likelihood
from lrtui.core.training.weighting import weights_of
from lrtui.datasets.array_types import Floats
from lrtui.datasets.classes import is_binary, logit_count
from lrtui.datasets.preparing.problem import Problem


@np.errstate(over="ignore", invalid="ignore")
def moves(X: Floats) -> NDArray[np.bool_]:
    """Which columns (p,) of X (n, p) vary by more than rounding, however small they are."""
    found: NDArray[np.bool_] = (np.ptp(X, axis=0) > 0) & (X.std(axis=0) > 1e-9 * np.abs(X.mean(axis=0)))
    return found


def rows_as_bytes(X: Floats) -> NDArray[np.void]:
    """Each row (n, p) as one value (n,), equal where all its numbers are: much faster to sort than rows."""
    plain = np.ascontiguousarray(X + 0.0)  # −0 is 0
    return plain.view(np.dtype((np.void, plain.dtype.itemsize * plain.shape[1]))).ravel()


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

    @cached_property
    def likelihood(self) -> Likelihood:
        """Of so many classes."""
        return Bernoulli() if is_binary(self.classes) else Categorical(self.classes)

    @property
    def hessian_fits(self) -> bool:
        """Whether the loss's Hessian is computed in little time."""
        size: int = self.X.shape[1] * logit_count(self.classes)
        return size <= self.likelihood.hessian_size

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
        return self.weight * self.likelihood.losses(self.X @ theta.T, self.y)

    def loss(self, theta: Floats) -> float:
        """The mean loss at θ."""
        return float(self.losses(theta).mean())

    def distance(self, start: Floats, end: Floats) -> float:
        """``‖θ_end − θ_start‖``, without what all of many classes share: it changes no prediction."""
        moved = end - start
        return float(np.linalg.norm(moved if moved.ndim == 1 else moved - moved.mean(axis=0)))

    def base_loss(self) -> float:
        """H: the lowest mean loss of a model that answers every row alike."""
        shares = np.bincount(self.y.astype(int), self.weight) / self.weight.sum()
        return float(entr(shares).sum() * self.weight.mean())


def views(problem: Problem, config: Config, *, most: int | None = None) -> tuple[View, View]:
    """The training and the test part, with the row weights that a config gives them.

    Of more than ``most`` rows a part keeps so many, evenly spaced: their order is that of a random split.
    """

    def view(design: NDArray[np.floating], labels: NDArray[np.int8], weight: Floats | None) -> View:
        each = np.ones(len(labels)) if weight is None else weight
        if most is not None and len(labels) > most:
            kept = np.linspace(0, len(labels) - 1, most).astype(np.int64)
            design, labels, each = design[kept], labels[kept], each[kept]
        return View(design.astype(np.float64), labels.astype(np.float64), each, problem.classes)

    train, test = weights_of(problem, config)
    return (
        view(problem.design_train, problem.y_train, train),
        view(problem.design_test, problem.y_test, test),
    )
