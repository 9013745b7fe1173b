"""Scaling: an offset and a scale for each column, learned on the training part alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrtui.datasets.disk.statistics import Statistics

Floats = NDArray[np.float64]
SCALINGS = ("none", "standard", "minmax", "robust", "maxabs", "center")


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


def learn(name: str, X: Floats) -> Scaler:
    """What a scaling learns from the training part ``X`` (n, p).

    ``standard``: mean and population standard deviation; ``minmax``: smallest and range;
    ``robust``: median and interquartile range; ``maxabs``: 0 and largest magnitude;
    ``center``: mean and 1. As in scikit-learn, a constant column has scale 1: nothing divides by zero.
    Offset and scale are not finite where a column holds numbers too large for them.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # the caller looks at what comes of it
        return _learn(name, X)


def _learn(name: str, X: Floats) -> Scaler:
    zeros, ones = np.zeros(X.shape[1]), np.ones(X.shape[1])
    if name == "none":
        return Scaler(name, zeros, ones)
    if name == "center":
        return Scaler(name, X.mean(axis=0), ones)
    if name == "standard":
        mean = X.mean(axis=0)
        return Scaler(name, mean, _deviation(X, mean))
    if name == "minmax":
        low = X.min(axis=0)
        return Scaler(name, low, _no_zeros(X.max(axis=0) - low))
    if name == "robust":
        low, middle, high = np.percentile(X, (25, 50, 75), axis=0)
        return Scaler(name, middle, _no_zeros(high - low))
    if name == "maxabs":
        return Scaler(name, zeros, _no_zeros(np.abs(X).max(axis=0)))
    raise ValueError(f"unknown scaling {name!r}")


def learn_exactly(name: str, known: Statistics) -> Scaler:
    """The same from the statistics of all rows; not for ``robust``, which needs the rows themselves.

    Raises:
        ValueError: there is no such scaling that statistics tell.
    """
    zeros, ones = np.zeros(len(known.mean)), np.ones(len(known.mean))
    if name == "center":
        return Scaler(name, known.mean, ones)
    if name == "standard":
        return Scaler(name, known.mean, np.where(known.high > known.low, known.deviation, 1.0))
    if name == "minmax":
        return Scaler(name, known.low, _no_zeros(known.high - known.low))
    if name == "maxabs":
        return Scaler(name, zeros, _no_zeros(np.maximum(np.abs(known.low), np.abs(known.high))))
    raise ValueError(f"statistics do not tell scaling {name!r}")


def _deviation(X: Floats, mean: Floats) -> Floats:
    deviation = X.std(axis=0)
    # scikit-learn's bound: below it, the variance is rounding error of a constant column.
    n, epsilon = X.shape[0], np.finfo(np.float64).eps
    bound = n * epsilon * deviation**2 + (n * mean * epsilon) ** 2
    constant = np.isfinite(deviation) & (deviation**2 <= bound)
    return np.where(constant, 1.0, deviation)


def _no_zeros(scale: Floats) -> Floats:
    return np.where(scale < 10 * np.finfo(np.float64).eps, 1.0, scale)
