"""The area under the ROC curve of scores."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from lrtui.core.training.arrays import raw


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


def _sorted(values: Tensor) -> Tensor:
    """Each row in order; NumPy sorts with vector instructions."""
    if values.device.type == "cpu":
        return torch.from_numpy(np.sort(raw(values), axis=1))
    return values.sort(dim=1).values
