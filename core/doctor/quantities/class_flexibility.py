"""Whether a flexible model does better than a linear one at more than two classes."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from lrtui.core.doctor.quantities.flexibility import CLIP, NEAR, Flexibility
from lrtui.core.doctor.quantities.smoothers import FLEXIBLE, FOLDS, folds, sample, smoothers, standardized
from lrtui.core.doctor.view import Floats, View

MOST = 1_500  # rows looked at


def class_flexibility(train: View, seed: int = 0, *, permuted: bool = False) -> Flexibility:
    """As ``flexibility``, by ridge regressions of one-hot labels; a softmax regression calibrates them.

    ``permuted`` shuffles the labels first, as a check. Classes of fewer rows than folds are left out.
    """
    random = np.random.default_rng(seed)
    kept = sample(train.y, MOST, random)
    counts = np.bincount(train.y[kept].astype(np.int64), minlength=train.classes)
    kept = kept[counts[train.y[kept].astype(np.int64)] >= FOLDS]
    X, y = standardized(train.X[kept, :-1]), train.y[kept].astype(np.int64)
    if permuted:
        y = random.permutation(y)
    fold = folds(X, random)
    found = {kind: _best(kind, X, y, fold) for kind in ("linear", *FLEXIBLE)}
    losses = {kind: -np.log(_of_truth(p, y)) for kind, p in found.items()}
    linear_p = found["linear"]
    plain = _regressed(X, y, fold)  # or least squares were not the best plane
    if -np.log(_of_truth(plain, y)).mean() < losses["linear"].mean():
        linear_p, losses["linear"] = plain, -np.log(_of_truth(plain, y))
    order = sorted(FLEXIBLE, key=lambda kind: float(losses[kind].mean()))
    linear, best = losses["linear"], losses[order[0]]
    gain = linear - best
    error = float(gain.std(ddof=1)) / sqrt(len(y))
    return Flexibility(
        float(linear.mean()),
        float(best.mean()),
        _balanced(linear_p, y),
        _balanced(found[order[0]], y),
        float(gain.mean()) / error if error > 0 else 0.0,
        order[0],
        tuple(kind for kind in order if losses[kind].mean() <= best.mean() + NEAR),
        len(y),
    )


def _best(kind: str, X: Floats, y: NDArray[np.int64], fold: NDArray[np.int64]) -> Floats:
    """Held-out probabilities (n, K) of the ridge that errs least."""
    labels = np.eye(int(y.max()) + 1)[y]
    scores = [smoother.held_out(fold, labels) for smoother in smoothers(kind, X)]
    centred = labels - labels.mean(axis=0)
    best = min(scores, key=lambda found: float(((centred - found) ** 2).mean()))
    return _regressed(best / max(float(best.std()), 1e-12), y, fold)


def _regressed(X: Floats, y: NDArray[np.int64], fold: NDArray[np.int64]) -> Floats:
    """Probabilities (n, K) of each row by a softmax regression that has seen the other folds."""
    from sklearn.linear_model import LogisticRegression

    found = np.full((len(y), int(y.max()) + 1), CLIP)
    for number in range(FOLDS):
        out = fold == number
        if not out.any():
            continue
        model = LogisticRegression(tol=1e-3, max_iter=300).fit(X[~out], y[~out])
        found[np.ix_(out, model.classes_)] = model.predict_proba(X[out])
    clipped: Floats = np.clip(found, CLIP, 1 - CLIP)
    return clipped


def _of_truth(p: Floats, y: NDArray[np.int64]) -> Floats:
    """The probability (n,) of each row's own class."""
    found: Floats = p[np.arange(len(y)), y]
    return found


def _balanced(p: Floats, y: NDArray[np.int64]) -> float:
    """Mean recall where each row is of the class that is the most likelier than at the base rates."""
    present = np.unique(y)
    said = present[(p[:, present] / np.bincount(y)[present]).argmax(axis=1)]
    return float(np.mean([(said == one)[y == one].mean() for one in present]))
