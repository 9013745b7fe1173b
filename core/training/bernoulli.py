"""The loss of two classes: ``log(1 + e^z) − y·z`` of one logit, whose residual is ``σ(z) − y``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from lrtui.core.training.arrays import Residual, apart, raw

# torch's BCELoss clamps the denominator of its gradient at 1e-12 as a float32, in float64 as well.
BCE_EPSILON = 9.999999960041972e-13
UNSATURATED = 16.0  # σ of more is soon 1 in float32

Room = tuple[slice, Tensor, Any, Tensor, Any, Any]


@dataclass(frozen=True)
class Bernoulli:
    """From the logit; or, where it ``saturates``, through a sigmoid and BCELoss. See ``losses.Loss``."""

    saturates: bool = False
    shape: tuple[int, ...] = ()
    outputs: int = 1
    curvature: float = 1 / 4  # the most that σ(1 − σ) can be

    def label_type(self, dtype: torch.dtype) -> torch.dtype:
        """As the rows: 0 and 1 are the targets themselves."""
        return dtype

    def targets(self, y: Tensor, like: Tensor) -> Tensor:
        """The labels."""
        return y

    def first_bias(self, shares: Sequence[float]) -> list[float]:
        """The log-odds of the second class; a share of 0 or 1 counts as one row in a million."""
        rate = min(max(shares[1], 1e-6), 1 - 1e-6)
        return [log(rate / (1 - rate))]

    def rows(self, z: Tensor, y: Tensor, weight: Tensor | None) -> Tensor:
        """The loss of each logit in ``z`` (…, n)."""
        y = y.expand_as(z)
        if not self.saturates:
            return functional.binary_cross_entropy_with_logits(z, y, weight, reduction="none")
        p = torch.sigmoid(z)
        if p.device.type == "cpu" and not torch.isnan(p.sum()):
            return functional.binary_cross_entropy(p, y, weight, reduction="none")
        known = ~torch.isnan(p)  # torch raises on NaN; a diverged loss is a result
        losses = functional.binary_cross_entropy(torch.where(known, p, 0.5), y, weight, reduction="none")
        return torch.where(known, losses, torch.nan)

    def residual(self, like: Tensor) -> Residual:
        """``σ(z) − y``.

        Through sigmoid and BCELoss: ``(p − y) / max(p(1 − p), 1e-12) · p(1 − p)``, zero where σ has
        saturated, however wrong the row. That equals ``(p − y) · min(p(1 − p) / 1e-12, 1)``, and needs no
        division. The last factor is exactly 1 for logits within ±``UNSATURATED``: there both losses have
        the same residuals, to the last bit.
        """
        library = np if like.device.type == "cpu" else torch
        subtract, multiply, minimum = library.subtract, library.multiply, library.minimum
        one, steep = raw(like.new_ones(())), raw(like.new_full((), 1 / BCE_EPSILON))

        def write(z: Tensor, y: Any, weight: Any, out: Tensor, raw_out: Any, raw_scratch: Any) -> None:
            torch.sigmoid(z, out=out)
            if self.saturates:
                subtract(one, raw_out, out=raw_scratch)
                multiply(raw_scratch, raw_out, out=raw_scratch)
                multiply(raw_scratch, steep, out=raw_scratch)
                minimum(raw_scratch, one, out=raw_scratch)
                subtract(raw_out, y, out=raw_out)
                multiply(raw_out, raw_scratch, out=raw_out)
            else:
                subtract(raw_out, y, out=raw_out)
            if weight is not None:
                multiply(raw_out, weight, out=raw_out)

        return write

    def curve(self, z: Tensor, v: Tensor, weight: Tensor | None) -> Tensor:
        """``σ(z)·σ(−z)·v``, which does not cancel where σ is nearly 1."""
        found = torch.sigmoid(z) * torch.sigmoid(-z) * v
        return found if weight is None else found * weight

    def batch_targets(self, rows: int, size: int, y: Tensor) -> BernoulliTargets:
        """Labels in the order of the rows, whatever their batches."""
        return BernoulliTargets(self, rows)

    def block_room(self, rows: int, group: int, like: Tensor) -> BernoulliBlocks:
        """Room for the logits of a whole group, whose losses are computed in one go."""
        return BernoulliBlocks(self, rows, group, like)


@dataclass(frozen=True)
class BernoulliTargets:
    """Labels (rows,) as they come; see ``losses.BatchTargets``."""

    loss: Bernoulli
    rows: int

    def room(self, slots: int, like: Tensor) -> Tensor:
        """The logits of each pass get the same bits."""
        return apart(like, slots, self.rows)

    def write(self, y: Tensor, order: Tensor, out: Tensor) -> None:
        """The labels of rows in this order."""
        torch.index_select(y, 0, order, out=out)

    def losses(self, z: Tensor, y: Tensor, weight: Tensor | None) -> Tensor:
        """The loss of every row, of all batches in one go."""
        return self.loss.rows(z, y, weight)


class BernoulliBlocks:
    """Logits of a group of blocks beside each other; see ``losses.BlockRoom``."""

    def __init__(self, loss: Bernoulli, rows: int, group: int, like: Tensor) -> None:
        self._loss, self._residual, self._size = loss, loss.residual(like), rows
        self._z, self._r, self._scratch = (like.new_empty(n) for n in (group * rows, rows, rows))
        self._rooms: dict[tuple[int, int], Room] = {}

    def begin(self, y: Tensor, weight: Tensor | None) -> None:
        """The first block of a group is next."""
        self._y, self._weight, self._number, self._stop = y, weight, 0, 0
        self._raw_y, self._raw_weight = raw(y), None if weight is None else raw(weight)

    def block(self, X: Any, theta: Any, gradient: Any) -> None:
        """The gradient of the next block; its logits are kept."""
        here, z, raw_z, r, raw_r, raw_scratch = self._room(len(X))
        np.dot(X, theta, out=raw_z)
        weight = None if self._raw_weight is None else self._raw_weight[here]
        self._residual(z, self._raw_y[here], weight, r, raw_r, raw_scratch)
        np.dot(raw_r, X, out=gradient)
        self._number, self._stop = self._number + 1, here.stop

    def end(self) -> float:
        """The sum of the losses of the group."""
        return float(self._loss.rows(self._z[: self._stop], self._y, self._weight).sum())

    def _room(self, rows: int) -> Room:
        """Where the next block works: its place among the logits, and what every block shares."""
        key = self._number, rows
        if key not in self._rooms:
            here = slice(self._number * self._size, self._number * self._size + rows)
            z, r = self._z[here], self._r[:rows]
            self._rooms[key] = here, z, raw(z), r, raw(r), raw(self._scratch[:rows])
        return self._rooms[key]
