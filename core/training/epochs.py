"""Epochs over a training part, as fast as the machine allows; which way depends on its size alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from lrtui.core.training.design import Part
from lrtui.core.training.gradient import Residual
from lrtui.core.training.optimizers import Update

LARGE = 1_000_000  # numbers in the rows of an update: from here on they go through the cache in blocks


class Epochs(Protocol):
    """Passes over the training rows."""

    longest: int  # epochs that one call of ``run`` can take

    def run(self, count: int, update: Update) -> list[float]:
        """So many epochs; the loss of each as it passed, the mean over its rows."""
        ...


@dataclass(frozen=True)
class Pass:
    """What all ways need: the rows, the weights θ (p + 1,), the loss, and how rows are drawn."""

    part: Part
    theta: Tensor
    loss: str
    batch_size: int
    shuffle: bool
    generator: torch.Generator

    @property
    def step_rows(self) -> int:
        """Rows of an update."""
        return min(self.batch_size or self.part.rows, self.part.rows)

    @property
    def shuffled(self) -> bool:
        """Every epoch draws a new order; with all rows in one update there is none to draw."""
        return self.shuffle and self.step_rows < self.part.rows

    @property
    def residual(self) -> Residual:
        """How residuals are computed."""
        return Residual(self.loss, self.theta)

    def order(self) -> Tensor:
        """A new order of the rows."""
        found = torch.randperm(self.part.rows, generator=self.generator)
        return found.to(self.theta.device, non_blocking=True)


def epochs_of(what: Pass, threads: int) -> Epochs:
    """The way to go for these rows."""
    from lrtui.core.training.blocks import BlockEpochs
    from lrtui.core.training.views import ViewEpochs

    columns = what.theta.numel()
    if what.theta.device.type == "cpu" and what.step_rows * columns >= LARGE:
        return BlockEpochs(what, threads)
    return ViewEpochs(what)
