"""Whether labels depend on the features linearly: a likelihood ratio, or, of few rows, shuffled labels."""

from __future__ import annotations

import numpy as np
from scipy.special import chdtrc, xlogy

from lrtui.core.doctor.fitting import fit_weights
from lrtui.core.doctor.likelihood import Integers
from lrtui.core.doctor.quantities.smoothers import standardized
from lrtui.core.doctor.view import View
from lrtui.datasets.array_types import Floats

ROWS_EACH = 50  # rows a weight, from which on Wilks' theorem holds well enough
RAREST_EACH = 10  # rows of the rarest class a column, likewise
SHUFFLINGS = 199
SHUFFLED_ROWS = 4_000  # at the most


def dependence(*views: View) -> float:
    """How likely labels that do not depend on the features fit a linear model so well.

    Each part has a base rate of its own, so parts that differ in nothing but this show no dependence. Row
    weights do not count: they are no observations.
    """
    groups = np.repeat(np.arange(len(views)), [view.rows for view in views])
    y = np.concatenate([view.y for view in views]).astype(np.int64)
    X = standardized(np.concatenate([view.X[:, :-1] for view in views]))
    present = np.bincount(y)[np.bincount(y) > 0]
    if not X.shape[1] or len(present) < 2:
        return 1.0
    weights = X.shape[1] * (len(present) - 1)
    if len(y) >= ROWS_EACH * weights and present.min() >= RAREST_EACH * X.shape[1]:
        return likelihood_ratio(X, y, groups, views[0])
    return shuffled(X, y, groups)


def likelihood_ratio(X: Floats, y: Integers, groups: Integers, like: View) -> float:
    """Wilks' test of all slopes of standardized columns X (n, p) at once, against base rates alone.

    ``2·(log L − log L₀)`` is chi-squared with rank·(K − 1) degrees of freedom, for K classes.
    """
    part = np.eye(int(groups.max()) + 1)[groups]
    design = np.column_stack([X, part])
    theta = fit_weights(design, y, classes=like.classes)
    won = _base_rates_cost(y, groups) - float(
        like.likelihood.losses(design @ theta.T, y.astype(np.float64)).sum()
    )
    rank = int(np.linalg.matrix_rank(design)) - part.shape[1]
    return float(chdtrc(max(rank, 1) * (len(np.unique(y)) - 1), max(2 * won, 0.0)))


def _base_rates_cost(y: Integers, groups: Integers) -> float:
    """The summed loss of answering each part's own base rates."""
    total = 0.0
    for group in np.unique(groups):
        counts = np.bincount(y[groups == group])
        total -= float(xlogy(counts, counts / counts.sum()).sum())
    return total


def shuffled(X: Floats, y: Integers, groups: Integers) -> float:
    """The same by shuffling labels within their part: the share that lies as near the span of X (n, p).

    The statistic is Pillai's trace, of two classes R² of a linear regression; ``p = (C + 1) / (B + 1)``.
    """
    random = np.random.default_rng(0)
    kept = random.permutation(len(y))[:SHUFFLED_ROWS]
    X, y, groups = X[kept].copy(), y[kept], groups[kept]
    for group in np.unique(groups):
        X[groups == group] -= X[groups == group].mean(axis=0)
    U, s, _ = np.linalg.svd(X, full_matrices=False)
    U = U[:, s > 1e-9 * max(s[0], 1e-300)]
    if not U.shape[1] or U.shape[1] >= len(y) - int(groups.max()) - 1:
        return 1.0  # so many columns fit anything
    order = np.tile(np.arange(len(y)), (SHUFFLINGS + 1, 1))
    for group in np.unique(groups):
        where = np.flatnonzero(groups == group)
        order[1:, where] = random.permuted(np.tile(where, (SHUFFLINGS, 1)), axis=1)
    labels = y[order].T  # (n, B + 1)
    trace = np.zeros(SHUFFLINGS + 1)
    for one in np.unique(y):
        trace += ((U.T @ (labels == one)) ** 2).sum(axis=0) / (y == one).sum()
    return (int((trace[1:] >= trace[0] * (1 - 1e-9)).sum()) + 1) / (SHUFFLINGS + 1)
