"""From a dataset to a problem: split; encode, scale and expand with what the training part teaches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from lrtui.datasets.cells import Gap, blocks, full_rows, kept_columns, refusal
from lrtui.datasets.columns import Column
from lrtui.datasets.dataset import Dataset, Design, Floats, Indices, Problem
from lrtui.datasets.disk.mapped import mapping_of
from lrtui.datasets.disk.statistics import Statistics
from lrtui.datasets.encoding import Encoding, gather, learn_encoding
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.features import Features, learn_features
from lrtui.datasets.splitting import split
from lrtui.datasets.text import quote
from lrtui.datasets.watching import NOBODY, Watch

CACHE_LINE = 64  # bytes
LARGE = 100_000_000  # numbers in the training part beyond which a sample of its rows teaches
LEARNED = 20_000_000  # numbers in that sample
MOST_COLUMNS = 10_000  # encoded
MOST_ENCODED = (
    1_000_000_000  # numbers in the encoded training part, where that has more columns than the file
)

Room = Callable[[int, int, np.dtype[Any]], Design]
Parts = tuple[Indices, Indices]
Exact = Callable[[Indices, Encoding], Statistics | None]


@dataclass(frozen=True)
class Asked:
    """What a preparation depends on; the words are those of ``prepare``."""

    scaling: str
    test_size: float
    split_seed: int
    features: str
    missing: str
    drop_columns: tuple[str, ...]


def aligned(rows: int, columns: int, dtype: np.dtype[Any]) -> Design:
    """An empty table from the start of a cache line: products then give the same bits in every process."""
    size = rows * columns * dtype.itemsize
    room = np.empty(size + CACHE_LINE, np.uint8)
    first = -room.ctypes.data % CACHE_LINE
    table: Design = room[first : first + size].view(dtype).reshape(rows, columns)
    return table


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
    room: Room = aligned,
    watch: Watch = NOBODY,
) -> Problem:
    """Split, encode, scale and expand; ``single`` keeps the design matrices in float32, as in training.

    ``missing`` says what becomes of cells without a finite number: an ``error``, the ``median`` of the
    training part, with ``indicator`` also a column that says where they were, or to ``drop`` their rows
    before the split. ``room`` gives the memory for a design matrix, by rows, columns and type.

    Of very large tables a sample of the training rows teaches, and both parts keep the order of the file.
    What lies on disk is prepared on disk, in an order of its own (``datasets.disk.prepared``).

    Raises:
        DatasetError: there is no such column to drop; a cell is missing where that is an error, or cannot
            be filled in; a part would be empty, lack a class, or hold numbers too large to scale; or there
            would be too many features; or the disk is full.
        Cancelled: the watcher says so.
    """
    asked = Asked(scaling, test_size, split_seed, features, missing, tuple(drop_columns))
    if mapping_of(dataset.X) is not None:
        from lrtui.datasets.disk.prepared import prepare_on_disk  # which needs this module

        return prepare_on_disk(dataset, asked, single=single, watch=watch)
    learned, train, test = learn_from(dataset, asked)
    weights = relative_weights(dataset, train)
    return Problem(
        dataset.source,
        learned.names,
        dataset.class_names,
        _design(dataset, train, learned, single, room),
        dataset.y[train],
        _design(dataset, test, learned, single, room),
        dataset.y[test],
        learned,
        train,
        test,
        None if weights is None else weights[train],
        None if weights is None else weights[test],
    )


def learn_from(
    dataset: Dataset,
    asked: Asked,
    *,
    parts: Parts | None = None,
    exact: Exact | None = None,
) -> tuple[Features, Indices, Indices]:
    """Everything that the training part teaches, with the rows of the training and of the test part.

    Args:
        parts: training and test rows in the order of the file, where they are known already.
        exact: the statistics of the encoded training rows, from the rows and the encoding; where it is
            given, a sample of the rows teaches everything else.

    Raises:
        DatasetError: as ``prepare``.
    """
    features, scaling, missing, split_seed = asked.features, asked.scaling, asked.missing, asked.split_seed
    kept = kept_columns(
        dataset.feature_names, dataset.columns, dataset.left_out, asked.drop_columns, dataset.where
    )
    looked_at = dataset.kinds if kept is None else tuple(dataset.kinds[number] for number in kept)
    holes = _columns_with_holes(dataset, kept, refuse=missing == "error")
    if parts is None:
        rows = None
        if len(holes) and missing == "drop":
            rows = full_rows(dataset.X, holes, dataset.y, dataset.class_names, dataset.where)
        parts = split(dataset, rows, asked.test_size, split_seed)
        if exact is not None or len(parts[0]) * len(looked_at) > LARGE:
            parts[0].sort()
            parts[1].sort()
    train, test = parts
    sampled = len(train) * len(looked_at) > (LARGE if exact is None else LEARNED)
    sample = _sample(train, len(looked_at), split_seed) if sampled else train
    raw = gather(dataset.X, kept, sample)
    encoding = learn_encoding(
        raw,
        looked_at,
        kept,
        dataset.where,
        fills=len(holes) > 0 and missing in ("median", "indicator"),
        flags=missing == "indicator",
    )
    _check_size(len(train), len(encoding.names), looked_at, dataset)
    if len(encoding.names) > len(looked_at) and len(raw) * len(encoding.names) > LARGE:
        raw = raw[:: ceil(len(raw) * len(encoding.names) / LARGE)]
    learned = learn_features(
        features,
        scaling,
        encoding.all_of(raw),
        encoding,
        split_seed,
        len(train),
        None if exact is None else exact(train, encoding),
    )
    return learned, train, test


def _columns_with_holes(dataset: Dataset, kept: Indices | None, *, refuse: bool) -> Indices:
    """The numbers of the columns that are kept and have a cell without a finite number.

    Raises:
        DatasetError: there is one, and ``refuse`` says so.
    """
    if dataset.holes is None:
        return np.empty(0, np.int64)
    found = np.flatnonzero(dataset.holes.counts)
    if kept is not None:
        found = np.intersect1d(found, kept)
    if refuse and len(found):
        number = int(found[0])
        row = int(dataset.holes.first[number])
        value = float(dataset.X[row, number])
        name = dataset.feature_names[number]
        gap = dataset.gaps.get(name, Gap(row + 1, str(value)))
        origin = dataset.kinds[number].origin or name
        raise refusal(origin, gap, dataset.where)
    return found


def _sample(train: Indices, columns: int, seed: int) -> Indices:
    """Some of the training rows, drawn at random, in their order."""
    drawn = np.random.default_rng(seed).choice(len(train), LEARNED // columns, replace=False, shuffle=False)
    drawn.sort()
    return train[drawn]


def _check_size(rows: int, columns: int, looked_at: Sequence[Column], dataset: Dataset) -> None:
    """See that encoding does not make more than can be held."""
    more = columns > len(looked_at)
    if not more or (columns <= MOST_COLUMNS and rows * columns <= MOST_ENCODED):
        return
    widest = max(looked_at, key=lambda column: len(column.levels))
    raise DatasetError(
        f"Encoded, the {len(looked_at):,} columns of {dataset.where} would be {columns:,} in {rows:,} "
        "rows: too many.",
        f"Name columns in drop_columns: {quote(widest.name)} has {len(widest.levels):,} levels.",
    )


def relative_weights(dataset: Dataset, train: Indices) -> Floats | None:
    """What each row weighs (n,), with the mean 1 over the training rows; ``None`` where all weigh the same.

    Raises:
        DatasetError: all training rows weigh 0.
    """
    if dataset.weights is None:
        return None
    mean = float(dataset.weights[train].mean())
    if not mean > 0:
        raise DatasetError(
            f"Every row of the training part of {dataset.where} has the weight 0.",
            "Choose another split seed, or another column for the weights.",
        )
    return dataset.weights / mean


def _design(dataset: Dataset, rows: Indices, features: Features, single: bool, room: Room) -> Design:
    """X̃ of some rows: the features, and a column of ones."""
    width = len(features.names) + 1
    design = room(len(rows), width, np.dtype(np.float32 if single else np.float64))
    design[:, -1] = 1
    with np.errstate(over="ignore"):  # what float32 cannot hold is infinite, and training says so
        for block in blocks(len(rows), width):
            X: Floats = dataset.X[rows[block]]
            design[block, :-1] = features.apply(X)
    return design
