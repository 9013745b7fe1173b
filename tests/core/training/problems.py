"""Small problems for the tests of training."""

from __future__ import annotations

import numpy as np

from lrtui.datasets.dataset import Dataset, Problem
from lrtui.datasets.loading import load
from lrtui.datasets.preparation import prepare
from lrtui.datasets.source import Source


def problem(name: str, scaling: str = "standard") -> Problem:
    """A dataset of the catalogue, made ready with the default split."""
    return prepare(load(Source(name)), scaling=scaling, test_size=0.2, split_seed=42)


def noisy(n: int = 60, p: int = 3, seed: int = 0) -> Problem:
    """Rows whose labels follow the features with noise: not separable, a little off balance."""
    random = np.random.default_rng(seed)
    X = random.normal(size=(n, p))
    y = (X @ np.arange(1, p + 1) + random.normal(0, 3, n) > 1).astype(np.int8)
    names = tuple(f"x{i}" for i in range(p))
    dataset = Dataset(Source("noisy"), X, y, names, ("0", "1"))
    return prepare(dataset, scaling="none", test_size=0.25, split_seed=1)
