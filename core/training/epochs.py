"""What epochs go through, what every way of going through it is asked, and how many fit into a time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from lrtui.core.training.design import Part
from lrtui.core.training.losses import Loss
from lrtui.core.training.optimizers import Update
from lrtui.datasets.storage.block_shuffle import BlockShuffle

CLOCK_SECONDS = 0.002  # epochs between two looks at the clock take about so long


class Epochs(Protocol):
    """Passes over the training rows."""

    longest: int  # epochs that one call of ``run`` can take

    def run(self, count: int, update: Update) -> list[float]:
        """So many epochs; the loss of each as it passed, the mean over its rows."""


@dataclass(frozen=True)
class EpochSpec:
    """What all ways need: the rows, the weights θ, the loss, and how rows are drawn.

    θ is (p + 1,), or (K, p + 1) where there are K > 2 classes.
    """

    part: Part
    theta: Tensor
    loss: Loss
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

    def order(self) -> Tensor:
        """A new order of the rows; on disk, of the blocks that rows were dealt over, and within each."""
        if self.part.disk is not None:
            return self._by_blocks()
        found = torch.randperm(self.part.rows, generator=self.generator)
        return found.to(self.theta.device, non_blocking=True)

    def _by_blocks(self) -> Tensor:
        bounds = BlockShuffle(*self.part.X.shape).bounds()
        found, at = torch.empty(self.part.rows, dtype=torch.int64), 0
        for number in torch.randperm(len(bounds), generator=self.generator).tolist():
            start, stop = bounds[number]
            here = found[at : at + stop - start]
            torch.randperm(stop - start, generator=self.generator, out=here)
            here += start
            at += stop - start
        return found


class TimeBudget:
    """Says how many epochs to run before the next look at the clock: many where epochs are short.

    ``seconds`` is the budget, or ``None``; ``epochs`` is a first guess, and holds the newest afterwards.
    """

    def __init__(self, seconds: float | None, epochs: int) -> None:
        self.epochs = epochs
        self._started = self._looked_at = time.perf_counter()
        self._until = None if seconds is None else self._started + seconds

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._started

    def over(self, done: int) -> bool:
        """Called after so many epochs: is the budget used up?"""
        now = time.perf_counter()
        fitting = int(done * CLOCK_SECONDS / max(now - self._looked_at, 1e-9))
        self.epochs = max(1, min(2 * max(done, self.epochs), fitting))
        self._looked_at = now
        return self._until is not None and now >= self._until
