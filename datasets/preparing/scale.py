"""Scaling: an offset and a scale for each column, learned on the training part alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrtui.datasets.array_types import Floats
from lrtui.datasets.tables.missing import blocks
from lrtui.datasets.tables.statistics import Statistics

WHOLE = 1_000_000  # numbers of which a copy costs little
FROM_STATISTICS = ("standard", "minmax", "maxabs", "center")  # the others look at rows themselves


@dataclass(frozen=True)
class Scaler:
    """``(X − offset) / scale``; both have shape (p,)."""

    name: str
    offset: Floats
    scale: Floats

    def apply(self, X: Floats) -> Floats:
        """The scaled copy of ``X`` (n, p)."""
        scaled = np.subtract(X, self.offset)
        return np.divide(scaled, self.scale, out=scaled)


@np.errstate(over="ignore", invalid="ignore")  # the caller looks at what comes of it
def learn(name: str, X: Floats | Statistics) -> Scaler:
    """What a scaling learns from the training part: its rows (n, p), or what is known of their columns.

    ``standard``: mean and population standard deviation; ``minmax``: smallest and range;
    ``robust``: median and interquartile range, of rows alone; ``maxabs``: 0 and largest magnitude;
    ``center``: mean and 1. As in scikit-learn, a constant column has scale 1: nothing divides by zero.
    Offset and scale are not finite where a column holds numbers too large for them.

    Raises:
        ValueError: there is no such scaling, or statistics do not tell it.
    """
    if name == "robust" and not isinstance(X, Statistics):
        low, middle, high = np.percentile(X, (25, 50, 75), axis=0)
        return Scaler(name, middle, _no_zeros(high - low))
    columns = X.columns if isinstance(X, Statistics) else X.shape[1]
    zeros, ones = np.zeros(columns), np.ones(columns)
    if name == "none":
        return Scaler(name, zeros, ones)
    if name in ("center", "standard"):
        mean = X.mean if isinstance(X, Statistics) else X.mean(axis=0)
        return Scaler(name, mean, ones if name == "center" else _deviation(X, mean))
    if name in ("minmax", "maxabs"):
        low, high = (X.low, X.high) if isinstance(X, Statistics) else (X.min(axis=0), X.max(axis=0))
        if name == "minmax":
            return Scaler(name, low, _no_zeros(high - low))
        return Scaler(name, zeros, _no_zeros(np.maximum(np.abs(low), np.abs(high))))
    raise ValueError(f"scaling {name!r} is unknown, or not told by statistics")


def _deviation(X: Floats | Statistics, mean: Floats) -> Floats:
    """The population standard deviation (p,); 1 of a constant column."""
    if isinstance(X, Statistics):
        n, deviation = X.rows, np.where(X.varies, X.deviation, 1.0)
    else:
        n, deviation = len(X), _spread(X, mean)
    # scikit-learn's bound: below it, the variance is rounding error of a constant column.
    epsilon = np.finfo(np.float64).eps
    bound = n * epsilon * deviation**2 + (n * mean * epsilon) ** 2
    return np.where(np.isfinite(deviation) & (deviation**2 <= bound), 1.0, deviation)


def _spread(X: Floats, mean: Floats) -> Floats:
    """The population standard deviation of columns (p,), of large tables by the block."""
    if X.size <= WHOLE:
        found: Floats = X.std(axis=0)
        return found
    squares = np.zeros_like(mean)
    for block in blocks(*X.shape):
        apart = X[block] - mean
        squares += np.einsum("ij,ij->j", apart, apart)
    return np.sqrt(squares / len(X))


def _no_zeros(scale: Floats) -> Floats:
    return np.where(scale < 10 * np.finfo(np.float64).eps, 1.0, scale)
