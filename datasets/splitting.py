"""Splitting: which rows are learned from, and which test what was learned."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lrtui.datasets.dataset import Dataset, Indices
from lrtui.datasets.disk.mapped import mapping_of
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.text import quote

Labels = NDArray[np.int8]
Kind = TypeVar("Kind", bound=np.generic)
TRIES = 16  # ways to divide groups, of which the evenest is taken


def split(dataset: Dataset, rows: Indices | None, test_size: float, seed: int) -> tuple[Indices, Indices]:
    """The training and the test rows of a dataset, from ``rows`` (all where ``None``).

    A test part that was given stays as it is. Else the latest rows are tested on where there are times, no
    group stands in both parts where there are groups, and otherwise both parts hold the classes in the same
    shares.

    Raises:
        DatasetError: a part would be empty, or lack a class.
    """
    y = dataset.y if rows is None else dataset.y[rows]
    given = _of(dataset.in_test, rows)
    if given is not None and given.any():
        train, test = _as_given(given, seed)
    elif dataset.times is not None or dataset.groups is not None:
        _check_size(len(y), test_size)
        times, groups = _of(dataset.times, rows), _of(dataset.groups, rows)
        if times is not None:
            train, test = latest(times, test_size, seed)
        else:
            assert groups is not None
            train, test = by_group(groups, y, test_size, seed)
    else:
        _check_size(len(y), test_size)
        part = (
            plain_split(len(y), test_size, seed)
            if dataset.plain_split
            else in_order(y, test_size, seed)
            if mapping_of(dataset.X) is not None
            else _stratified(y, test_size, seed)
        )
        return part if rows is None else (rows[part[0]], rows[part[1]])
    _check_classes(y, train, test, dataset)
    return (train, test) if rows is None else (rows[train], rows[test])


def plain_split(n: int, test_size: float, seed: int) -> tuple[Indices, Indices]:
    """Training and test rows as scikit-learn's ``train_test_split`` draws them without strata."""
    n_test = ceil(test_size * n)
    order = np.random.RandomState(seed).permutation(n)
    return order[n_test : n_test + n - n_test], order[:n_test]


def latest(times: NDArray[np.float64], test_size: float, seed: int) -> tuple[Indices, Indices]:
    """The rows with the largest times are the test part; rows of one time stay together.

    The training rows come in random order, for what is sorted by time may be sorted by class.
    """
    n, n_test = len(times), ceil(test_size * len(times))
    bound = np.partition(times, n - n_test)[n - n_test]
    some, fewer = times >= bound, times > bound
    usable = [part for part in (some, fewer) if part.any() and not part.all()]
    if not usable:
        raise DatasetError(
            "Every row has the same time, so none is the latest.",
            "Choose another column, or leave out --time.",
        )
    part = min(usable, key=lambda part: abs(int(part.sum()) - n_test))
    return _as_given(part, seed)


def by_group(groups: Indices, y: Labels, test_size: float, seed: int) -> tuple[Indices, Indices]:
    """Rows of one group stay together; of some random divisions, the one that is most like the whole.

    scikit-learn's GroupShuffleSplit draws them; a division is judged by the classes of its test part.
    """
    from sklearn.model_selection import GroupShuffleSplit  # a second to import: only where needed

    if groups.min() == groups.max():
        raise DatasetError(
            "All rows are of one group, which cannot stand in both parts.",
            "Choose another column, or leave out --group.",
        )
    drawn = GroupShuffleSplit(TRIES, test_size=test_size, random_state=seed)
    wanted = np.multiply(test_size, np.bincount(y), dtype=np.float64)
    try:
        parts = list(drawn.split(y, groups=groups))
    except ValueError:
        raise DatasetError(
            f"A test size of {test_size:g} leaves one part without a group.", "Choose one nearer to 0.5."
        ) from None
    ways = [(np.asarray(train), np.asarray(test)) for train, test in parts]
    return min(ways, key=lambda way: _unevenness(y, way[0], way[1], wanted))


def _unevenness(y: Labels, train: Indices, test: Indices, wanted: NDArray[np.float64]) -> tuple[int, float]:
    """Classes that a part lacks, then how far the test part's classes are from the wanted sizes."""
    counts = np.bincount(y[test], minlength=len(wanted))
    lacking = int((counts == 0).sum() + (np.bincount(y[train], minlength=len(wanted)) == 0).sum())
    return lacking, float(np.abs(counts - wanted).sum())


def _as_given(in_test: NDArray[np.bool_], seed: int) -> tuple[Indices, Indices]:
    train = np.flatnonzero(~in_test)
    return np.random.RandomState(seed).permutation(train), np.flatnonzero(in_test)


def _of(values: NDArray[Kind] | None, rows: Indices | None) -> NDArray[Kind] | None:
    return values if values is None or rows is None else values[rows]


def _check_size(n: int, test_size: float) -> None:
    if ceil(test_size * n) < 1 or floor((1 - test_size) * n) < 1:
        raise DatasetError(
            f"With {n} rows and a test size of {test_size:g}, one part would be empty.",
            "Choose a test size nearer to 0.2, or bring more rows.",
        )


def _check_classes(y: Labels, train: Indices, test: Indices, dataset: Dataset) -> None:
    """See that both parts hold every class of two, and at least two where there are more."""
    for part, name in ((train, "training"), (test, "test")):
        found = set(np.unique(y[part]).tolist())
        wanted: Sequence[int] = range(len(dataset.class_names))
        lacking = [number for number in wanted if number not in found]
        # Of many classes, a test part may lack the rarest; nothing can be trained without one of them.
        if lacking and (name == "training" or len(found) < 2):
            raise DatasetError(
                f"The {name} part of {dataset.where} would hold no row of the class "
                f"{quote(dataset.class_names[lacking[0]])}.",
                _way_out(dataset),
            )


def _way_out(dataset: Dataset) -> str:
    if dataset.times is not None:
        return "Choose a test size nearer to 0.5, or leave out --time."
    if dataset.groups is not None:
        return "Choose a test size nearer to 0.5, another split seed, or leave out --group."
    return "Give a test file that holds every class."


def in_order(y: Labels, test_size: float, seed: int) -> tuple[Indices, Indices]:
    """The same for very many rows, in a fraction of the time and memory; both parts keep their order.

    Raises:
        DatasetError: a part cannot hold every class.
    """
    random, in_test = np.random.default_rng(seed), np.zeros(len(y), np.bool_)
    counts = np.bincount(y)
    for number in np.flatnonzero(counts).tolist():
        rows = np.flatnonzero(y == number)
        if len(rows) < 2:
            raise _too_few(y, test_size)
        some = min(max(round(test_size * len(rows)), 1), len(rows) - 1)
        in_test[rows[random.choice(len(rows), some, replace=False, shuffle=False)]] = True
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)


def _stratified(y: Labels, test_size: float, seed: int) -> tuple[Indices, Indices]:
    from sklearn.model_selection import train_test_split  # a second to import: only where needed

    try:
        train, test = train_test_split(
            np.arange(len(y)), test_size=test_size, random_state=seed, stratify=y
        )
    except ValueError:
        raise _too_few(y, test_size) from None
    return train, test


def _too_few(y: Labels, test_size: float) -> DatasetError:
    _, counts = np.unique(y, return_counts=True)
    both = "both classes" if len(counts) == 2 else f"all {len(counts)} classes"
    return DatasetError(
        f"A test part of {test_size:g} of {len(y)} rows cannot hold {both}: "
        f"the {'smaller' if len(counts) == 2 else 'smallest'} class has {counts.min()} rows.",
        "Choose a test size nearer to 0.5, or bring more rows of the rarer class.",
    )
