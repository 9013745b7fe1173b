"""Splitting a table of which each process has some rows: every row comes into the part as for one."""

from __future__ import annotations

from typing import Any

import numpy as np

from lrtui.datasets.array_types import Indices
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.peers import Peers
from lrtui.datasets.preparing.split import (
    by_group,
    check_classes,
    check_size,
    drawn_of,
    latest,
    places_of_strata,
    split,
)


def split_share(
    dataset: Dataset, rows: Indices | None, test_size: float, seed: int, peers: Peers
) -> tuple[Indices, Indices]:
    """The training and the test rows of this process, in their order, from ``rows`` (all where ``None``).

    Raises:
        DatasetError: a part would be empty, or lack a class.
    """
    if peers.world == 1:
        return split(dataset, rows, test_size, seed)
    kept: Any = slice(None) if rows is None else rows
    y = dataset.y[kept]
    counts = [int(count) for count in peers.gather(len(y))]
    first = sum(counts[: peers.rank])
    check_size(sum(counts), test_size)
    values = _strata(dataset, kept, test_size, peers)
    if dataset.times is not None:
        test = latest(_whole(dataset.times[kept], peers), test_size, seed)[1]
    elif dataset.groups is not None:
        test = by_group(_whole(dataset.groups[kept], peers), _whole(values, peers), test_size, seed)[1]
    else:
        test = _drawn(values, test_size, seed, peers) + first
    in_test = np.zeros(len(y), np.bool_)
    in_test[test[(test >= first) & (test < first + len(y))] - first] = True
    if any(by is not None for by in (dataset.times, dataset.groups, dataset.strata)):
        found = peers.gather(tuple(set(np.unique(y[part]).tolist()) for part in (~in_test, in_test)))
        train_classes, test_classes = (set().union(*sets) for sets in zip(*found, strict=True))
        check_classes(train_classes, test_classes, dataset)
    parts = np.flatnonzero(~in_test), np.flatnonzero(in_test)
    return parts if rows is None else (rows[parts[0]], rows[parts[1]])


def _strata(dataset: Dataset, kept: Any, test_size: float, peers: Peers) -> Indices:
    """The number by which each row is divided, as for one process."""
    if dataset.strata is None:
        own: Indices = dataset.y[kept].astype(np.int64)
        return own
    strata = np.asarray(dataset.strata[kept])
    told = peers.gather(np.unique(strata, return_counts=True))
    numbers = np.unique(np.concatenate([one[0] for one in told]))
    counts = np.zeros(len(numbers), np.int64)
    for own, many in told:
        counts[np.searchsorted(numbers, own)] += many
    place = places_of_strata(counts, test_size)
    if place is None:
        return strata
    found: Indices = place[np.searchsorted(numbers, strata)]
    return found


def _drawn(values: Indices, test_size: float, seed: int, peers: Peers) -> Indices:
    """The rows of this process that are tested, by their numbers in it."""
    own = np.bincount(values)
    width = max(peers.gather(len(own)))
    told = np.stack(peers.gather(np.bincount(values, minlength=width)))
    counts, before = told.sum(0), told[: peers.rank].sum(0)
    random, found = np.random.default_rng(seed), [np.empty(0, np.int64)]
    for number in np.flatnonzero(counts).tolist():
        rows, start = np.flatnonzero(values == number), int(before[number])
        found.append(rows[drawn_of(random, counts, number, test_size, (start, start + len(rows)))])
    return np.concatenate(found)


def _whole(values: Any, peers: Peers) -> Any:
    return np.concatenate(peers.gather(np.asarray(values)))
