"""A linear model of the training rows: what it loses on those it has not seen, and on the test part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, kolmogorov, logit

from lrtui.core.doctor.quantities.flexibility import binary_losses, slope_and_bias
from lrtui.core.doctor.quantities.separation import area, auc_error
from lrtui.core.doctor.quantities.smoothers import STRENGTHS, smoothers
from lrtui.core.doctor.view import View
from lrtui.datasets.array_types import Floats

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Transfer:
    """A ridge regression of the labels whose scores are made probabilities, chosen by cross-validation.

    Attributes:
        A, B: features of the training (n, p) and the test part (m, p), in deviations of the training part.
        a, b: their targets (n, k) and (m, k). fold: of each training row (n,).
    """

    A: Floats
    B: Floats
    a: Floats
    b: Floats
    fold: NDArray[np.int64]

    @cached_property
    def _fitted(self) -> tuple[Floats, Floats, Floats]:
        """Weights (p, k), held-out scores (n, k), and slope and bias (2, k) of the logistic regressions."""
        centre = self.a.mean(axis=0)
        if not self.A.any():
            scores = np.zeros_like(self.a)
            best = 0
        else:
            tried = [S.held_out(self.fold, self.a) for S in smoothers("linear", self.A)]
            errors = [float(((self.a - centre - found) ** 2).mean()) for found in tried]
            best = int(np.argmin(errors))
            scores = tried[best]
        strength = STRENGTHS[best] * float((self.A**2).sum()) or 1.0
        n, p = self.A.shape
        if p <= n:
            w = np.linalg.solve(self.A.T @ self.A + strength * np.eye(p), self.A.T @ (self.a - centre))
        else:
            w = self.A.T @ np.linalg.solve(self.A @ self.A.T + strength * np.eye(n), self.a - centre)
        lines = [
            slope_and_bias(scores[:, k], self.a[:, k].astype(np.int64)) for k in range(self.a.shape[1])
        ]
        return w, scores, np.array(lines).T

    @property
    def weights(self) -> Floats:
        """Of the ridge regression (p, k)."""
        return self._fitted[0]

    @property
    def scores(self) -> Floats:
        """Of held-out training rows (n, k), above the mean of the targets that the model has seen."""
        return self._fitted[1]

    def _losses(self, scores: Floats, targets: Floats) -> Floats:
        slope, bias = self._fitted[2]
        found: Floats = binary_losses(expit(slope * scores + bias), targets).sum(axis=1)
        return found

    @cached_property
    def held_out(self) -> Floats:
        """The losses (n,) of training rows, each by a model that has not seen it."""
        return self._losses(self.scores, self.a)

    def losses(self, B: Floats | None = None, b: Floats | None = None) -> Floats:
        """The losses (m,) of the test part, or of what it might have been."""
        scores: Floats = (self.B if B is None else B) @ self.weights
        return self._losses(scores, self.b if b is None else b)

    @property
    def gap(self) -> float:
        """How much more the test part loses."""
        return float(self.losses().mean() - self.held_out.mean())

    @property
    def z(self) -> float:
        """That in standard errors, by the spread of both parts or of the training part alone: the less."""
        known, other = float(self.held_out.var()), float(self.losses().var())
        n, m = len(self.a), len(self.b)
        error = sqrt(max(known / n + other / m, known / n + known / m, 1e-12))
        return self.gap / error

    def told_shares(self) -> Floats:
        """The losses (m,) where the model is told how common each class is there, and no row's label.

        The odds are multiplied by those of the class there over those in training.
        """
        slope, bias = self._fitted[2]
        here, there = (np.clip(y.mean(axis=0), 0.5 / len(y), 1 - 0.5 / len(y)) for y in (self.a, self.b))
        z = slope * (self.B @ self.weights) + bias + logit(there) - logit(here)
        found: Floats = binary_losses(expit(z), self.b).sum(axis=1)
        return found

    def aucs(self) -> tuple[float, float, float]:
        """Mean AUCs of held-out training rows and of the test part, and the latter's standard error."""
        known, other, errors = [], [], []
        scores = self.B @ self.weights
        for k in range(self.a.shape[1]):
            own, there = self.a[:, k] == 1, self.b[:, k] == 1
            if own.all() or not own.any() or there.all() or not there.any():
                continue
            known.append(area(self.scores[:, k], own))
            other.append(area(scores[:, k], there))
            errors.append(auc_error(other[-1], int(there.sum()), int((~there).sum())))
        return (
            (float(np.mean(known)), float(np.mean(other)), float(np.mean(errors)))
            if known
            else (0.5, 0.5, 0.5)
        )

    def accuracies(self) -> tuple[float, float]:
        """The share of rows that get their class: held-out training rows, and the test part."""
        slope, bias = self._fitted[2]

        def share(scores: Floats, targets: Floats) -> float:
            z = slope * scores + bias
            right = (
                (z[:, 0] > 0) == (targets[:, 0] == 1)
                if z.shape[1] == 1
                else (z.argmax(axis=1) == targets.argmax(axis=1))
            )
            return float(right.mean())

        return share(self.scores, self.a), share(self.B @ self.weights, self.b)

    def without(self, columns: Flags) -> Transfer:
        """The same of the other columns alone."""
        return Transfer(self.A[:, ~columns], self.B[:, ~columns], self.a, self.b, self.fold)

    def put_back(self, columns: Flags) -> Floats:
        """The test features (m, p), of which these get the mean and the spread of the training part."""
        found = self.B.copy()
        B = self.B[:, columns]
        spread = B.std(axis=0)
        factor = np.where(spread > 0, self.A[:, columns].std(axis=0) / np.where(spread > 0, spread, 1), 0)
        found[:, columns] = self.A[:, columns].mean(axis=0) + (B - B.mean(axis=0)) * factor
        return found


def transfer(train: View, test: View, fold: NDArray[np.int64]) -> Transfer:
    """The comparison of two parts."""
    A, B = train.X[:, :-1], test.X[:, :-1]
    mean, deviation = A.mean(axis=0), A.std(axis=0)
    kept = deviation > 1e-9 * np.abs(mean)  # what training never saw move has no weight
    scale = np.where(kept, deviation, 1.0)
    A, B = np.where(kept, (A - mean) / scale, 0), np.where(kept, (B - mean) / scale, 0)
    classes = np.arange(train.classes) if train.classes > 2 else np.array([1])
    a, b = (part.y[:, None] == classes for part in (train, test))
    present = a.any(axis=0) & ~a.all(axis=0)
    return Transfer(A, B, a[:, present].astype(np.float64), b[:, present].astype(np.float64), fold)


def moved(A: Floats, B: Floats, chance: float) -> Flags:
    """Which columns (p,) do not have the same distribution in both parts: Kolmogorov and Smirnov's test.

    With Bonferroni's correction: ``chance`` is that of a single false one among all columns.
    """
    n, m, p = len(A), len(B), A.shape[1]
    size, found = sqrt(n * m / (n + m)), np.zeros(p, np.bool_)
    for j in range(p):
        left, right = np.sort(A[:, j]), np.sort(B[:, j])
        points = np.concatenate([left, right])
        apart = np.searchsorted(left, points, "right") / n - np.searchsorted(right, points, "right") / m
        found[j] = kolmogorov(size * np.abs(apart).max()) * p < chance
    return found
