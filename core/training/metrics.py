"""Measuring a model on the full training and test part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lrtui.core.training.design import Part, apart
from lrtui.core.training.gradient import loss_of, raw, residual
from lrtui.core.training.measurement import BINS, Counts, Measurement

TOGETHER = 2_000_000  # logits measured in one go
BLOCK = 4_096  # rows
Products = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Mark:
    """The weights θ, bias last, and the threshold at an epoch: what is needed to measure it.

    θ is (p + 1,), or (K, p + 1) for K > 2 classes, where the threshold has no meaning.
    """

    epoch: int
    theta: Tensor
    threshold: float


@np.errstate(all="ignore")
def measure(
    loss: str, marks: Sequence[Mark], train: Part, test: Part, *, exact: bool = True
) -> list[Measurement]:
    """Everything worth knowing at some epochs.

    One by one or together gives the same numbers to the last bit; faster where ``exact`` is false.
    """
    if train.classes > 2:
        from lrtui.core.training.class_metrics import measure_classes

        return [measure_classes(mark.epoch, mark.theta, train, test) for mark in marks]
    each = max(1, TOGETHER // (train.rows + test.rows))
    found: list[Measurement] = []
    for first in range(0, len(marks), each):
        found += _measure(loss, marks[first : first + each], train, test, exact)
    return found


def _measure(
    loss: str, marks: Sequence[Mark], train: Part, test: Part, exact: bool
) -> Iterator[Measurement]:
    products = _products if exact else _product
    thetas = torch.stack([mark.theta for mark in marks])
    z_train, z_test = _logits(products, train, thetas), _logits(products, test, thetas)
    r = residual(loss, z_train, train.y, train.weight)
    gradient_norms: list[float] = (_gradients(products, train, r).norm(dim=1) / train.rows).tolist()
    thresholds = z_test.new_tensor([mark.threshold for mark in marks]).unsqueeze(1)
    p_test = torch.sigmoid(z_test)
    confusions = _confusions(p_test >= thresholds, test.y > 0.5)
    right = ((torch.sigmoid(z_train) >= thresholds) == (train.y > 0.5)).sum(1)
    columns = zip(
        marks,
        loss_of(loss, z_train, train.y, train.weight).tolist(),
        loss_of(loss, z_test, test.y, test.weight).tolist(),
        right.tolist(),
        confusions,
        roc_auc(z_test, test.y),
        gradient_norms,
        thetas[:, :-1].norm(dim=1).tolist(),
        histograms(p_test, test.y),
        strict=True,
    )
    base = _base_accuracy(train.y, test.y)
    for mark, train_loss, test_loss, hits, confusion, auc, gradient, norm, histogram in columns:
        true_negative, false_positive, _, true_positive = confusion
        positive_share = (true_positive + false_positive) / test.rows
        yield Measurement(
            epoch=mark.epoch,
            train_loss=train_loss,
            test_loss=test_loss,
            train_accuracy=hits / train.rows,
            test_accuracy=(true_negative + true_positive) / test.rows,
            base_accuracy=base,
            test_balanced_accuracy=_balanced_accuracy(confusion),
            test_auc=auc,
            majority_label=int(positive_share > 0.5),
            majority_share=max(positive_share, 1 - positive_share),
            positive_share=positive_share,
            gradient_norm=gradient,
            weight_norm=norm,
            confusion=confusion,
            histogram=histogram,
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


def _confusions(predicted: Tensor, actual: Tensor) -> list[tuple[int, int, int, int]]:
    """True negatives, false positives, false negatives and true positives of each row (marks, n)."""
    positives = predicted.sum(1)
    true_positives = (predicted & actual).sum(1)
    positive, n = int(actual.sum()), actual.numel()
    return [
        (n - positive - (said - hit), said - hit, positive - hit, hit)
        for said, hit in zip(positives.tolist(), true_positives.tolist(), strict=True)
    ]


def _base_accuracy(y_train: Tensor, y_test: Tensor) -> float:
    """Accuracy on the test part of always answering the training part's commoner class."""
    positive = float(y_test.mean(dtype=torch.float64))
    return positive if float(y_train.mean(dtype=torch.float64)) > 0.5 else 1 - positive


def _balanced_accuracy(confusion: tuple[int, int, int, int]) -> float:
    """Mean recall over the classes that the test part holds."""
    true_negative, false_positive, false_negative, true_positive = confusion
    negative, positive = true_negative + false_positive, false_negative + true_positive
    recalls = [
        right / rows for right, rows in ((true_negative, negative), (true_positive, positive)) if rows
    ]
    return sum(recalls) / len(recalls)


def roc_auc(scores: Tensor, y: Tensor) -> list[float | None]:
    """Area under the ROC curve of each row (marks, n): how often a positive beats a negative, ties half.

    ``None`` where one class is missing or a score is not a number. (Mann and Whitney 1947)
    """
    positive, negative = _sorted(scores[:, y > 0.5]), _sorted(scores[:, y <= 0.5])
    if not positive.numel() or not negative.numel():
        return [None] * len(scores)
    below = torch.searchsorted(negative, positive, right=False).sum(1)
    not_above = torch.searchsorted(negative, positive, right=True).sum(1)
    counts = (below + not_above).tolist()
    unknown = torch.isnan(scores).any(1).tolist()
    pairs = 2 * positive.shape[1] * negative.shape[1]
    return [None if nan else count / pairs for count, nan in zip(counts, unknown, strict=True)]


def _sorted(values: Tensor) -> Tensor:
    """Each row in order; NumPy sorts with vector instructions."""
    if values.device.type == "cpu":
        return torch.from_numpy(np.sort(raw(values), axis=1))
    return values.sort(dim=1).values


def histograms(p: Tensor, y: Tensor) -> list[Counts]:
    """Rows of each (marks, n) by p(y = 1) in 40 bins of equal width, class 0 and class 1, NaN left out."""
    bins = (p * BINS).nan_to_num(nan=-1).long().clamp_(-1, BINS - 1)
    classes = (y > 0.5).long() * BINS
    first = torch.arange(len(p), device=p.device).unsqueeze(1) * (2 * BINS)
    places = (first + classes + bins)[bins >= 0]
    found = torch.bincount(places, minlength=2 * BINS * len(p)).view(len(p), 2, BINS).tolist()
    return [(tuple(zero), tuple(one)) for zero, one in found]
