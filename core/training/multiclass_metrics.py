"""Measuring a model of more than two classes on the full training and test part."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from lrtui.core.training.arrays import raw
from lrtui.core.training.design import Part
from lrtui.core.training.measurement import Measurement
from lrtui.core.training.ranks import ALONE, Ranks
from lrtui.core.training.scoring import WeightsAt, accuracies
from lrtui.core.training.shared_auc import shared_class_auc

ROWS = 65_536  # whose logits are computed at a time


def measure_multiclass(
    mark: WeightsAt, train: Part, test: Part, rows: int = ROWS, ranks: Ranks = ALONE
) -> Measurement:
    """Everything worth knowing of weights θ (K, p + 1); the highest logit is what a row is predicted."""
    classes, theta = train.classes, mark.theta
    blocks = [torch.log_softmax(_logits(theta, test, cut), 0) for cut in _cuts(test, rows)]
    logs = torch.cat(blocks, 1) if blocks else theta.new_empty((classes, 0))
    seen = (
        *_training(theta, train, rows),
        torch.from_numpy(confusion_table(logs.argmax(0), test.y, classes)),
        _losses(logs, test.y, test.weight).sum(),
    )
    train_loss, hits, gradient, counted, test_loss = ranks.sum(*seen)
    table = counted.long().cpu().numpy()
    predicted, actual = table.sum(0).tolist(), table.sum(1).tolist()
    counts = train.counts or torch.bincount(train.y, minlength=classes).tolist()
    commonest = counts.index(max(counts))
    return Measurement(
        epoch=mark.epoch,
        train_loss=float(train_loss) / train.all_rows,
        test_loss=float(test_loss) / test.all_rows,
        train_accuracy=int(hits) / train.all_rows,
        test_auc=shared_class_auc(logs, test.y, test.all_rows, ranks),
        gradient_norm=float(gradient.norm()) / train.all_rows,
        weight_norm=float(theta[:, :-1].norm()),
        confusion=tuple(table.ravel().tolist()),
        histogram=(tuple(predicted), tuple(actual)),
        **accuracies(actual, predicted, table.diagonal().tolist(), commonest),
    )


def _training(theta: Tensor, train: Part, rows: int) -> tuple[Tensor, Tensor, Tensor]:
    """The sum of the losses, rows predicted right, and the gradient of that sum, in one pass."""
    total, hits, gradient = 0.0, 0, torch.zeros_like(theta)
    for cut in _cuts(train, rows):
        y, weight = train.y[cut], None if train.weight is None else train.weight[cut]
        r = torch.log_softmax(_logits(theta, train, cut), 0)
        total += _losses(r, y, weight).sum().item()
        hits += int((r.argmax(0) == y).sum())
        r.exp_()
        r[y, torch.arange(len(y), device=y.device)] -= 1
        if weight is not None:
            r.mul_(weight)
        gradient += torch.mm(r, train.X[cut])
    return torch.tensor(total, dtype=torch.float64), torch.tensor(hits), gradient


def _cuts(part: Part, rows: int) -> Iterator[slice]:
    """Rows by the block, always the same: a measurement does not depend on what else is measured."""
    for window in part.windows():
        for start in range(window.start, window.stop, rows):
            yield slice(start, min(start + rows, window.stop))


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
