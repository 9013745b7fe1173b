"""The area under the ROC curve of scores that lie on several ranks.

Of few rows every rank gets all scores, and the area is exact. Of many, rows are counted by the first 16
bits of their scores as floats of 32 bits: a 128th of a score's size apart. Rows of one bin count as tied.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from lrtui.core.training.ranks import Ranks
from lrtui.core.training.roc import class_auc, roc_auc

EXACT = 500_000  # scores
BINS = 2**16


def shared_auc(
    scores: Tensor, y: Tensor, all_rows: int, ranks: Ranks, *, exact: int = EXACT
) -> list[float | None]:
    """The area of each row (marks, n) of scores; ``None`` where a class or a number is missing."""
    if ranks.world == 1:
        return roc_auc(scores, y)
    if scores.shape[0] * all_rows <= exact:
        return roc_auc(*_gathered(scores, y, ranks))
    return _binned(scores, y > 0.5, ranks)


def shared_class_auc(
    scores: Tensor, y: Tensor, all_rows: int, ranks: Ranks, *, exact: int = EXACT
) -> float | None:
    """The mean over the classes of scores (K, n), as ``roc.class_auc``."""
    if ranks.world == 1:
        return class_auc(scores, y)
    if scores.shape[0] * all_rows <= exact:
        return class_auc(*_gathered(scores, y, ranks))
    counts = ranks.sum(torch.bincount(y, minlength=len(scores)))[0].tolist()
    found = [
        _binned(scores[number : number + 1], y == number, ranks)[0]
        for number, count in enumerate(counts)
        if 0 < count < all_rows
    ]
    known = [auc for auc in found if auc is not None]
    return sum(known) / len(known) if known and len(known) == len(found) else None


def _gathered(scores: Tensor, y: Tensor, ranks: Ranks) -> tuple[Tensor, Tensor]:
    parts = ranks.gather((scores.cpu().numpy(), y.cpu().numpy()))
    return (
        torch.from_numpy(np.concatenate([part[0] for part in parts], axis=1)),
        torch.from_numpy(np.concatenate([part[1] for part in parts])),
    )


def _binned(scores: Tensor, positive: Tensor, ranks: Ranks) -> list[float | None]:
    rows = len(scores)
    bits = scores.float().contiguous().view(torch.int32).long()
    ordered = torch.where(bits < 0, -1 - (bits & 0x7FFFFFFF), bits) + 2**31  # as the numbers are
    first = torch.arange(rows, device=bits.device).unsqueeze(1) * 2 + positive.long()
    places = first * BINS + (ordered >> 16)
    counts = torch.bincount(places.flatten(), minlength=rows * 2 * BINS).view(rows, 2, BINS)
    counts, unknown = ranks.sum(counts, torch.isnan(scores).sum(1))
    negative, hits = counts[:, 0], counts[:, 1]
    below = negative.cumsum(1) - negative / 2
    pairs = (negative.sum(1) * hits.sum(1)).tolist()
    won = (hits * below).sum(1).tolist()
    return [
        None if nan or not many else good / many
        for good, many, nan in zip(won, pairs, unknown.tolist(), strict=True)
    ]
