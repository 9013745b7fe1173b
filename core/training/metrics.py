"""Measuring a model on the full training and test part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lrtui.core.training.binary_metrics import measure_binary
from lrtui.core.training.design import Part
from lrtui.core.training.losses import Loss
from lrtui.core.training.measurement import Measurement
from lrtui.core.training.multiclass_metrics import measure_multiclass
from lrtui.core.training.ranks import ALONE, Ranks
from lrtui.core.training.scoring import WeightsAt


@np.errstate(all="ignore")
def measure(
    loss: Loss,
    marks: Sequence[WeightsAt],
    train: Part,
    test: Part,
    *,
    exact: bool = True,
    ranks: Ranks = ALONE,
) -> list[Measurement]:
    """Everything worth knowing at some epochs.

    One by one or together gives the same numbers to the last bit; faster where ``exact`` is false. Where
    ranks share the rows, all of them call this with the same weights, and each is told the same.
    """
    if loss.shape:
        return [measure_multiclass(mark, train, test, ranks=ranks) for mark in marks]
    return list(measure_binary(loss, marks, train, test, exact=exact, ranks=ranks))
