"""From a dataset to a problem: split, then scale and expand with what the training part teaches."""

from __future__ import annotations

from math import ceil, floor
from typing import Any

import numpy as np

from lrtui.datasets.dataset import Dataset, Design, Indices, Problem
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.features import Features, learn_features

BLOCK = 16_384  # rows scaled at a time: no second table of float64 beside the dataset
CACHE_LINE = 64  # bytes


def prepare(
    dataset: Dataset,
    *,
    scaling: str,
    test_size: float,
    split_seed: int,
    features: str = "linear",
    single: bool = False,
) -> Problem:
    """Split, scale and expand; ``single`` keeps the design matrices in float32, in which training works.

    Raises:
        DatasetError: a part would be empty, cannot hold both classes, or holds numbers too large to scale;
            or there would be too many features.
    """
    n_test = ceil(test_size * dataset.n)
    n_train = floor((1 - test_size) * dataset.n)
    if n_test < 1 or n_train < 1:
        raise DatasetError(
            f"With {dataset.n} rows and a test size of {test_size:g}, one part would be empty.",
            "Choose a test size nearer to 0.2, or bring more rows.",
        )
    if dataset.plain_split:
        train, test = plain_split(dataset.n, test_size, split_seed)
    else:
        train, test = _stratified_split(dataset, test_size, split_seed)
    learned = learn_features(features, scaling, dataset.X[train], dataset.feature_names, split_seed)
    return Problem(
        dataset.source,
        learned.names,
        dataset.class_names,
        _design(dataset, train, learned, single),
        dataset.y[train],
        _design(dataset, test, learned, single),
        dataset.y[test],
        learned,
        train,
        test,
    )


def _design(dataset: Dataset, rows: Indices, features: Features, single: bool) -> Design:
    """X̃ of some rows: the features, and a column of ones."""
    design = _aligned(len(rows), len(features.names) + 1, np.dtype(np.float32 if single else np.float64))
    design[:, -1] = 1
    with np.errstate(over="ignore"):  # what float32 cannot hold is infinite, and training says so
        for start in range(0, len(rows), BLOCK):
            block = rows[start : start + BLOCK]
            design[start : start + BLOCK, :-1] = features.apply(dataset.X[block])
    return design


def plain_split(n: int, test_size: float, seed: int) -> tuple[Indices, Indices]:
    """Training and test rows as scikit-learn's ``train_test_split`` draws them without strata."""
    n_test = ceil(test_size * n)
    order = np.random.RandomState(seed).permutation(n)
    return order[n_test : n_test + n - n_test], order[:n_test]


def _stratified_split(dataset: Dataset, test_size: float, seed: int) -> tuple[Indices, Indices]:
    from sklearn.model_selection import train_test_split  # a second to import: only where needed

    try:
        train, test = train_test_split(
            np.arange(dataset.n), test_size=test_size, random_state=seed, stratify=dataset.y
        )
    except ValueError:
        smaller = int(min(dataset.y.sum(), dataset.n - dataset.y.sum()))
        raise DatasetError(
            f"A test part of {test_size:g} of {dataset.n} rows cannot hold both classes: "
            f"the smaller class has {smaller} rows.",
            "Choose a test size nearer to 0.5, or bring more rows of the rarer class.",
        ) from None
    return train, test


def _aligned(rows: int, columns: int, dtype: np.dtype[Any]) -> Design:
    """An empty table from the start of a cache line: products then give the same bits in every process."""
    size = rows * columns * dtype.itemsize
    room = np.empty(size + CACHE_LINE, np.uint8)
    first = -room.ctypes.data % CACHE_LINE
    table: Design = room[first : first + size].view(dtype).reshape(rows, columns)
    return table
