"""Early stopping: the loss of rows that are not trained on, epoch by epoch, and the weights at its lowest.

Prechelt, Early Stopping – But When? (1998): training ends once ``patience`` epochs in a row have brought no
lower loss, and the weights of the best epoch are those of the run. The rows are looked at after every
epoch, whatever the time between two looks at the clock, so that slices of time change nothing.
"""

from __future__ import annotations

from functools import cached_property
from math import inf
from typing import Any, NamedTuple

from torch import Tensor

from lrtui.core.training.design import Part
from lrtui.core.training.losses import Loss, logits
from lrtui.core.training.ranks import ALONE, Ranks, sum_number


class Best(NamedTuple):
    """The weights θ, of their own shape, at the epoch of the lowest loss that was watched."""

    epoch: int
    loss: float
    theta: Tensor


class EarlyStopping:
    """Watches the loss on a part of the rows. ``best`` is ``None`` until a loss was a finite number."""

    def __init__(self, loss: Loss, part: Part, ranks: Ranks = ALONE) -> None:
        self.best: Best | None = None
        self._loss, self._part, self._ranks = loss, part, ranks
        self._since = 0  # the epoch from which patience is counted at the earliest

    @cached_property
    def _targets(self) -> Tensor | None:
        """Those of rows in memory, for every look."""
        return None if self._part.disk is not None else self._part.targets()

    def begin(self, epoch: int) -> None:
        """Count patience from here on; the best so far stays the best."""
        self._since = epoch

    def forget(self) -> None:
        """Nobody watches any more."""
        self.best = None

    def look(self, epoch: int, theta: Tensor) -> None:
        """Keep the weights after an epoch, if no loss was lower before."""
        loss = self.loss_of(theta)
        if loss < (inf if self.best is None else self.best.loss):  # no number is lower than another
            self.best = Best(epoch, loss, theta.clone())

    def is_over(self, epoch: int, patience: int) -> bool:
        """Whether the last ``patience`` epochs have all brought nothing; never with a patience of 0."""
        last = 0 if self.best is None else self.best.epoch
        return 0 < patience <= epoch - max(last, self._since)

    def loss_of(self, theta: Tensor) -> float:
        """The mean loss over the rows, added up in float64."""
        part, total = self._part, 0.0
        for cut in part.windows():
            z, weight = logits(part.X[cut], theta), None if part.weight is None else part.weight[cut]
            y = self._loss.targets(part.y[cut], z) if self._targets is None else self._targets[..., cut]
            total += float(self._loss.rows(z, y, weight).double().sum())
        return sum_number(self._ranks, total) / part.all_rows

    def state(self) -> dict[str, Any]:
        """Everything that is needed to go on later."""
        best = None if self.best is None else tuple(self.best)
        return {"best": best, "since": self._since}

    def take_up(self, state: dict[str, Any] | None) -> None:
        """Go on from ``state``; one that was kept before there was any has nothing to tell."""
        if state is not None:
            self._since = state["since"]
            best = None if state["best"] is None else Best(*state["best"])
            self.best = best and best._replace(theta=best.theta.to(self._part.X.device))
