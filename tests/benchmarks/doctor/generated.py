"""Datasets that are made for the benchmark: the truth behind them is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lrtui.datasets.dataset import Dataset
from lrtui.datasets.source import Source

Floats = NDArray[np.float64]


def table(name: str, X: Floats, y: NDArray[np.generic]) -> Dataset:
    """A dataset of an array (n, p) and labels (n,)."""
    names = tuple(f"x{i}" for i in range(1, X.shape[1] + 1))
    return Dataset(Source(name), np.ascontiguousarray(X, np.float64), y.astype(np.int8), names, ("0", "1"))


def linear(
    name: str,
    seed: int,
    *,
    n: int,
    p: int,
    strength: float,
    rate: float = 0.5,
    correlation: float = 0.0,
    kind: str = "normal",
) -> Dataset:
    """Labels that follow a logistic model: logits have standard deviation ``strength``, mean rate ``rate``.

    With ``correlation``, neighbouring columns are alike and the signal is in what sets them apart, so the
    loss is flat along the way to the optimum.
    """
    random = np.random.default_rng(seed)
    X = columns(kind, n, p, correlation, random)
    weights = random.normal(size=p)
    if correlation:
        weights = np.where(np.arange(p) % 2 == 0, 1.0, -1.0) * (0.5 + random.random(p))
    score = (X - X.mean(0)) / X.std(0) @ weights
    score *= strength / score.std()
    p1 = 1 / (1 + np.exp(-(score + _offset(score, rate))))
    return table(name, X, random.random(n) < p1)


def columns(kind: str, n: int, p: int, correlation: float, random: np.random.Generator) -> Floats:
    """Features (n, p) of some kind."""
    X = random.normal(size=(n, p))
    for j in range(1, p if correlation else 0):
        X[:, j] = correlation * X[:, j - 1] + np.sqrt(1 - correlation**2) * X[:, j]
    if kind == "lognormal":
        return np.exp(0.7 * X)
    if kind == "counts":
        return random.poisson(np.exp(0.5 + 0.5 * X)).astype(np.float64)
    if kind == "binary":
        return (X > 0.3).astype(np.float64)
    return X


def _offset(score: Floats, rate: float) -> float:
    low, high = -50.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        mean = float((1 / (1 + np.exp(-(score + middle)))).mean())
        low, high = (middle, high) if mean < rate else (low, middle)
    return (low + high) / 2


def curved(name: str, seed: int, *, shape: str, n: int, extra: int = 0, flip: float = 0.05) -> Dataset:
    """Labels that depend on the features, but along no line; ``extra`` columns say nothing."""
    random = np.random.default_rng(seed)
    X = random.normal(size=(n, 2 + extra))
    a, b = X[:, 0], X[:, 1]
    score = {
        "ring": a**2 + b**2 - 1.386,
        "product": a * b,
        "band": np.abs(a) - 0.674,
        "wave": np.sin(2.5 * a) + 0.2 * b,
    }[shape]
    return table(name, X, (score > 0) ^ (random.random(n) < flip))
