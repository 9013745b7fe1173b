"""Measuring a model of more than two classes on the full training and test part."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from lrtui.core.training.design import Part
from lrtui.core.training.gradient import raw
from lrtui.core.training.measurement import Measurement
from lrtui.core.training.metrics import roc_auc

ROWS = 65_536  # whose logits are computed at a time


def measure_classes(epoch: int, theta: Tensor, train: Part, test: Part) -> Measurement:
    """Everything worth knowing of weights θ (K, p + 1); the highest logit is what a row is predicted."""
    classes = train.classes
    train_loss, hits, gradient = _training(theta, train)
    logs = torch.cat([torch.log_softmax(_logits(theta, test, cut), 0) for cut in _cuts(test)], 1)
    test_loss = _losses(logs, test.y, test.weight).sum().item() / test.rows
    table = confusion_table(logs.argmax(0), test.y, classes)
    predicted, actual = table.sum(0), table.sum(1)
    commonest = int(torch.bincount(train.y, minlength=classes).cpu().numpy().argmax())
    majority = int(predicted.argmax())
    recalls = table.diagonal()[actual > 0] / actual[actual > 0]
    return Measurement(
        epoch=epoch,
        train_loss=train_loss,
        test_loss=test_loss,
        train_accuracy=hits / train.rows,
        test_accuracy=int(table.diagonal().sum()) / test.rows,
        base_accuracy=int(actual[commonest]) / test.rows,
        test_balanced_accuracy=float(recalls.mean()),
        test_auc=class_auc(logs, test.y),
        majority_label=majority,
        majority_share=int(predicted[majority]) / test.rows,
        positive_share=int(predicted[1]) / test.rows,
        gradient_norm=float(gradient.norm()) / train.rows,
        weight_norm=float(theta[:, :-1].norm()),
        confusion=tuple(table.ravel().tolist()),
        histogram=(tuple(predicted.tolist()), tuple(actual.tolist())),
    )


def _training(theta: Tensor, train: Part) -> tuple[float, int, Tensor]:
    """Mean loss, rows predicted right, and the gradient of the summed losses, in one pass."""
    total, hits, gradient = 0.0, 0, torch.zeros_like(theta)
    for cut in _cuts(train):
        y, weight = train.y[cut], None if train.weight is None else train.weight[cut]
        r = torch.log_softmax(_logits(theta, train, cut), 0)
        total += _losses(r, y, weight).sum().item()
        hits += int((r.argmax(0) == y).sum())
        r.exp_()
        r[y, torch.arange(len(y), device=y.device)] -= 1
        if weight is not None:
            r.mul_(weight)
        gradient += torch.mm(r, train.X[cut])
    return total / train.rows, hits, gradient


def _cuts(part: Part) -> Iterator[slice]:
    """Rows by the block, always the same: a measurement does not depend on what else is measured."""
    for window in part.windows():
        for start in range(window.start, window.stop, ROWS):
            yield slice(start, min(start + ROWS, window.stop))


def _logits(theta: Tensor, part: Part, cut: slice) -> Tensor:
    """Logits (K, rows). NumPy's product has the same bits in every process, wherever θ lies."""
    found = theta.new_empty((len(theta), cut.stop - cut.start))
    if theta.device.type == "cpu":
        np.dot(raw(theta.contiguous()), raw(part.X[cut]).T, out=raw(found))
        return found
    return torch.mm(theta, part.X[cut].t(), out=found)


def _losses(logs: Tensor, y: Tensor, weight: Tensor | None) -> Tensor:
    """The cross entropy of each row (n,) from the logarithms of p (K, n)."""
    found = logs.gather(0, y.unsqueeze(0)).squeeze(0).neg_()
    return found if weight is None else found * weight


def confusion_table(predicted: Tensor, y: Tensor, classes: int) -> np.ndarray:
    """Rows (n,) counted by true class and by prediction, (K, K)."""
    places = y * classes + predicted
    found: np.ndarray = torch.bincount(places, minlength=classes**2).view(classes, classes).cpu().numpy()
    return found


def class_auc(scores: Tensor, y: Tensor) -> float | None:
    """The area under the ROC curve of each class against the rest, from scores (K, n): their mean.

    Over the classes that the part holds beside others; ``None`` where there is none, or no number.
    (Provost and Domingos 2000, unweighted)
    """
    found = []
    for number, count in enumerate(torch.bincount(y, minlength=len(scores)).tolist()):
        if 0 < count < y.numel():
            found += roc_auc(scores[number : number + 1], (y == number).to(scores.dtype))
    known = [auc for auc in found if auc is not None]
    return sum(known) / len(known) if known and len(known) == len(found) else None
