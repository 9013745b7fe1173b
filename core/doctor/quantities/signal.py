"""Whether the labels depend on the features at all: permutation tests, and an interval for the AUC."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np

from lrtui.core.doctor.quantities.ranking import aucs
from lrtui.core.doctor.view import Floats, View

FOLDS = 5
Z95 = 1.959964


@dataclass(frozen=True)
class Signal:
    """``auc``: of held-out rows, over all folds. ``p``: how often permuted labels did as well.

    ``low``, ``high``: 95 % interval of the AUC.
    """

    auc: float
    p: float
    low: float
    high: float


def linear_scores(X: Floats, y: Floats, held_out: Floats) -> Floats:
    """Scores of held-out rows by a ridge regression on standardized features: linear, and in closed form.

    For ranking it is as good as logistic regression, and fast enough for hundreds of permutations.
    """
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    deviation = np.where(deviation > 1e-12 * (1 + np.abs(mean)), deviation, 1.0)
    A = (X - mean) / deviation
    gram = A.T @ A + np.eye(A.shape[1]) * max(1.0, 0.01 * len(A))
    scores: Floats = ((held_out - mean) / deviation) @ np.linalg.solve(gram, A.T @ (y - y.mean()))
    return scores


def boosted_scores(X: Floats, y: Floats, held_out: Floats) -> Floats:
    """Scores by scikit-learn's gradient boosting: a flexible model that finds curves and interactions."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        max_iter=40, max_leaf_nodes=8, min_samples_leaf=max(5, len(y) // 50), random_state=0
    )
    scores: Floats = model.fit(X, y).predict_proba(held_out)[:, 1]
    return scores


def signal(
    train: View,
    scores: Callable[[Floats, Floats, Floats], Floats],
    *,
    permutations: int,
    seed: int = 0,
) -> Signal:
    """Compare a model's held-out AUC with that on permuted labels.

    ``p = (C + 1) / (B + 1)``, C of B permutations at least as good (Phipson and Smyth 2010). The interval
    is Hanley and McNeil's (1982).

    Raises:
        ValueError: one class has too few rows for the folds.
    """
    random = np.random.default_rng(seed)
    X, y = train.X[:, :-1], train.y
    ones = int(y.sum())
    if min(ones, train.rows - ones) < FOLDS:
        raise ValueError(f"one class has fewer than {FOLDS} rows")
    folds = _folds(y, random)
    auc = _held_out_auc(X, y, folds, scores)
    as_good = 0
    for _ in range(permutations):
        shuffled = random.permutation(y)
        as_good += _held_out_auc(X, shuffled, _folds(shuffled, random), scores) >= auc
    error = _standard_error(auc, ones, train.rows - ones)
    low, high = max(0.0, auc - Z95 * error), min(1.0, auc + Z95 * error)
    return Signal(auc, (as_good + 1) / (permutations + 1), low, high)


def _folds(y: Floats, random: np.random.Generator) -> Floats:
    """The fold of each row (n,), with as much of each class in all."""
    fold = np.empty(len(y))
    for label in (0, 1):
        rows = random.permutation(np.flatnonzero(y == label))
        fold[rows] = np.arange(len(rows)) % FOLDS
    return fold


def _held_out_auc(
    X: Floats, y: Floats, fold: Floats, scores: Callable[[Floats, Floats, Floats], Floats]
) -> float:
    """Mean over the folds: scores of different models are not on one scale."""
    found = []
    for number in range(FOLDS):
        out = fold == number
        found.append(aucs(scores(X[~out], y[~out], X[out])[:, None], y[out])[0])
    return float(np.mean(found))


def _standard_error(auc: float, ones: int, zeros: int) -> float:
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (ones - 1) * (q1 - auc**2) + (zeros - 1) * (q2 - auc**2)
    return sqrt(max(spread, 0.0) / (ones * zeros))
