"""Epochs over a training part, as fast as the machine allows; which way depends on its size alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from lrtui.core.training.design import Part
from lrtui.core.training.gradient import Residual, residual_of
from lrtui.core.training.optimizers import Update
from lrtui.core.training.softmax import ClassResidual
from lrtui.datasets.disk.dealing import Deal

LARGE = 1_000_000  # numbers in the rows of an update: from here on they go through the cache in blocks


class Epochs(Protocol):
    """Passes over the training rows."""

    longest: int  # epochs that one call of ``run`` can take

    def run(self, count: int, update: Update) -> list[float]:
        """So many epochs; the loss of each as it passed, the mean over its rows."""
        ...


@dataclass(frozen=True)
class Pass:
    """What all ways need: the rows, the weights θ, the kind of loss, and how rows are drawn.

    θ is (p + 1,), or (K, p + 1) where there are K > 2 classes.
    """

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
    def residual(self) -> Residual | ClassResidual:
        """How residuals are computed."""
        return residual_of(self.loss, self.theta)

    @property
    def outputs(self) -> int:
        """Logits of a row."""
        return 1 if self.theta.dim() == 1 else len(self.theta)

    def order(self) -> Tensor:
        """A new order of the rows; on disk, of the blocks that rows were dealt over, and within each."""
        if self.part.disk is not None:
            return self._by_blocks()
        found = torch.randperm(self.part.rows, generator=self.generator)
        return found.to(self.theta.device, non_blocking=True)

    def _by_blocks(self) -> Tensor:
        bounds = Deal(*self.part.X.shape).bounds()
        found, at = torch.empty(self.part.rows, dtype=torch.int64), 0
        for number in torch.randperm(len(bounds), generator=self.generator).tolist():
            start, stop = bounds[number]
            here = found[at : at + stop - start]
            torch.randperm(stop - start, generator=self.generator, out=here)
            here += start
            at += stop - start
        return found


def epochs_of(what: Pass, threads: int) -> Epochs:
    """The way to go for these rows."""
    large = what.theta.device.type == "cpu" and what.step_rows * what.part.X.shape[1] >= LARGE
    if what.outputs > 1:
        from lrtui.core.training.class_blocks import ClassBlockEpochs
        from lrtui.core.training.class_views import ClassViewEpochs

        return ClassBlockEpochs(what, threads) if large else ClassViewEpochs(what)
    from lrtui.core.training.blocks import BlockEpochs
    from lrtui.core.training.views import ViewEpochs

    return BlockEpochs(what, threads) if large else ViewEpochs(what)
