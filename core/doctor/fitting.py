"""Fits to a gradient of zero, by the optimizer ``newton`` of ``core/training``; no scikit-learn."""

from __future__ import annotations

from math import isfinite, log
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from lrtui.core.training.design import Part
from lrtui.core.training.epochs import EpochSpec
from lrtui.core.training.losses import default_loss
from lrtui.core.training.newton import DENSE, NewtonEpochs
from lrtui.core.training.optimizers import Update
from lrtui.datasets.array_types import Floats

MOST = 100  # iterations; a well-posed problem takes about eight
MUCH = 1e9  # multiplications for one Hessian, beyond which products with it are the cheaper way
CLOSE = 1e-9  # of the loss: an iteration that can gain no more is the last


def fit_weights(
    X: Floats,
    y: NDArray[Any],
    weight: Floats | None = None,
    classes: int = 2,
    decay: float | Floats = 0.0,
    start: Floats | None = None,
    *,
    close: float = 0.0,
) -> Floats:
    """The weights of the lowest mean loss plus ``½·Σ decay·θ²``.

    Without decay the first weights are enough that are seen to part the classes: no loss is lowest then.

    ``X`` is a design matrix (n, p), with its column of ones where a bias is wanted; ``y`` holds labels from
    0 (n,); ``weight`` is that of each row (n,). ``decay`` pulls on all columns alike, or is (p,). Returns
    (p,) of two classes, (K, p) of more; ``start`` is of that shape. So many nats above the lowest are
    ``close`` enough.

    The columns' scales do not matter; a mean far from zero costs digits, so centre them first.
    """
    loss, columns = default_loss(classes), X.shape[1]
    theta = torch.zeros((*loss.shape, columns), dtype=torch.float64)
    if start is not None:
        theta.copy_(torch.from_numpy(np.ascontiguousarray(start)))
    rows = torch.from_numpy(np.ascontiguousarray(X, dtype=np.float64))
    labels = torch.from_numpy(np.ascontiguousarray(y)).to(loss.label_type(torch.float64))
    each = None if weight is None else torch.from_numpy(np.ascontiguousarray(weight, dtype=np.float64))
    what = EpochSpec(Part(rows, labels, each, classes=classes), theta, loss, 0, False, torch.Generator())
    pull = decay if isinstance(decay, float) else torch.from_numpy(np.ascontiguousarray(decay, dtype=float))
    pairs = loss.outputs * (loss.outputs + 1) / 2
    most = DENSE if pairs * len(y) * columns**2 <= MUCH else 0
    epochs = NewtonEpochs(what, pull, dense=most, close=lambda now: max(CLOSE * now, close))
    parted = 0.0 if np.any(np.asarray(decay)) else parts_below(len(y), weight)
    for _ in range(MOST):
        (now,) = epochs.run(1, Update(theta, 1.0, 0.0, None))  # which takes the step itself
        if epochs.settled or epochs.near or not isfinite(now) or now < parted:
            break
    found: Floats = theta.numpy()
    return found


def parts_below(rows: int, weight: Floats | None = None) -> float:
    """A mean loss below which every row loses less than log 2, so all are of their likeliest class."""
    least = 1.0 if weight is None else float(weight[weight > 0].min(initial=np.inf))
    return log(2) * min(least, 1.0) / rows
