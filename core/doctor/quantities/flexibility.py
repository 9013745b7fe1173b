"""Whether a flexible model does better than a linear one: cross-validated and paired by rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax

from lrtui.core.doctor.fitting import fit_weights
from lrtui.core.doctor.likelihood import Integers
from lrtui.core.doctor.quantities.paired import balanced_gain, mean_gain
from lrtui.core.doctor.quantities.smoothers import FLEXIBLE, folds, parts, sample, smoothers, standardized
from lrtui.core.doctor.view import View
from lrtui.datasets.array_types import Floats
from lrtui.datasets.classes import is_binary

NEAR = 0.1  # nats from the best: kinds that are worth a trial
ROWS = 4_000  # looked at, where there are more
CLASS_ROWS = 1_500  # the same of more than two classes
WORK = 400_000  # rows times columns that are looked at, where this is less
FEW_ROWS = 400  # that are looked at however many columns there are
FEWEST = 5  # rows of one of many classes: one in each fold
ENOUGH = 0.05  # nats: what a flexible model must win
SOFTMAX_WORK = 5e7  # multiplications for one Hessian
BEYOND = 3.0  # standard errors
CLIP = 1e-4  # probabilities are kept this far from 0 and 1: one row cannot decide alone


@dataclass(frozen=True)
class Flexibility:
    """Cross-validated log-losses in nats and balanced accuracies of the best linear and flexible model.

    Attributes:
        t: the mean gain in log-loss over its standard error. t_accuracy: that in balanced accuracy.
        order: the kinds that come near the best, best first. rows: that were looked at.
    """

    linear_loss: float
    flexible_loss: float
    linear_accuracy: float
    flexible_accuracy: float
    t: float
    t_accuracy: float
    order: tuple[str, ...]
    rows: int

    @property
    def suspected(self) -> bool:
        """A gain beyond its error, in either."""
        return max(self.t, self.t_accuracy) > BEYOND

    @property
    def matters(self) -> bool:
        """A gain beyond its error in both, and one that is large: no trial is needed to believe it."""
        better = self.flexible_accuracy - self.linear_accuracy
        sure = min(self.t, self.t_accuracy) > BEYOND
        return sure and self.linear_loss - self.flexible_loss > ENOUGH and better >= 0.05


def flexibility(train: View, *, permuted: bool = False) -> Flexibility:
    """Compare ridge regressions of a training part; ``permuted`` shuffles its labels first, as a check.

    A class of too few rows to be compared is left out.
    """
    random = np.random.default_rng(0)
    calibration = _PlattScaling() if is_binary(train.classes) else _SoftmaxRegression()
    most = min(calibration.rows, max(WORK // train.X.shape[1], FEW_ROWS))
    kept = sample(train.y, most, random)
    y = train.y[kept].astype(np.int64)
    common = np.bincount(y)[y] >= calibration.fewest
    X, y = standardized(train.X[kept[common], :-1]), y[common]
    if permuted:
        y = random.permutation(y)
    fold = folds(X, random)
    targets = train.likelihood.targets(y)
    found = {
        kind: calibration.judged(_best_scores(kind, X, targets, fold), y, fold)
        for kind in ("linear", *FLEXIBLE)
    }
    means = {kind: float(judged.losses.mean()) for kind, judged in found.items()}
    order = sorted(FLEXIBLE, key=means.__getitem__)
    best = found[order[0]]
    linear = calibration.at_best(found["linear"], best, X, y, fold)
    return Flexibility(
        float(linear.losses.mean()),
        means[order[0]],
        balanced_accuracy(linear.predictions, y),
        balanced_accuracy(best.predictions, y),
        mean_gain(linear.losses, best.losses).t,
        balanced_gain(linear.predictions, best.predictions, y).t,
        tuple(kind for kind in order if means[kind] <= means[order[0]] + NEAR),
        len(y),
    )


def _best_scores(kind: str, X: Floats, targets: Floats, fold: Integers) -> Floats:
    """Held-out scores (n, outputs) of the ridge that errs least."""
    centred = targets - targets.mean(axis=0)
    scores = [smoother.held_out(fold, targets) for smoother in smoothers(kind, X)]
    return min(scores, key=lambda found: float(((centred - found) ** 2).mean()))


def balanced_accuracy(predictions: NDArray[np.int64], y: NDArray[Any]) -> float:
    """The mean over the classes of the share of their rows that are predicted so."""
    return float(np.mean([(predictions == label)[y == label].mean() for label in np.unique(y)]))


# --- scores made probabilities, so that models of every kind are compared by their log-loss ---


class Judged(NamedTuple):
    """Losses (n,) of rows not seen, and their predictions (n,) where base rates count for nothing."""

    losses: Floats
    predictions: Integers


class _PlattScaling:
    """Of two classes: a logistic regression on one score, which the other folds teach (Platt 1999)."""

    rows, fewest = ROWS, 0

    def judged(self, scores: Floats, y: Integers, fold: Integers) -> Judged:
        """Held-out scores (n, 1) as a model; a row counts as 1 from the base rate on."""
        z = np.empty(len(y))
        for out in parts(fold):
            slope, bias = slope_and_bias(scores[~out, 0], y[~out])
            z[out] = slope * scores[out, 0] + bias
        return Judged(binary_losses(expit(z), y), (scores[:, 0] > 0).astype(np.int64))

    def at_best(self, linear: Judged, rival: Judged, X: Floats, y: Integers, fold: Integers) -> Judged:
        """The linear model, or where a rival wins, logistic regression if that is the better line."""
        if mean_gain(linear.losses, rival.losses).t <= BEYOND:
            return linear
        plain = binary_losses(regressed(X, y, fold)[:, 1], y)
        return linear._replace(losses=min(linear.losses, plain, key=np.mean))


class _SoftmaxRegression:
    """Of more than two classes: a softmax regression on their scores."""

    rows, fewest = CLASS_ROWS, FEWEST

    def judged(self, scores: Floats, y: Integers, fold: Integers) -> Judged:
        """Scores (n, K); a row is of the class that is the most likelier than at the base rates."""
        p, present = regressed(scores / max(float(scores.std()), 1e-12), y, fold), np.unique(y)
        likelier = p[:, present] / np.bincount(y)[present]
        return Judged(-np.log(p[np.arange(len(y)), y]), present[likelier.argmax(axis=1)])

    def at_best(self, linear: Judged, rival: Judged, X: Floats, y: Integers, fold: Integers) -> Judged:
        """The linear model, or where a rival wins, softmax regression if better and no great work."""
        work = len(y) * X.shape[1] ** 2 * int(y.max() + 1) ** 2 / 2
        if mean_gain(linear.losses, rival.losses).t <= BEYOND or work > SOFTMAX_WORK:
            return linear
        return min(linear, self.judged(X, y, fold), key=lambda found: float(found.losses.mean()))


def regressed(X: Floats, y: Integers, fold: Integers) -> Floats:
    """Probabilities (n, K) of rows by logistic regressions that have seen the other folds.

    With a ridge of 1 on the summed loss, as scikit-learn's has by default, which leaves the bias alone.
    """
    classes = int(y.max()) + 1
    design, pull = np.column_stack([X, np.ones(len(y))]), np.ones(X.shape[1] + 1)
    pull[-1] = 0.0
    found = np.zeros((len(y), classes))
    for out in parts(fold):
        known, own = np.unique(y[~out], return_inverse=True)
        if len(known) < 2:
            found[np.ix_(out, known)] = 1.0
            continue
        theta = fit_weights(design[~out], own, classes=len(known), decay=pull / (~out).sum())
        z = design[out] @ theta.T
        p = expit(z) if len(known) == 2 else softmax(z, axis=1)
        found[np.ix_(out, known)] = np.column_stack([1 - p, p]) if len(known) == 2 else p
    return np.clip(found, CLIP, 1 - CLIP)


def binary_losses(p: Floats, y: NDArray[Any]) -> Floats:
    """Log-losses in nats of probabilities of the labels 0 and 1, of any shape; none is beyond 9.2."""
    p = np.clip(p, CLIP, 1 - CLIP)
    return -np.where(y == 1, np.log(p), np.log1p(-p))


def slope_and_bias(scores: Floats, y: Integers) -> tuple[float, float]:
    """Those of a logistic regression on one score, by Newton's method with a weak ridge."""
    size = float(scores.std()) or 1.0
    X = np.column_stack([scores / size, np.ones(len(y))])
    theta = np.zeros(2)
    for _ in range(15):
        p = expit(X @ theta)
        gradient = X.T @ (p - y) + 0.01 * theta
        hessian = X.T @ (X * (p * (1 - p))[:, None]) + 0.01 * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        theta -= step * min(1.0, 5 / max(float(np.abs(step).max()), 1e-12))
    return float(theta[0]) / size, float(theta[1])
