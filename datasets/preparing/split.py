"""Splitting: which rows are learned from, and which test what was learned."""

from __future__ import annotations

from math import ceil, floor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrtui.datasets.array_types import Indices, Labels
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.storage.mapped import mapping_of
from lrtui.datasets.text import quote

DRAWN = 2**26  # rows of a class among which is drawn at once
TRIES = 16  # ways to divide groups, of which the evenest is taken


def split(dataset: Dataset, rows: Indices | None, test_size: float, seed: int) -> tuple[Indices, Indices]:
    """The training and the test rows of a dataset, from ``rows`` (all where ``None``).

    A test part that was given stays as it is. Else the latest rows are tested on where there are times, no
    group stands in both parts where there are groups, and otherwise both parts hold the values of the
    target in the same shares. Which is called positive changes no part.

    Raises:
        DatasetError: a part would be empty, or lack a class.
    """
    kept: Any = slice(None) if rows is None else rows
    by_row: tuple[Any, ...] = dataset.in_test, dataset.times, dataset.groups, dataset.strata
    y = dataset.y[kept]
    given, times, groups, strata = (None if values is None else values[kept] for values in by_row)
    if given is not None and not given.any():
        given = None
    if given is None:
        check_size(len(y), test_size)
    values = y if strata is None else _large_enough(np.asarray(strata), test_size)
    if given is not None:
        train, test = _as_given(given, seed)
    elif times is not None:
        train, test = latest(times, test_size, seed)
    elif groups is not None:
        train, test = by_group(groups, values, test_size, seed)
    elif dataset.plain_split:
        train, test = plain_split(len(y), test_size, seed)
    elif mapping_of(dataset.X) is not None:
        train, test = in_order(values, test_size, seed)
    else:
        train, test = stratified_split(values, test_size, seed, each=True)
    if any(by is not None for by in (given, times, groups, strata)):
        check_classes(set(np.unique(y[train]).tolist()), set(np.unique(y[test]).tolist()), dataset)
    return (train, test) if rows is None else (rows[train], rows[test])


def _large_enough(strata: Indices, test_size: float) -> Indices:
    """Numbers of strata (n,) from 0; those of one row, which cannot stand in both parts, are one, the last.

    Where there are still more than a part has rows, the smallest join it.
    """
    numbers, counts = np.unique(strata, return_counts=True)
    place = places_of_strata(counts, test_size)
    return strata if place is None else place[np.searchsorted(numbers, strata)]


def places_of_strata(counts: NDArray[np.int64], test_size: float) -> Indices | None:
    """The stratum that each of those with so many rows belongs to; ``None`` where all stay as they are."""
    if len(counts) <= 2:
        return None
    rows = int(counts.sum())
    most = min(ceil(test_size * rows), floor((1 - test_size) * rows))
    largest = np.argsort(-counts, kind="stable")
    own = np.flatnonzero(counts >= 2)
    if len(own) + (len(own) < len(counts)) > most:
        own = np.sort(largest[: max(most - 1, 0)])
        own = own[counts[own] >= 2]
    place = np.full(len(counts), len(own))
    place[own] = np.arange(len(own))
    if len(own) and counts[place == len(own)].sum() == 1:  # one row alone is no stratum
        place[place == len(own)] = place[largest[0]]
    return place


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


def by_group(groups: Indices, y: Labels | Indices, test_size: float, seed: int) -> tuple[Indices, Indices]:
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


def _unevenness(
    y: Labels | Indices, train: Indices, test: Indices, wanted: NDArray[np.float64]
) -> tuple[int, float]:
    """Classes that a part lacks, then how far the test part's classes are from the wanted sizes."""
    counts = np.bincount(y[test], minlength=len(wanted))
    lacking = int((counts == 0).sum() + (np.bincount(y[train], minlength=len(wanted)) == 0).sum())
    return lacking, float(np.abs(counts - wanted).sum())


def _as_given(in_test: NDArray[np.bool_], seed: int) -> tuple[Indices, Indices]:
    train = np.flatnonzero(~in_test)
    return np.random.RandomState(seed).permutation(train), np.flatnonzero(in_test)


def check_size(n: int, test_size: float) -> None:
    """See that each part gets a row of so many.

    Raises:
        DatasetError: one would be empty.
    """
    if ceil(test_size * n) < 1 or floor((1 - test_size) * n) < 1:
        raise DatasetError(
            f"With {n} rows and a test size of {test_size:g}, one part would be empty.",
            "Choose a test size nearer to 0.2, or bring more rows.",
        )


def check_classes(train: set[int], test: set[int], dataset: Dataset) -> None:
    """See that both parts hold every class of two, and at least two where there are more."""
    for found, name in ((train, "training"), (test, "test")):
        lacking = sorted(set(range(len(dataset.class_names))) - found)
        # Of many classes, a test part may lack the rarest; nothing can be trained without one of them.
        if lacking and (name == "training" or len(found) < 2):
            there = f"The {name} part of {dataset.where} would hold"
            if name == "test" and dataset.source.test is not None:
                there = f"The test part, {quote(Path(dataset.source.test).name)}, holds"
            raise DatasetError(
                f"{there} no row of the class {quote(dataset.class_names[lacking[0]])}.", _way_out(dataset)
            )


def _way_out(dataset: Dataset) -> str:
    if dataset.times is not None:
        return "Choose a test size nearer to 0.5, or leave out --time."
    if dataset.groups is not None:
        return "Choose a test size nearer to 0.5, another split seed, or leave out --group."
    if dataset.in_test is None:
        return "Choose a test size nearer to 0.5, another split seed, or bring more rows of that class."
    return "Give a test file that holds every class."


def in_order(y: Labels | Indices, test_size: float, seed: int) -> tuple[Indices, Indices]:
    """The same for very many rows, in a fraction of the time and memory; both parts keep their order."""
    random, in_test = np.random.default_rng(seed), np.zeros(len(y), np.bool_)
    counts = np.bincount(y)
    for number in np.flatnonzero(counts).tolist():
        rows = np.flatnonzero(y == number)
        in_test[rows[drawn_of(random, counts, number, test_size, (0, len(rows)))]] = True
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)


def ascending(rows: Indices, n: int) -> Indices:
    """Different rows of ``n`` in the order of the file, in a fraction of the time of sorting very many."""
    taken = np.zeros(n, np.bool_)
    taken[rows] = True
    return np.flatnonzero(taken)


def drawn_of(
    random: np.random.Generator,
    counts: NDArray[np.int64],
    number: int,
    test_size: float,
    between: tuple[int, int],
) -> Indices:
    """Which rows of a class are tested, of those ``between`` two numbers, counted from the first of these.

    All processes draw the same. Of very many rows a share of each block of them is drawn, by a generator of
    its own, so that nothing is drawn of blocks that nobody asks for.
    """
    count, (first, stop) = int(counts[number]), between
    if count < 2:
        raise _too_few(counts, test_size)
    some = min(max(round(test_size * count), 1), count - 1)
    if count <= DRAWN:
        found = random.choice(count, some, replace=False, shuffle=False)
        return found[(found >= first) & (found < stop)] - first
    key, parts = int(random.integers(2**63)), list[Indices]()
    for block in range(first // DRAWN, -(-stop // DRAWN)):
        start, end = block * DRAWN, min((block + 1) * DRAWN, count)
        share = some * end // count - some * start // count
        own = np.random.default_rng((key, block)).choice(end - start, share, replace=False, shuffle=False)
        parts.append(own + start)
    found = np.concatenate(parts) if parts else np.empty(0, np.int64)
    return found[(found >= first) & (found < stop)] - first


def stratified_split(
    y: Labels | Indices, test_size: float, seed: int, *, each: bool = False
) -> tuple[Indices, Indices]:
    """What scikit-learn's ``train_test_split(stratify=y)`` draws, number by number.

    With ``each``, of more than two classes each stands in both parts, also where its share is less than a
    row. Drawn here, as the import of scikit-learn takes longer than most datasets do.
    """
    n_test = ceil(test_size * len(y))
    n_train = len(y) - n_test
    counts = np.bincount(y)
    counts = counts[counts > 0]  # np.unique would import np.ma, which takes as long as all of this
    if counts.min() < 2 or min(n_train, n_test) < len(counts):
        raise _too_few(np.bincount(y), test_size)
    random = np.random.RandomState(seed)
    in_train = _shares(counts, n_train, random)
    in_test = _shares(counts - in_train, n_test, random)
    if each and len(counts) > 2:
        _see_to_each(in_train, in_test)
        _see_to_each(in_test, in_train)
    rows = np.split(np.argsort(y, kind="stable"), np.cumsum(counts)[:-1])
    train, test = [], []
    for own, first, second in zip(rows, in_train, in_test, strict=True):
        drawn = own[random.permutation(len(own))]
        train.append(drawn[:first])
        test.append(drawn[first : first + second])
    return random.permutation(np.concatenate(train)), random.permutation(np.concatenate(test))


def _shares(counts: NDArray[np.int64], draws: int, random: np.random.RandomState) -> NDArray[np.int64]:
    """How many of so many draws fall to each class: its share, rounded, the largest remainders up."""
    share = counts / counts.sum() * draws
    found = np.floor(share)
    left, remainder = int(draws - found.sum()), share - np.floor(share)
    for value in sorted(set(remainder.tolist()), reverse=True):
        if left <= 0:
            break
        alike = np.flatnonzero(remainder == value)
        chosen = random.choice(alike, size=min(len(alike), left), replace=False)
        found[chosen] += 1
        left -= len(chosen)
    rounded: NDArray[np.int64] = found.astype(np.int64)
    return rounded


def _see_to_each(some: NDArray[np.int64], others: NDArray[np.int64]) -> None:
    """Leave no class without a row in a part: it gets one for one of the class with the most rows there."""
    for lacking in np.flatnonzero((others == 0) & (some > 1)):
        most = int(others.argmax())
        if others[most] > 1:
            some[lacking], others[lacking] = some[lacking] - 1, 1
            some[most], others[most] = some[most] + 1, others[most] - 1


def _too_few(counts: NDArray[np.int64], test_size: float) -> DatasetError:
    counts = counts[counts > 0]
    both = "both classes" if len(counts) == 2 else f"all {len(counts)} classes"
    return DatasetError(
        f"A test part of {test_size:g} of {counts.sum()} rows cannot hold {both}: "
        f"the {'smaller' if len(counts) == 2 else 'smallest'} class has {counts.min()} rows.",
        "Choose a test size nearer to 0.5, or bring more rows of the rarer class.",
    )
