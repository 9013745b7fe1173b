"""Whether a flexible model does better than a linear one: paired, cross-validated log-loss."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from lrtui.core.doctor.quantities.signal import ROWS
from lrtui.core.doctor.quantities.smoothers import FLEXIBLE, FOLDS, folds, sample, smoothers, standardized
from lrtui.core.doctor.view import Floats, View

ENOUGH = 0.05  # nats: what a flexible model must win
NEAR = 0.1  # nats from the best: kinds that are worth a trial
CLIP = 1e-4  # probabilities are kept this far from 0 and 1: one row cannot decide alone


@dataclass(frozen=True)
class Flexibility:
    """Cross-validated log-losses in nats and balanced accuracies of the best linear and flexible model.

    Attributes:
        t: mean gain over its standard error, paired by rows. kind: of the best flexible model.
        order: the kinds that come near the best, best first. rows: that were looked at.
    """

    linear_loss: float
    flexible_loss: float
    linear_accuracy: float
    flexible_accuracy: float
    t: float
    kind: str
    order: tuple[str, ...]
    rows: int

    @property
    def gain(self) -> float:
        """What the flexible model wins, in nats."""
        return self.linear_loss - self.flexible_loss

    @property
    def matters(self) -> bool:
        """Gain of more than 0.05 nats, beyond chance, and in the answers too."""
        better = self.flexible_accuracy - self.linear_accuracy
        return self.t > 3 and self.gain > ENOUGH and better >= 0.05


def flexibility(train: View, seed: int = 0, *, permuted: bool = False) -> Flexibility:
    """Compare both kinds on the training part; ``permuted`` shuffles the labels first, as a check."""
    random = np.random.default_rng(seed)
    kept = sample(train.y, ROWS, random)
    X, y = standardized(train.X[kept, :-1]), train.y[kept]
    if permuted:
        y = random.permutation(y)
    fold = folds(X, random)
    scores = {kind: _best(kind, X, y, fold) for kind in ("linear", *FLEXIBLE)}
    losses = {kind: _log_losses(found, y, fold) for kind, found in scores.items()}
    order = sorted(FLEXIBLE, key=lambda kind: float(losses[kind].mean()))
    linear, best = losses["linear"], losses[order[0]]
    if (linear - best).mean() > ENOUGH:  # or least squares were not the best line
        linear = min(linear, _logistic(X, y, fold), key=lambda found: float(found.mean()))
    gain = linear - best
    error = float(gain.std(ddof=1)) / sqrt(len(y))
    return Flexibility(
        float(linear.mean()),
        float(best.mean()),
        _balanced(scores["linear"], y),
        _balanced(scores[order[0]], y),
        float(gain.mean()) / error if error > 0 else 0.0,
        order[0],
        tuple(kind for kind in order if losses[kind].mean() <= best.mean() + NEAR),
        len(y),
    )


def _best(kind: str, X: Floats, y: Floats, fold: NDArray[np.int64]) -> Floats:
    """Held-out scores (n,) of the ridge that errs least."""
    found = [smoother.held_out(fold, y[:, None])[:, 0] for smoother in smoothers(kind, X)]
    centred = y - y.mean()
    return min(found, key=lambda scores: float(((centred - scores) ** 2).mean()))


def _log_losses(scores: Floats, y: Floats, fold: NDArray[np.int64]) -> Floats:
    """Log-loss of each row, its score made a probability by what the other folds teach (Platt 1999)."""
    z = np.empty(len(y))
    for number in range(FOLDS):
        out = fold == number
        slope, bias = _platt(scores[~out], y[~out])
        z[out] = slope * scores[out] + bias
    return _losses(1 / (1 + np.exp(-np.clip(z, -30, 30))), y)


def _platt(scores: Floats, y: Floats) -> tuple[float, float]:
    """Slope and bias of a logistic regression on one score, by Newton's method with a weak ridge."""
    size = float(scores.std()) or 1.0
    X = np.column_stack([scores / size, np.ones(len(y))])
    theta = np.zeros(2)
    for _ in range(15):
        p = 1 / (1 + np.exp(-np.clip(X @ theta, -30, 30)))
        gradient = X.T @ (p - y) + 0.01 * theta
        hessian = X.T @ (X * (p * (1 - p))[:, None]) + 0.01 * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        theta -= step * min(1.0, 5 / max(float(np.abs(step).max()), 1e-12))
    return float(theta[0]) / size, float(theta[1])


def _logistic(X: Floats, y: Floats, fold: NDArray[np.int64]) -> Floats:
    """Log-loss of each row by logistic regression itself."""
    from sklearn.linear_model import LogisticRegression

    p = np.empty(len(y))
    for number in range(FOLDS):
        out = fold == number
        if not out.any():
            continue
        if 0 < y[~out].sum() < (~out).sum():
            p[out] = LogisticRegression(tol=1e-3).fit(X[~out], y[~out]).predict_proba(X[out])[:, 1]
        else:
            p[out] = y[~out].mean()
    return _losses(p, y)


def _losses(p: Floats, y: Floats) -> Floats:
    p = np.clip(p, CLIP, 1 - CLIP)
    found: Floats = -np.where(y == 1, np.log(p), np.log1p(-p))
    return found


def _balanced(scores: Floats, y: Floats) -> float:
    """Balanced accuracy where a row counts as 1 from the base rate on."""
    said = scores > 0
    return float(np.mean([(said == label)[y == label].mean() for label in (0, 1) if (y == label).any()]))
