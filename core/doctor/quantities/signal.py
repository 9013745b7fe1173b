"""Whether the labels depend on the features at all: a permutation test, and an interval for the AUC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from lrtui.core.doctor.quantities.paired import lowest_balanced_accuracy
from lrtui.core.doctor.quantities.ranks import mid_ranks
from lrtui.core.doctor.quantities.smoothers import FLEXIBLE, folds, sample, smoothers, standardized
from lrtui.core.doctor.view import View
from lrtui.datasets.array_types import Floats

MANY = 2_000  # where labels are to be cleared of all signal
FEWEST = 600  # of them where there are many classes, each of which takes as long as two
SURELY = 4.5  # errors of an AUC by cross-validation, which are larger than they look
LINEAR_ROWS = 1_000  # for a look at a linear model alone
Z95, Z99, Z999 = 1.959964, 2.575829, 3.290527


@dataclass(frozen=True)
class Signal:
    """How well held-out rows are ranked.

    Of more than two classes each AUC is the mean over the commonest of them, each against the rest.

    Attributes:
        auc: of the best of the models, less what the best of so many wins on permuted labels.
        p: how often permuted labels did as well.
        shown: whether no permuted labels did as well, or the interval leaves 0.5 out.
        low, high: 99 % interval of the AUC (Hanley and McNeil 1982), or by the spread of permuted labels if
            that is wider. rows: that were looked at.
        chance: the upper end of the 95 % interval where there is no signal: how much these rows can tell.
    """

    auc: float
    p: float
    low: float
    high: float
    rows: int
    chance: float
    shown: bool


def signal(
    train: View, kinds: Sequence[str] = ("linear", *FLEXIBLE), *, permutations: int = 199, seed: int = 0
) -> Signal:
    """Compare the best held-out AUC with the best on permuted labels, over all kinds of models.

    ``p = (C + 1) / (B + 1)``, C of B permutations at least as good (Phipson and Smyth 2010). The best of
    several models is taken on permuted labels too, so that choosing costs nothing.
    """
    random = np.random.default_rng(seed)
    kept = sample(train.y, max(FEWEST, 2 * MANY // train.classes), random)
    X, y = standardized(train.X[kept, :-1]), train.y[kept]
    told = train.likelihood.told_apart(y)
    if len(told) > 1:
        permutations //= 2
    labels = np.column_stack([y, *(random.permutation(y) for _ in range(permutations))])
    best = np.full(permutations + 1, 0.5)
    if X.shape[1] and told:
        fold, each = folds(X, random), [(labels == one).astype(np.float64) for one in told]
        for kind in kinds:
            for S in smoothers(kind, X):
                found = np.mean([_aucs(S.held_out(fold, ones), ones) for ones in each], axis=0)
                np.maximum(best, found, out=best)
    as_good = int((best[1:] >= best[0] - 1e-12).sum())
    luck = float(best[1:].mean()) - 0.5  # of the best of so many models, where there is nothing
    auc = float(best[0]) - luck * min(1.0, 2 * (1 - float(best[0])))  # which fades out towards 1
    # Rows that are copies of a few others tell less than their number: permuted labels show by how much.
    spread = float(best[1:].std()) if X.shape[1] and told else 0.0
    error = max(_error(auc, y, told), spread)
    low, high = max(0.0, auc - Z99 * error), min(1.0, auc + Z99 * error)
    chance = min(1.0, 0.5 + Z95 * max(_error(0.5, y, told), spread))
    p, shown = (as_good + 1) / (permutations + 1), not as_good or low > 0.5
    return Signal(auc, p, low, high, len(y), chance, shown)


def aucs(scores: Floats, y: Floats) -> Floats:
    """The area under the ROC curve of each column of scores (n, k): (k,); 0.5 where one class is missing.

    Mann and Whitney's statistic from mid-ranks, so ties count half.
    """
    positive = y == 1
    if positive.all() or not positive.any():
        return np.full(scores.shape[1], 0.5)
    return _by_ranks(mid_ranks(scores), positive[:, None])


def _aucs(scores: Floats, labels: Floats) -> Floats:
    """The AUC of each column of scores with its own column of labels (n, k): (k,).

    Every column holds as many ones, so the ranks of the ones tell it.
    """
    ranks = np.empty_like(scores)
    np.put_along_axis(ranks, np.argsort(scores, axis=0), np.arange(1.0, len(scores) + 1)[:, None], axis=0)
    return _by_ranks(ranks, labels)


def _by_ranks(ranks: Floats, labels: NDArray[Any]) -> Floats:
    ones = int(labels[:, 0].sum())
    found: Floats = (ranks * labels).sum(axis=0) - ones * (ones + 1) / 2
    return found / (ones * (len(labels) - ones))


def linear_auc(train: View) -> tuple[float, float]:
    """The held-out AUC of a ridge regression, and that less what chance hardly ever reaches.

    Over 0.5, the second says at little cost that this was no chance.
    """
    random = np.random.default_rng(0)
    kept = sample(train.y, LINEAR_ROWS, random)
    X, y = standardized(train.X[kept, :-1]), train.y[kept]
    told = train.likelihood.told_apart(y)
    if not X.shape[1] or not told:
        return 0.5, 0.0
    fold = folds(X, random)
    each = [(y == one).astype(np.float64) for one in told]
    found = [
        np.mean([aucs(S.held_out(fold, ones[:, None]), ones)[0] for ones in each])
        for S in smoothers("linear", X)
    ]
    auc = float(max(found))
    return auc, auc - SURELY * _error(0.5, y, told)


def lowest(part: View, theta: Floats, z: float = Z999) -> float:
    """The AUC of weights on rows that taught them nothing, less ``z`` errors of what chance reaches there.

    Over 0.5 it is no chance. (An interval around an AUC of 1 would have no width, however few the rows.)
    """
    told = part.likelihood.told_apart(part.y)
    if not told:
        return 0.0
    evidence = part.likelihood.evidence(part.X @ theta.T)
    found = [aucs(evidence[:, [one]], (part.y == one).astype(float))[0] for one in told]
    auc = float(np.mean(found))
    return auc - z * _error(0.5, part.y, told)


def _error(auc: float, y: Floats, told: Sequence[int]) -> float:
    """The standard error of a mean of AUCs, at the most: that of one where they go together."""
    if not told:
        return 0.5
    ones = np.array([(y == one).sum() for one in told])
    zeros = len(y) - ones
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (ones - 1) * (q1 - auc**2) + (zeros - 1) * (q2 - auc**2)
    return float(np.sqrt(np.maximum(spread, 0.0) / (ones * zeros)).mean())


def learned(table: Sequence[Sequence[int]], part: View, theta: Floats, z: float = Z99) -> bool:
    """Whether a run answers or ranks the rows of a part that taught it nothing better than chance.

    ``table``: how many rows of each class got which label. One interval of ``z`` errors (99 %) must
    leave chance out.
    """
    return answers_beyond_chance(table, z) or lowest(part, theta, z) > 0.5


def answers_beyond_chance(table: Sequence[Sequence[int]], z: float) -> bool:
    """Whether the labels that a part's rows got are right more often than chance makes them."""
    classes = sum(1 for row in table if sum(row))
    return classes > 1 and lowest_balanced_accuracy(table, z) > 1 / classes


def behind(auc: float, weights: int, rows: int, rarer: float) -> float:
    """The AUC of the best weights, where weights that so many rows taught reach ``auc``.

    Of two normal classes whose means lie δ spreads apart, weights learned from n rows part them by
    ``d = δ² / √(δ² + p·(1/n₀ + 1/n₁))``: the noise of p weights hides what few rows teach (Fisher's rule
    with known spreads; Raudys and Young 2004). An AUC is ``Φ(d/√2)``.
    """
    if auc >= 1.0 or auc <= 0.5 or not 0 < rarer < rows:
        return auc
    apart, noise = 2 * float(ndtri(auc)) ** 2, weights * (1 / rarer + 1 / (rows - rarer))
    best = (apart + np.sqrt(apart**2 + 4 * apart * noise)) / 2  # δ², from δ⁴ = d²·(δ² + noise)
    return float(ndtr(np.sqrt(best / 2)))
