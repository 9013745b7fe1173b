"""What became of a run: all that the doctor needs to know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrtui.core.doctor.view import Floats

if TYPE_CHECKING:
    from lrtui.core.training.trainer import Trainer


@dataclass(frozen=True)
class Outcome:
    """Where a run stands.

    Attributes:
        theta: weights, bias last, shape (p + 1,), float64; of K > 2 classes row after row, (K·(p + 1),).
        epoch: epochs done. diverged_at: the first whose loss was not finite.
        losses: the training loss of each epoch; may be thinned.
        seconds: spent training.
    """

    theta: Floats
    epoch: int
    diverged_at: int | None
    losses: Sequence[float]
    seconds: float


def outcome_of(trainer: Trainer, losses: Sequence[float]) -> Outcome:
    """Where a trainer stands; ``losses`` are those that its ``advance`` returned."""
    now = trainer.snapshot()
    theta = np.array([*now.weights, now.bias], dtype=np.float64)
    return Outcome(theta, trainer.epoch, trainer.diverged_at, losses, trainer.seconds)
