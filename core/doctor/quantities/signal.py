"""Whether the labels depend on the features at all: a permutation test, and an interval for the AUC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from lrtui.core.doctor.quantities.ranking import aucs
from lrtui.core.doctor.quantities.smoothers import FLEXIBLE, folds, sample, smoothers, standardized
from lrtui.core.doctor.view import Floats, View

ROWS = 400  # looked at, where there are more
MANY = 2_000  # where labels are to be cleared of all signal
FEWEST = 600  # of them where there are many classes, each of which takes as long as two
COMMONEST = 10  # classes that are told from the rest
Z95, Z999 = 1.959964, 3.290527


@dataclass(frozen=True)
class Signal:
    """``auc``: of held-out rows, by the best of the models. ``p``: how often permuted labels did as well.

    ``low``, ``high``: 95 % interval of the AUC (Hanley and McNeil 1982). ``rows``: that were looked at.
    ``chance``: the upper end of the interval where there is no signal at all: how much these rows can tell.
    Of more than two classes each AUC is the mean over the commonest of them, each against the rest.
    """

    auc: float
    p: float
    low: float
    high: float
    rows: int
    chance: float


def signal(
    train: View, kinds: Sequence[str] = ("linear", *FLEXIBLE), *, permutations: int = 199, seed: int = 0
) -> Signal:
    """Compare the best held-out AUC with the best on permuted labels, over all kinds of models.

    ``p = (C + 1) / (B + 1)``, C of B permutations at least as good (Phipson and Smyth 2010). The best of
    several models is taken on permuted labels too, so that choosing costs nothing.
    """
    random = np.random.default_rng(seed)
    kept = sample(train.y, MANY if train.classes <= 2 else max(FEWEST, 2 * MANY // train.classes), random)
    rows = len(kept)
    X, y = standardized(train.X[kept, :-1]), train.y[kept]
    if train.classes > 2:
        permutations //= 2
    labels = np.column_stack([y, *(random.permutation(y) for _ in range(permutations))])
    best, told = np.full(permutations + 1, 0.5), _told(y, train.classes)
    if X.shape[1] and told:
        fold, each = folds(X, random), [(labels == one).astype(np.float64) for one in told]
        for kind in kinds:
            for S in smoothers(kind, X):
                found = np.mean([_aucs(S.held_out(fold, ones), ones) for ones in each], axis=0)
                np.maximum(best, found, out=best)
    auc = float(best[0])
    as_good = int((best[1:] >= auc - 1e-12).sum())
    error = _error(auc, y, told)
    low, high = max(0.0, auc - Z95 * error), min(1.0, auc + Z95 * error)
    chance = min(1.0, 0.5 + Z95 * _error(0.5, y, told))
    return Signal(auc, (as_good + 1) / (permutations + 1), low, high, rows, chance)


def _aucs(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The AUC of each column of scores with its own column of labels (n, k): (k,).

    Every column holds as many ones, so the ranks of the ones tell it.
    """
    ranks = np.empty_like(scores)
    np.put_along_axis(ranks, np.argsort(scores, axis=0), np.arange(1.0, len(scores) + 1)[:, None], axis=0)
    ones = labels[:, 0].sum()
    found: np.ndarray = ((ranks * labels).sum(axis=0) - ones * (ones + 1) / 2) / (
        ones * (len(labels) - ones)
    )
    return found


def linear_auc(train: View, seed: int = 0) -> tuple[float, float]:
    """The held-out AUC of a ridge regression, and the lower end of its 99.9 % interval: cheap to know."""
    random = np.random.default_rng(seed)
    kept = sample(train.y, ROWS, random)
    X, y = standardized(train.X[kept, :-1]), train.y[kept]
    told = _told(y, train.classes)
    if not X.shape[1] or not told:
        return 0.5, 0.0
    fold = folds(X, random)
    each = [(y == one).astype(np.float64) for one in told]
    found = [
        np.mean([aucs(S.held_out(fold, ones[:, None]), ones)[0] for ones in each])
        for S in smoothers("linear", X)
    ]
    auc = float(max(found))
    return auc, auc - Z999 * _error(auc, y, told)


def lowest(part: View, theta: Floats) -> float:
    """The lower end of the 99.9 % interval of the AUC of weights on rows that taught them nothing."""
    told = _told(part.y, part.classes)
    if not told:
        return 0.0
    scores = part.X @ theta.T
    columns = scores[:, None] if part.classes <= 2 else _log_shares(scores)[:, told]
    found = [aucs(columns[:, [i]], (part.y == one).astype(float))[0] for i, one in enumerate(told)]
    auc = float(np.mean(found))
    return auc - Z999 * _error(auc, part.y, told)


def _log_shares(scores: Floats) -> Floats:
    """Logarithms of a softmax over the columns of scores (n, K)."""
    scores = scores - scores.max(axis=1, keepdims=True)
    found: Floats = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return found


def _told(y: Floats, classes: int) -> list[int]:
    """The classes to tell from the rest: 1 of two, the commonest ten of more; none where there is one."""
    if classes <= 2:
        return [1] if 0 < int(y.sum()) < len(y) else []
    counts = np.bincount(y.astype(np.int64), minlength=classes)
    order = np.argsort(-counts, kind="stable")[:COMMONEST]
    return [int(one) for one in order if 0 < counts[one] < len(y)]


def _error(auc: float, y: Floats, told: Sequence[int]) -> float:
    """The standard error of a mean of AUCs, at the most: that of one where they go together."""
    if not told:
        return 0.5
    ones = [int((y == one).sum()) for one in told]
    return float(np.mean([_standard_error(auc, one, len(y) - one) for one in ones]))


def _standard_error(auc: float, ones: int, zeros: int) -> float:
    if not ones or not zeros:
        return 0.5
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (ones - 1) * (q1 - auc**2) + (zeros - 1) * (q2 - auc**2)
    return sqrt(max(spread, 0.0) / (ones * zeros))
