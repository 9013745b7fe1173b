"""Tables of more than two classes for the doctor's tests."""

from __future__ import annotations

from functools import cache

import numpy as np
from sklearn.datasets import load_digits, load_iris, load_wine

from lrtui.datasets.dataset import Dataset
from lrtui.datasets.source import Source

ROWS = 200


def made(X: np.ndarray, y: np.ndarray, names: tuple[str, ...]) -> Dataset:
    columns = tuple(f"x{i}" for i in range(X.shape[1]))
    return Dataset(
        Source("made", multiclass=True), np.ascontiguousarray(X, float), y.astype(np.int8), columns, names
    )


@cache
def real(name: str) -> Dataset:
    """One of scikit-learn's tables with more than two classes; of the digits, some."""
    found = {"iris": load_iris, "wine": load_wine, "digits": load_digits}[name]()
    return made(found.data[:ROWS], found.target[:ROWS], tuple(map(str, found.target_names)))


@cache
def rare() -> Dataset:
    """One common class and two rare ones that overlap with it."""
    random = np.random.default_rng(0)
    y = random.choice(3, 3000, p=[0.94, 0.03, 0.03])
    X = random.normal(size=(3000, 4)) + np.array([[0, 0, 0, 0], [1.6, 0, 0, 0], [0, 1.6, 0, 0]])[y]
    return made(X, y, ("common", "rare", "rarer"))


@cache
def rings() -> Dataset:
    """Three classes around one another, which no lines part."""
    random = np.random.default_rng(0)
    y = np.repeat(np.arange(3), 200)
    angle, radius = random.uniform(0, 2 * np.pi, 600), 1 + y + random.normal(0, 0.15, 600)
    return made(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), y, ("a", "b", "c"))


def noise(n: int = 300, k: int = 4) -> Dataset:
    random = np.random.default_rng(1)
    return made(random.normal(size=(n, 3)), random.integers(0, k, n), tuple(f"c{i}" for i in range(k)))
