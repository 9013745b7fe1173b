"""How well one or a few columns part a class from the rest on their own: ranks, tightness, the valley."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr

from lrtui.core.doctor.quantities.ranks import mid_ranks
from lrtui.core.doctor.quantities.smoothers import parts
from lrtui.datasets.array_types import Floats

Flags = NDArray[np.bool_]

TINY = 1e-9  # ridge of a covariance, against its mean variance: a difference that is exact has none
DECILES = 2.563  # standard deviations between the first and the last decile of a normal distribution
WINDOW = 0.15  # half the width of what counts as near a point, in distances between the classes' medians
SHALLOW = 0.7  # a valley holds at most so much of what either side holds
BY_CHANCE = 0.005  # that even ground would look like a valley


@dataclass(frozen=True)
class Separation:
    """What scores (n,) say of a class, 0 at the centre of the rest and 1 at its own.

    Attributes:
        auc: area under the ROC curve. error: its standard error (Hanley and McNeil 1982).
        tightness: the distance between the medians in standard deviations within the classes, told by
            their deciles, so that a few wrong labels do not count; infinite where both hold one value.
        valley: whether clearly fewer rows lie halfway than at either median. Scores of one hill, however
            sharply it is cut in two, have none.
    """

    auc: float
    error: float
    tightness: float
    valley: bool


def separation(scores: Floats, own: Flags) -> Separation:
    """Judge scores (n,) of a class whose rows are ``own`` (n,)."""
    auc = area(scores, own)
    ranks = mid_ranks(scores)
    valley = _valley(scores, *_medians(scores, own)) or _valley(ranks, *_medians(ranks, own))
    tight = max(tightness(scores, own), tightness(ranks, own))
    return Separation(auc, auc_error(auc, int(own.sum()), int((~own).sum())), tight, valley)


def area(scores: Floats, own: Flags) -> float:
    """The area under the ROC curve, from mid-ranks."""
    ones, zeros = int(own.sum()), int((~own).sum())
    return float((mid_ranks(scores)[own].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def auc_error(auc: float, ones: int, zeros: int) -> float:
    """Its standard error; of an AUC of 1 too, as if half a row stood wrong."""
    auc = min(auc, 1 - 0.5 / max(ones, zeros))
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (ones - 1) * (q1 - auc**2) + (zeros - 1) * (q2 - auc**2)
    return float(np.sqrt(max(spread, 0.0) / (ones * zeros)))


def tightness(scores: Floats, own: Flags) -> float:
    """The distance between the classes' medians over the standard deviation within them, from deciles."""
    low, high = _medians(scores, own)
    ranges = [np.subtract(*np.quantile(scores[rows], [0.9, 0.1])) for rows in (~own, own)]
    within = float(np.mean(ranges)) / DECILES
    gap = abs(high - low)
    return gap / within if within > 1e-12 * gap else (np.inf if gap else 0.0)


def _medians(scores: Floats, own: Flags) -> tuple[float, float]:
    return float(np.median(scores[~own])), float(np.median(scores[own]))


def _valley(scores: Floats, low: float, high: float) -> bool:
    """Whether fewer rows lie halfway between two points than near either: one hill never has that."""
    if low == high:
        return False
    near = WINDOW * abs(high - low)
    left, between, right = (
        int((np.abs(scores - point) <= near).sum()) for point in (low, (low + high) / 2, high)
    )
    side = min(left, right)
    return bool(between <= SHALLOW * side and bdtr(between, between + side, 0.5) <= BY_CHANCE)


def discriminant(X: Floats, own: Flags, fold: NDArray[np.int64]) -> Floats:
    """Held-out scores (n,) of Fisher's discriminant of X (n, k): 0 at the centre of the rest, 1 at the own.

    ``w ∝ Σ⁻¹(μ₁ − μ₀)`` with the covariance within the classes; each fold by a fit to the others.
    """
    found = np.full(len(X), 0.5)
    for out in parts(fold):
        kept, ones = X[~out], own[~out]
        if ones.all() or not ones.any():
            continue
        one, zero = kept[ones].mean(axis=0), kept[~ones].mean(axis=0)
        w = np.linalg.solve(within(kept, ones), one - zero)
        gap = float(w @ (one - zero))
        if gap > 0:
            found[out] = (X[out] - zero) @ w / gap
    return found


def within(X: Floats, own: Flags) -> Floats:
    """The covariance (k, k) within the two classes, with a ridge that lets it be inverted."""
    centred = np.where(own[:, None], X - X[own].mean(axis=0), X - X[~own].mean(axis=0))
    covariance = centred.T @ centred / len(X)
    whole = float(X.var(axis=0).mean())
    found: Floats = covariance + TINY * max(whole, 1e-300) * np.eye(X.shape[1])
    return found


def distance(X: Floats, own: Flags) -> float:
    """Mahalanobis' D between the classes in X (n, p), without what so many columns of noise make of it."""
    delta = X[own].mean(axis=0) - X[~own].mean(axis=0)
    squared = float(delta @ np.linalg.solve(within(X, own), delta))
    n, p = X.shape
    share = float(own.mean())
    return float(np.sqrt(max((n - p - 3) / n * squared - p / (n * share * (1 - share)), 0.0)))


def smallest_set(X: Floats, own: Flags, most: int) -> NDArray[np.int64]:
    """Few columns of X (n, p) that hold nearly all of what the whole tells of a class, found backwards.

    Mahalanobis' ``D² = δᵀΣ⁻¹δ`` with ``w = Σ⁻¹δ``: leaving column j out takes ``w_j² / (Σ⁻¹)_jj`` from it.
    The column that takes least goes, until ``most`` are left; of those, as many as half of D asks for.
    """
    kept = np.arange(X.shape[1])
    delta = X[own].mean(axis=0) - X[~own].mean(axis=0)
    inverse = np.linalg.inv(within(X, own))
    whole = float(delta @ inverse @ delta)
    while len(kept) > 1:
        w = inverse @ delta
        lost = w**2 / np.diag(inverse)
        j = int(lost.argmin())
        if len(kept) <= most and float(delta @ w) - lost[j] < whole / 4:
            break
        rest = np.arange(len(kept)) != j
        inverse = inverse[np.ix_(rest, rest)] - np.outer(inverse[rest, j], inverse[j, rest]) / inverse[j, j]
        kept, delta = kept[rest], delta[rest]
    return kept
