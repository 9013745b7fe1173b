"""The best that a linear model can do on a problem: found exactly, and as cross-validation shrinks it.

A fit by maximum likelihood has the lowest training loss there is. Of few rows it overfits, so on rows not
seen the same model with a ridge is what can be had.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lrtui.core.doctor.fitting import fit_weights, parts_below
from lrtui.core.doctor.quantities.smoothers import folds, parts
from lrtui.core.doctor.view import View, moves
from lrtui.datasets.array_types import Floats
from lrtui.datasets.classes import logit_count

WEAK = 1e-4  # ridge on standardized weights, per row of the loss: an optimum on separable data too
PARTED = 0.01  # nats: below, classes (nearly) part, and the weights of the lowest loss lie far out
RIDGES = (0.3, 0.1, 0.03, 0.01, 0.003, 0.001, WEAK)  # of standardized weights, strongest first
DENSE = 0.01  # weights a row, below which overfitting costs next to nothing: about half of it, in nats
MUCH = 1e8  # multiplications for a Hessian: cross-validation looks at fewer rows instead
HEAVY = 2e7  # the same, beyond which one fold speaks for all
FEWEST = 500  # rows that it looks at in any case
CHOOSING = 1e-4  # nats from a fit's end: near enough to say which ridge is best
SURE = 1e-6  # the least that a row's label is given, so that no row costs without end


@dataclass(frozen=True)
class Standardized:
    """Columns of mean 0 and standard deviation 1, constant ones left out, in as few as hold them.

    Attributes:
        Z: the columns and ones, (n, r + 1); r is at most n: of more columns, coordinates in their span.
        mean, scale: what was taken off and by what was divided (p,). back: (p, r), from Z's weights.
    """

    Z: Floats
    mean: Floats
    scale: Floats
    back: Floats | None

    @classmethod
    def of(cls, X: Floats) -> Standardized:
        """From features X (n, p), without ones."""
        moving = moves(X)
        mean = X.mean(axis=0)
        scale = np.where(moving, X.std(axis=0), np.inf)
        Z, back = (X - mean) / scale, None
        if Z.shape[1] > len(Z):  # a ridge's weights lie in the span of the rows
            back, R = np.linalg.qr(Z.T)
            Z = R.T
        return cls(np.column_stack([Z, np.ones(len(Z))]), mean, scale, back)

    def fit(
        self,
        view: View,
        ridge: float,
        start: Floats | None = None,
        rows: NDArray[np.bool_] | None = None,
        *,
        close: float = 0.0,
    ) -> Floats:
        """Weights for Z under a ridge that leaves the bias alone; of some rows where they are given."""
        Z, y, weight = self.Z, view.y, view.weight
        if rows is not None:
            Z, y, weight = Z[rows], y[rows], weight[rows]
        pull = np.full(Z.shape[1], ridge)
        pull[-1] = 0.0
        return fit_weights(Z, y, weight, view.classes, pull, start, close=close)

    def unscaled(self, fitted: Floats) -> Floats:
        """Weights for the features as they were, bias last, from those for Z."""
        w, bias = fitted[..., :-1], fitted[..., -1]
        w = (w if self.back is None else w @ self.back.T) / self.scale
        return np.concatenate([w, (bias - w @ self.mean)[..., None]], axis=-1)


class Reference:
    """The best linear model of a training part; its scale is nothing to it.

    Attributes:
        loss: L_ref, the lowest training loss; where classes part, the 0 that it comes down to.
        theta: weights that have it, for the features as the model sees them, bias last, (p + 1,) or
            (K, p + 1); where classes part, those of a weak ridge, for the lowest loss is nowhere.
        base_loss: H, the loss of always answering the base rate.
    """

    def __init__(self, train: View) -> None:
        """Find it.

        Raises:
            ValueError: the part holds a number that is not finite.
        """
        if not np.isfinite(train.X).all():
            raise ValueError("a number that is not finite")
        self._train = train
        self._space = Standardized.of(train.X[:, :-1])
        exact = self._space.fit(train, 0.0)
        theta = self._space.unscaled(exact)
        loss, self.base_loss = train.loss(theta), train.base_loss()
        self.loss = 0.0 if loss < parts_below(train.rows, train.weight) else loss
        if loss < PARTED:
            theta = self._space.unscaled(self._space.fit(train, WEAK))
        self.theta: Floats = theta

    @property
    def slack(self) -> float:
        """How far above what can be had a loss is still close, in nats."""
        return slack_of(self.loss, self.base_loss)

    @cached_property
    def ridge(self) -> float:
        """The ridge on standardized weights that cross-validation chooses; 0 where none is needed."""
        train, (rows, columns) = self._train, self._space.Z.shape
        weights = (columns - 1) * (train.classes - 1 if train.classes > 2 else 1)
        if weights <= DENSE * rows or train.rarest < 2:
            return 0.0
        outputs = logit_count(train.classes)
        each = columns**2 * outputs * (outputs + 1) / 2
        seen = max(int(MUCH / each), FEWEST)
        view, space = train, self._space
        if rows > seen:
            kept = np.linspace(0, rows - 1, seen).astype(np.int64)
            view = View(train.X[kept], train.y[kept], train.weight[kept], train.classes)
            space = Standardized.of(view.X[:, :-1])
        outs = list(parts(folds(view.X, np.random.default_rng(0))))
        if len(outs) < 2:
            return 0.0  # all rows are one and the same
        outs = outs[:1] if each * view.rows > HEAVY else outs
        losses = np.zeros(len(RIDGES))
        for out in outs:
            start = None
            for number, ridge in enumerate(RIDGES):
                # A ridge of all rows is told by fewer: it pulls on each as hard as all of it does on all.
                start = space.fit(view, ridge * rows / view.rows, start, ~out, close=CHOOSING)
                held = view.likelihood.losses(space.Z[out] @ start.T, view.y[out])
                losses[number] += float((view.weight[out] * np.minimum(held, -np.log(SURE))).sum())
        return RIDGES[int(np.argmin(losses))]

    def held_out(self, fold: NDArray[np.int64]) -> Floats | None:
        """Scores of the training rows (n,) or (n, K), each by weights that have not seen it.

        They are held back by the ridge, and at least weakly. ``None`` where that would take too long.
        """
        rows, columns = self._space.Z.shape
        if rows * columns**2 * logit_count(self._train.classes) ** 2 > HEAVY:
            return None
        z, ridge = np.zeros((rows, *self.theta.shape[:-1])), max(self.ridge, WEAK)
        for out in parts(fold):
            z[out] = self._space.Z[out] @ self._space.fit(self._train, ridge, rows=~out, close=CHOOSING).T
        return z

    @cached_property
    def shrunk(self) -> Floats:
        """The weights under that ridge: what can be had on rows not seen."""
        if self.ridge == 0:
            return self.theta
        return self._space.unscaled(self._space.fit(self._train, self.ridge))


def slack_of(loss: float, base_loss: float) -> float:
    """A tenth of the way from the base rate's loss, or what hardly changes an answer."""
    return max(0.1 * (base_loss - loss), 0.03)
