"""Count, mean, spread and range of every column of a table that passes by in blocks."""

from __future__ import annotations

from typing import Any

import numpy as np

from lrtui.datasets.array_types import Floats, Mask

ARRAYS = ("count", "mean", "squares", "low", "high")


class Statistics:
    """What is known of the finite values of each of p columns so far.

    Means and sums of squared deviations are merged block by block (Chan, Golub and LeVeque 1983), so that
    a large offset costs no digits.

    Attributes:
        count, mean, low, high: (p,) of the finite values. squares: (p,) summed squared deviations.
        rows: seen so far. columns: p.
    """

    def __init__(self, columns: int) -> None:
        self.rows, self.columns = 0, columns
        self.count = np.zeros(columns)
        self.mean, self.squares = np.zeros(columns), np.zeros(columns)
        self.low, self.high = np.full(columns, np.inf), np.full(columns, -np.inf)

    @property
    def deviation(self) -> Floats:
        """The population standard deviation (p,); 0 where there is no value."""
        found: Floats = np.sqrt(self.squares / np.maximum(self.count, 1))
        return found

    @property
    def varies(self) -> Mask:
        """Whether a column holds different values (p,)."""
        found: Mask = self.high > self.low
        return found

    @property
    def missing(self) -> Floats:
        """How many values of each column are not finite (p,)."""
        return self.rows - self.count

    def merge(self, other: Statistics) -> None:
        """The rows that ``other`` has seen, too."""
        self.rows += other.rows
        self._combine(other.count, other.mean, other.squares, other.low, other.high)

    @np.errstate(over="ignore", invalid="ignore")
    def update(self, block: Floats) -> None:
        """More rows (k, p)."""
        if not len(block):
            return
        self.rows += len(block)
        total, finite = block.sum(axis=0), None
        if np.isfinite(total).all():  # then every value is
            count = np.full(len(total), float(len(block)))
            low, high = block.min(0), block.max(0)
        else:
            finite = np.isfinite(block)
            count, total = finite.sum(0).astype(np.float64), np.where(finite, block, 0.0).sum(0)
            low, high = np.where(finite, block, np.inf).min(0), np.where(finite, block, -np.inf).max(0)
        mean = total / np.maximum(count, 1)
        apart = block - mean
        if finite is not None:
            apart[~finite] = 0
        self._combine(count, mean, np.einsum("ij,ij->j", apart, apart), low, high)

    def _combine(self, count: Floats, mean: Floats, squares: Floats, low: Floats, high: Floats) -> None:
        both = self.count + count
        shift = np.where(self.count > 0, mean - self.mean, 0.0)
        weight = count / np.maximum(both, 1)
        self.squares += squares + shift**2 * self.count * weight
        self.mean = np.where(self.count > 0, self.mean + shift * weight, mean)
        self.count = both
        np.minimum(self.low, low, out=self.low)
        np.maximum(self.high, high, out=self.high)

    def to_dict(self) -> dict[str, Any]:
        """For JSON; Python writes a float so that it reads back to the last bit."""
        return {"rows": self.rows, **{name: getattr(self, name).tolist() for name in ARRAYS}}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Statistics:
        """The statistics that ``to_dict`` told."""
        found = cls(len(data["count"]))
        found.rows = int(data["rows"])
        for name in ARRAYS:
            setattr(found, name, np.array(data[name], dtype=np.float64))
        return found
