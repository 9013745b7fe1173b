"""From a dataset to a problem: split, then scale with what the training part teaches."""

from __future__ import annotations

from math import ceil, floor

import numpy as np

from lrtui.datasets.dataset import Dataset, Indices, Problem
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.scaling import learn


def prepare(dataset: Dataset, *, scaling: str, test_size: float, split_seed: int) -> Problem:
    """Split and scale.

    Raises:
        DatasetError: a part would be empty, or cannot hold both classes.
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
    scaler = learn(scaling, dataset.X[train])
    return Problem(
        dataset,
        scaler.apply(dataset.X[train]),
        dataset.y[train],
        scaler.apply(dataset.X[test]),
        dataset.y[test],
        scaler,
        train,
        test,
    )


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
