"""Products of two or three columns that a linear model lacks: score tests over all rows."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, log

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from lrtui.core.doctor.fitting import fit_weights
from lrtui.core.doctor.quantities.smoothers import standardized
from lrtui.core.doctor.view import View, moves
from lrtui.datasets.array_types import Floats

FAR = 3.0  # standard deviations, to which cells are clipped: no few rows make a product
ROWS_EACH = 10  # rows a weight of the linear model: fewer leave no residual to be trusted
SUPPORT = 50.0  # rows that a product must be spread over, and 5 of the rarer class
WORK = {2: 2e9, 3: 3e9}  # multiplications, beyond which products are left out, or rows


@dataclass(frozen=True)
class Products:
    """The product that a linear model lacks most.

    Attributes:
        p: of its score, times how many products were looked at; 1 at most.
        degree: how many columns are multiplied; 0 where none could be looked at.
        columns: which, of the design matrix; one may stand twice.
        counted: how many products were looked at. rows: on how many rows.
    """

    p: float = 1.0
    degree: int = 0
    columns: tuple[int, ...] = ()
    counted: int = 0
    rows: int = 0


def missing_product(train: View) -> Products:
    """Look at all products of two columns, squares too, and of three where that is no great work.

    Rao's score of a product z beside the linear model: ``Σ z·(y − p)``, whose variance is at most
    ``Σ w·z² − (Σ w·z)²/Σ w`` with ``w = p(1 − p)``: what z shares with the columns only lowers it.
    Times the number of products (Bonferroni), and of classes, each of which is looked at against the rest.
    """
    moving = np.flatnonzero(moves(train.X[:, :-1])).astype(np.int64)
    X = standardized(train.X[:, :-1])
    n, p = X.shape
    present = [k for k in range(train.classes) if train.counts[k]]
    if not p or len(present) < 2 or n < ROWS_EACH * p * (len(present) - 1):
        return Products()
    rows = int(min(n, max(ROWS_EACH * p, WORK[2] / (4 * p * p))))
    kept = np.linspace(0, n - 1, rows).astype(np.int64)
    X, y = X[kept], train.y[kept].astype(np.int64)
    design = np.column_stack([X, np.ones(rows)])
    theta = fit_weights(design, y, classes=train.classes, decay=1 / (100 * rows))
    shares = train.likelihood.probabilities(design @ theta.T)
    targets = train.likelihood.targets(y)
    X = np.clip(X, -FAR, FAR)
    best = Products()
    for output in range(targets.shape[1]):
        of = shares[:, output]
        scores = _Scores(X, targets[:, output] - of, of * (1 - of), moving)
        for found in scores.best(three=4 * p**3 * rows * targets.shape[1] <= WORK[3]):
            least = min(1.0, found.p * targets.shape[1])
            if not best.degree or least < best.p:
                best = Products(least, found.degree, found.columns, found.counted, rows)
    return best


@dataclass(frozen=True)
class _Scores:
    """Columns X (n, p) within bounds, residuals (n,) of a linear model, and their variance (n,)."""

    X: Floats
    residual: Floats
    variance: Floats
    names: NDArray[np.int64]

    def best(self, *, three: bool) -> list[Products]:
        """The strongest product of two columns, and of three."""
        p = self.X.shape[1]
        square = self.X**2
        found: list[tuple[Floats, tuple[int, ...]]] = [(self._chi(self.X, square), ())]
        degrees = [2]
        if three:
            each = [self._chi(self.X * self.X[:, [j]], square * square[:, [j]]) for j in range(p)]
            first = int(np.argmax([chi.max() for chi in each]))
            found.append((each[first], (first,)))
            degrees.append(3)
        return [
            _named(chi, (*before, *divmod(int(chi.argmax()), p)), degree, p, self)
            for (chi, before), degree in zip(found, degrees, strict=True)
        ]

    def _chi(self, left: Floats, left_square: Floats) -> Floats:
        """The squared score over its variance (p, p) of each product of columns of ``left`` and X."""
        X, w = self.X, self.variance
        square, total = X**2, float(w.sum())
        score = left.T @ (X * self.residual[:, None])
        mean = left.T @ (X * w[:, None])
        second = left_square.T @ (square * w[:, None])
        fourth = (left_square**2).T @ (square**2 * w[:, None])
        spread = second - mean**2 / max(total, 1e-300)
        # Rows, weighed by what their labels can tell, that a product is spread over.
        support = np.divide(second**2, fourth, out=np.zeros_like(second), where=fourth > 0)
        heavy = support * len(X) / max(total, 1e-300)
        usable = (spread > 1e-6 * second) & (heavy >= SUPPORT) & (support >= 5)
        return np.where(usable, score**2 / np.where(usable, spread, 1.0), 0.0)


def _named(chi: Floats, which: tuple[int, ...], degree: int, p: int, scores: _Scores) -> Products:
    counted = comb(p + degree - 1, degree)
    logarithm = log(2) + float(log_ndtr(-np.sqrt(chi.max()))) + log(counted)
    columns = tuple(sorted(int(scores.names[one]) for one in which))
    return Products(float(np.exp(min(logarithm, 0.0))), degree, columns, counted, len(scores.X))
