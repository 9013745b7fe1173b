"""From a dataset to a problem: split; fill in, scale and expand with what the training part teaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrtui.datasets.cells import Cells, Gap, Mask, full_rows, kept_columns, medians, refusal
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
    missing: str = "error",
    drop_columns: Sequence[str] = (),
    single: bool = False,
) -> Problem:
    """Split, fill in, scale and expand; ``single`` keeps the design matrices in float32, as in training.

    ``missing`` says what becomes of cells without a finite number: an ``error``, the ``median`` of the
    training part, or to ``drop`` their rows before the split.

    Raises:
        DatasetError: there is no such column to drop; a cell is missing where that is an error, or cannot
            be filled in; a part would be empty, cannot hold both classes, or holds numbers too large to
            scale; or there would be too many features.
    """
    kept = kept_columns(dataset.feature_names, drop_columns, dataset.where)
    names = dataset.feature_names if kept is None else tuple(dataset.feature_names[i] for i in kept)
    holes = _holes(dataset, kept, names, refuse=missing == "error")
    if holes is not None and missing == "drop":
        rows = full_rows(holes, dataset.y, dataset.class_names, dataset.where)
        train, test = (rows[part] for part in _split(dataset, dataset.y[rows], test_size, split_seed))
    else:
        train, test = _split(dataset, dataset.y, test_size, split_seed)
    X, fill = Cells(kept).rows(dataset.X, train), None
    if holes is not None and missing in ("median", "indicator"):
        fill = medians(X, names, dataset.where)
        np.copyto(X, fill, where=~np.isfinite(X))
    learned = replace(learn_features(features, scaling, X, names, split_seed), cells=Cells(kept, fill))
    del X  # it is as large as what is made now
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


def _holes(dataset: Dataset, kept: Indices | None, names: Sequence[str], *, refuse: bool) -> Mask | None:
    """Where the columns that are kept hold no finite number; ``None`` where they do everywhere.

    Raises:
        DatasetError: one of them holds text, or anything is missing and ``refuse`` says so.
    """
    if dataset.missing is None:
        return None
    holes = dataset.missing if kept is None else np.take(dataset.missing, kept, axis=1)
    for number in np.flatnonzero(holes.any(axis=0)).tolist():
        name, row = names[number], int(holes[:, number].argmax())
        value = dataset.X[row, number if kept is None else kept[number]]
        gap = dataset.gaps.get(name, Gap(row + 1, str(value)))
        if refuse or gap.is_text:
            raise refusal(name, gap, dataset.where)
    return holes if holes.any() else None


def _split(
    dataset: Dataset, y: NDArray[np.int8], test_size: float, split_seed: int
) -> tuple[Indices, Indices]:
    """Training and test part of as many rows as there are labels, by their numbers among these."""
    n = len(y)
    n_test = ceil(test_size * n)
    n_train = floor((1 - test_size) * n)
    if n_test < 1 or n_train < 1:
        raise DatasetError(
            f"With {n} rows and a test size of {test_size:g}, one part would be empty.",
            "Choose a test size nearer to 0.2, or bring more rows.",
        )
    if dataset.plain_split:
        return plain_split(n, test_size, split_seed)
    return _stratified_split(y, test_size, split_seed)


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


def _stratified_split(y: NDArray[np.int8], test_size: float, seed: int) -> tuple[Indices, Indices]:
    from sklearn.model_selection import train_test_split  # a second to import: only where needed

    try:
        train, test = train_test_split(
            np.arange(len(y)), test_size=test_size, random_state=seed, stratify=y
        )
    except ValueError:
        smaller = int(min(y.sum(), len(y) - y.sum()))
        raise DatasetError(
            f"A test part of {test_size:g} of {len(y)} rows cannot hold both classes: "
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
