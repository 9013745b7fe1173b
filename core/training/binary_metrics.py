"""Measuring models of two classes on the full training and test part, many of them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lrtui.core.training.arrays import apart, raw
from lrtui.core.training.design import Part
from lrtui.core.training.losses import Loss, mean_loss, residuals
from lrtui.core.training.measurement import BINS, Measurement
from lrtui.core.training.ranks import Ranks
from lrtui.core.training.scoring import WeightsAt, accuracies
from lrtui.core.training.shared_auc import shared_auc

TOGETHER = 2_000_000  # logits measured in one go
BLOCK = 4_096  # rows
Products = Callable[[Tensor, Tensor], Tensor]


def measure_binary(
    loss: Loss, marks: Sequence[WeightsAt], train: Part, test: Part, *, exact: bool, ranks: Ranks
) -> Iterator[Measurement]:
    """Everything worth knowing of weights (p + 1,) and thresholds; as ``metrics.measure``."""
    each = max(1, TOGETHER // (train.all_rows + test.all_rows))
    for first in range(0, len(marks), each):
        yield from _measure(loss, marks[first : first + each], train, test, exact, ranks)


def _measure(
    loss: Loss, marks: Sequence[WeightsAt], train: Part, test: Part, exact: bool, ranks: Ranks
) -> Iterator[Measurement]:
    products = _products if exact else _product
    thetas = torch.stack([mark.theta for mark in marks])
    z_train, z_test = _logits(products, train, thetas), _logits(products, test, thetas)
    r = residuals(loss, z_train, train.y, train.weight)
    thresholds = z_test.new_tensor([mark.threshold for mark in marks]).unsqueeze(1)
    p_test = torch.sigmoid(z_test)
    right = ((torch.sigmoid(z_train) >= thresholds) == (train.y > 0.5)).sum(1)
    gradients, right, confusions, counts = ranks.sum(
        _gradients(products, train, r),
        right,
        _confusions(p_test >= thresholds, test.y > 0.5),
        histograms(p_test, test.y),
    )
    columns = zip(
        marks,
        mean_over(ranks, loss, z_train, train).tolist(),
        mean_over(ranks, loss, z_test, test).tolist(),
        right.tolist(),
        confusions.long().tolist(),
        shared_auc(z_test, test.y, test.all_rows, ranks),
        (gradients.norm(dim=1) / train.all_rows).tolist(),
        thetas[:, :-1].norm(dim=1).tolist(),
        counts.long().tolist(),
        strict=True,
    )
    commonest = int(_positive_share(train) > 0.5)
    for mark, train_loss, test_loss, hits, (tn, fp, fn, tp), auc, gradient, norm, histogram in columns:
        yield Measurement(
            epoch=mark.epoch,
            train_loss=train_loss,
            test_loss=test_loss,
            train_accuracy=hits / train.all_rows,
            test_auc=auc,
            gradient_norm=gradient,
            weight_norm=norm,
            confusion=(tn, fp, fn, tp),
            histogram=(tuple(histogram[0]), tuple(histogram[1])),
            **accuracies((tn + fp, fn + tp), (tn + fn, fp + tp), (tn, tp), commonest),
        )


def _logits(products: Products, part: Part, thetas: Tensor) -> Tensor:
    """The logits (marks, n) of the rows of a part."""
    if part.disk is None:
        return products(part.X, thetas)
    return torch.cat([products(part.X[cut], thetas) for cut in part.windows()], dim=1)


def _gradients(products: Products, part: Part, r: Tensor) -> Tensor:
    """The gradient (marks, p + 1) of the summed losses, from residuals (marks, n)."""
    if part.disk is None:
        return products(part.X.t(), r)
    return torch.stack([products(part.X[cut].t(), r[:, cut]) for cut in part.windows()]).sum(0)


def _product(matrix: Tensor, vectors: Tensor) -> Tensor:
    """The matrix (a, b) times each of the vectors (vectors, b): (vectors, a)."""
    return torch.mm(vectors, matrix.t())


def _products(matrix: Tensor, vectors: Tensor) -> Tensor:
    """The same, each to the last bit as if it were alone.

    One product each, and always in the same place: together, or in another, they would round otherwise.
    NumPy's products are faster than torch's on large data.
    """
    found = apart(matrix, len(vectors), matrix.shape[0])
    vector, out = matrix.new_empty(matrix.shape[1]), matrix.new_empty(matrix.shape[0])
    for row, given in zip(found, vectors, strict=True):
        vector.copy_(given)
        if matrix.device.type == "cpu":
            _dot(raw(matrix), raw(vector), raw(out))
        else:
            torch.mv(matrix, vector, out=out)
        row.copy_(out)
    return found


def _dot(matrix: Any, vector: Any, out: Any) -> None:
    if matrix.flags.c_contiguous:
        np.dot(matrix, vector, out=out)
        return
    out.fill(0)
    for start in range(0, len(vector), BLOCK):  # by the block, or long tables would be read many times
        out += np.dot(vector[start : start + BLOCK], matrix.T[start : start + BLOCK])


def mean_over(ranks: Ranks, loss: Loss, z: Tensor, part: Part) -> Tensor:
    """The mean loss of each row (marks, n) of logits over the rows of a part, on all ranks."""
    if ranks.world == 1:
        return mean_loss(loss, z, part.y, part.weight)
    return ranks.sum(loss.rows(z, part.y, part.weight).sum(-1, dtype=torch.float64))[0] / part.all_rows


def _positive_share(part: Part) -> float:
    if part.counts is not None:
        return part.counts[1] / sum(part.counts)
    return float(part.y.mean(dtype=torch.float64))


def _confusions(predicted: Tensor, actual: Tensor) -> Tensor:
    """True negatives, false positives, false negatives and true positives (marks, 4) of (marks, n)."""
    positive = int(actual.sum())
    negative = actual.numel() - positive
    said, hit = predicted.sum(1), (predicted & actual).sum(1)
    return torch.stack([negative - said + hit, said - hit, positive - hit, hit], 1)


def histograms(p: Tensor, y: Tensor) -> Tensor:
    """Rows of each (marks, n) by class and p(y = 1) in 40 bins, NaN left out (marks, 2, 40)."""
    bins = (p * BINS).nan_to_num(nan=-1).long().clamp_(-1, BINS - 1)
    classes = (y > 0.5).long() * BINS
    first = torch.arange(len(p), device=p.device).unsqueeze(1) * (2 * BINS)
    places = (first + classes + bins)[bins >= 0]
    return torch.bincount(places, minlength=2 * BINS * len(p)).view(len(p), 2, BINS)
