"""Measuring a model on the full training and test part."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from lrtui.core.training.gradient import loss_of, residual
from lrtui.core.training.measurement import BINS, Counts, Measurement


@dataclass(frozen=True)
class Part:
    """Rows (n, p), labels (n,) and row weights (n,) of a part, as tensors."""

    X: Tensor
    y: Tensor
    weight: Tensor | None


def measure(
    epoch: int, loss: str, threshold: float, weights: Tensor, bias: Tensor, train: Part, test: Part
) -> Measurement:
    """Everything worth knowing of weights (1, p) and bias (1,) at an epoch."""
    z_train = torch.nn.functional.linear(train.X, weights, bias).squeeze(-1)
    z_test = torch.nn.functional.linear(test.X, weights, bias).squeeze(-1)
    p = torch.sigmoid(z_test)
    confusion = _confusion(p >= threshold, test.y > 0.5)
    true_negative, false_positive, _, true_positive = confusion
    n_test = test.y.numel()
    positive_share = (true_positive + false_positive) / n_test
    majority_label = int(positive_share > 0.5)
    r = residual(loss, z_train, train.y, train.weight)
    gradient = torch.cat([r @ train.X, r.sum().reshape(1)])
    return Measurement(
        epoch=epoch,
        train_loss=float(loss_of(loss, z_train, train.y, train.weight)),
        test_loss=float(loss_of(loss, z_test, test.y, test.weight)),
        train_accuracy=_accuracy(torch.sigmoid(z_train) >= threshold, train.y > 0.5),
        test_accuracy=(true_negative + true_positive) / n_test,
        base_accuracy=_base_accuracy(train.y, test.y),
        test_balanced_accuracy=_balanced_accuracy(confusion),
        test_auc=roc_auc(z_test, test.y),
        majority_label=majority_label,
        majority_share=max(positive_share, 1 - positive_share),
        positive_share=positive_share,
        gradient_norm=float(gradient.norm()),
        weight_norm=float(weights.norm()),
        confusion=confusion,
        histogram=histogram(p, test.y),
    )


def _confusion(predicted: Tensor, actual: Tensor) -> tuple[int, int, int, int]:
    counts = torch.bincount(actual.long() * 2 + predicted.long(), minlength=4).tolist()
    return counts[0], counts[1], counts[2], counts[3]


def _accuracy(predicted: Tensor, actual: Tensor) -> float:
    return float((predicted == actual).sum()) / actual.numel()


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


def roc_auc(scores: Tensor, y: Tensor) -> float | None:
    """Area under the ROC curve: how often a positive row scores above a negative one, ties half.

    ``None`` where one class is missing or a score is not a number. (Mann and Whitney 1947)
    """
    positive, negative = scores[y > 0.5], scores[y <= 0.5]
    if not positive.numel() or not negative.numel() or bool(torch.isnan(scores).any()):
        return None
    ordered = negative.sort().values
    below = torch.searchsorted(ordered, positive, right=False).sum()
    not_above = torch.searchsorted(ordered, positive, right=True).sum()
    return float(below + not_above) / (2 * positive.numel() * negative.numel())


def histogram(p: Tensor, y: Tensor) -> Counts:
    """Rows by p(y = 1) in 40 bins of equal width, class 0 and class 1; what is not a number is left out."""
    known = ~torch.isnan(p)
    bins = (p[known] * BINS).long().clamp_(0, BINS - 1)
    found = torch.bincount((y[known] > 0.5).long() * BINS + bins, minlength=2 * BINS).tolist()
    return tuple(found[:BINS]), tuple(found[BINS:])
