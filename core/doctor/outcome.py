"""What became of a run: all that the doctor needs to know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lrtui.datasets.array_types import Floats


@dataclass(frozen=True)
class Outcome:
    """Where a run stands.

    Attributes:
        theta: weights, bias last, shape (p + 1,), float64; of K > 2 classes row after row, (K·(p + 1),).
        epoch: epochs done. diverged_at: the first whose loss was not finite.
        losses: the training loss of each epoch; may be thinned. stopped_early: patience ended it there.
    """

    theta: Floats
    epoch: int
    diverged_at: int | None
    losses: Sequence[float]
    stopped_early: bool = False
