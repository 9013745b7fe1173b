"""What a linear model loses on rows that it has not seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lrtui.core.doctor.quantities.smoothers import FOLDS, folds
from lrtui.core.doctor.view import Floats

SURE = 1e-6  # the least that a row's label is given, so that no row costs without end


def cross_validated(
    X: Floats, y: Floats, model: Callable[[int], Any], weight: Floats | None = None
) -> float:
    """Mean log-loss of held-out rows, in five folds that are the same each time.

    ``model`` makes one of scikit-learn's classifiers for a number of rows; ``weight`` is that of each row
    in the loss (n,), all 1 without. A fold that leaves one class alone is passed over, and so is an empty
    one: of rows that are copies of each other there may be fewer kinds than folds.
    """
    fold = folds(X, np.random.default_rng(0))
    found = []
    for number in range(FOLDS):
        out = fold == number
        if out.any() and len(np.unique(y[~out])) > 1:
            fitted = model(int((~out).sum()))
            fitted.fit(X[~out], y[~out], sample_weight=None if weight is None else weight[~out])
            losses = _losses(fitted, X[out], y[out])
            found.append(losses if weight is None else weight[out] * losses)
    return float(np.concatenate(found).mean()) if found else 0.0


def _losses(fitted: Any, X: Floats, y: Floats) -> Floats:
    """The log-loss of each row (n,); a class that the classifier does not know is as good as impossible."""
    shares, known = fitted.predict_proba(X), fitted.classes_
    if len(known) == 2 and y.max(initial=0) <= 1:
        p = np.clip(shares[:, 1], SURE, 1 - SURE)
        found: Floats = -np.where(y == 1, np.log(p), np.log1p(-p))
        return found
    column = np.minimum(np.searchsorted(known, y), len(known) - 1)
    own = np.where(known[column] == y, shares[np.arange(len(y)), column], 0.0)
    losses: Floats = -np.log(np.clip(own, SURE, 1 - SURE))
    return losses
