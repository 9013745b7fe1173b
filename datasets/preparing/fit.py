"""What the training part teaches: which rows and columns it has, how they are encoded and scaled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import ceil, isfinite

import numpy as np

from lrtui.datasets.array_types import Floats, Indices
from lrtui.datasets.columns import Column
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.peers import ALONE, Peers
from lrtui.datasets.preparing.encode import Encoding, gather, learn_encoding
from lrtui.datasets.preparing.features import Features, PrepareOptions, learn_features
from lrtui.datasets.preparing.missing import (
    Codes,
    codes_of,
    full_rows,
    holes_beside,
    kept_columns,
    refusal,
)
from lrtui.datasets.preparing.scale import FROM_STATISTICS, WHOLE
from lrtui.datasets.preparing.shared_split import split_share
from lrtui.datasets.tables.missing import Gap, blocks
from lrtui.datasets.tables.statistics import Statistics
from lrtui.datasets.text import quote

LARGE = 100_000_000  # numbers in the training part beyond which a sample of its rows teaches
LEARNED = 20_000_000  # numbers in that sample
MOST_COLUMNS = 10_000  # encoded
MOST_ENCODED = (
    1_000_000_000  # numbers in the encoded training part, where that has more columns than the file
)

Parts = tuple[Indices, ...]
"""Training and test rows, and where some are kept apart from both, those of the validation part."""
Exact = Callable[[Indices, Encoding], Statistics | None]


def learn_from(
    dataset: Dataset,
    asked: PrepareOptions,
    *,
    parts: Parts | None = None,
    exact: Exact | None = None,
    peers: Peers = ALONE,
) -> tuple[Features, Parts]:
    """Everything that the training part teaches, with the rows of each part.

    Of ``peers`` each has some rows, and gets the numbers of its own; all are taught by the same rows.

    Args:
        parts: the rows of each part in the order of the file, where they are known already.
        exact: the statistics of the encoded training rows, from the rows and the encoding; where it is
            given, a sample of the rows teaches everything else, if there is anything else.
    """
    kept = kept_columns(dataset, asked.drop_columns)
    looked_at = dataset.kinds if kept is None else tuple(dataset.kinds[number] for number in kept)
    codes = codes_of(dataset.kinds, asked.missing_codes, dataset.X.dtype)
    holes = _columns_with_holes(dataset, kept, codes, peers, refuse=asked.missing == "error")
    if parts is None:
        parts = _parts(dataset, asked, holes, codes, len(looked_at), peers, in_order=exact is not None)
    train = parts[0]
    many = peers.gather(len(train))
    rows, before = sum(many), sum(many[: peers.rank])
    codes = codes if codes is None or kept is None else codes.of(kept)
    if not len(holes) and codes is None and _statistics_tell(asked, looked_at, rows):
        exact, teaching = exact or partial(_statistics, dataset), train[:0]
    else:
        drawn = _teaching(rows, len(looked_at), asked.split_seed, exact is not None)
        teaching = train
        if drawn is not None:
            teaching = train[drawn[(drawn >= before) & (drawn < before + len(train))] - before]
    raw = gather(dataset.X, kept, teaching)
    if peers.world > 1:
        raw = np.concatenate(peers.gather(raw))
    missing = asked.missing if len(holes) else "error"
    encoding = learn_encoding(raw, looked_at, kept, dataset.where, missing, codes, asked.clip)
    _check_size(rows, len(encoding.names), looked_at, dataset)
    if len(encoding.names) > len(looked_at) and len(raw) * len(encoding.names) > LARGE:
        raw = raw[:: ceil(len(raw) * len(encoding.names) / LARGE)]
    statistics = None if exact is None else exact(train, encoding)
    return learn_features(asked, encoding.all_of(raw), encoding, rows, statistics), parts


def _parts(
    dataset: Dataset,
    asked: PrepareOptions,
    holes: Indices,
    codes: Codes | None,
    columns: int,
    peers: Peers,
    *,
    in_order: bool,
) -> Parts:
    """The rows of each part, without those that are dropped; of a large table in the order of the file."""
    rows = None
    if len(holes) and asked.missing == "drop":
        rows = full_rows(dataset, holes, codes, peers)
    parts: Parts = split_share(dataset, rows, asked.test_size, asked.split_seed, peers)
    large = len(parts[0]) * columns > LARGE
    if asked.validation:
        parts = _with_validation(dataset, asked, parts[0], parts[1], peers)
    if in_order or large:
        for part in parts:
            if (part[1:] < part[:-1]).any():  # of very many rows they are drawn in order
                part.sort()
    return parts


def _with_validation(
    dataset: Dataset, asked: PrepareOptions, train: Indices, test: Indices, peers: Peers
) -> Parts:
    """Some of the training rows kept apart, by the rules by which the test rows were."""
    try:
        train, apart = split_share(dataset, train, asked.validation, asked.split_seed, peers)
    except DatasetError:
        raise DatasetError(
            f"A validation share of {asked.validation:g} cannot be kept apart from {len(train):,} training "
            "rows: each part needs rows of every class, and whole groups where there are groups.",
            "Choose a validation share nearer to 0.5, or 0.",
        ) from None
    return train, test, apart


def _statistics_tell(asked: PrepareOptions, columns: Sequence[Column], rows: int) -> bool:
    """Whether means and ranges say all, of so many rows that a copy of some would cost something."""
    alone = asked.features == "linear" and asked.clip == 0 and asked.scaling in FROM_STATISTICS
    plain = all(column.kind != "category" for column in columns)
    return alone and plain and rows * len(columns) > WHOLE


def _statistics(dataset: Dataset, rows: Indices, encoding: Encoding) -> Statistics:
    """Those of rows whose encoded columns are those of the dataset, by the block."""
    found = Statistics(len(encoding.names))
    for block in blocks(len(rows), len(encoding.names)):
        found.update(gather(dataset.X, encoding.columns, rows[block]))
    return found


def _teaching(rows: int, columns: int, seed: int, sampled: bool) -> Indices | None:
    """Which of very many training rows teach, drawn at random, in their order; ``None`` where all do."""
    if rows * columns <= (LEARNED if sampled else LARGE):
        return None
    drawn = np.random.default_rng(seed).choice(rows, LEARNED // columns, replace=False, shuffle=False)
    drawn.sort()
    return drawn


def _columns_with_holes(
    dataset: Dataset, kept: Indices | None, codes: Codes | None, peers: Peers, *, refuse: bool
) -> Indices:
    """The numbers of the columns that are kept and have a cell without a finite number."""
    holes = holes_beside(dataset, codes, peers)
    if holes is None:
        return np.empty(0, np.int64)
    found = np.flatnonzero(holes.counts)
    if kept is not None:
        found = np.intersect1d(found, kept)
    if refuse and len(found):
        number = int(found[0])
        row = int(holes.first[number])
        value = _cell(dataset, row, number, peers)
        name = dataset.feature_names[number]
        origin = dataset.kinds[number].origin or name
        if isfinite(value):
            raise refusal(origin, Gap(row + 1, f"{value:g}"), dataset.where, coded=True)
        raise refusal(origin, dataset.gaps.get(name, Gap(row + 1, str(value))), dataset.where)
    return found


def _cell(dataset: Dataset, row: int, number: int, peers: Peers) -> float:
    """What stands in a row, counted in all processes, of a column."""
    own = row - (dataset.shares.first if dataset.shares else 0)
    told = peers.gather(float(dataset.X[own, number]) if 0 <= own < dataset.n else None)
    return float(next(value for value in told if value is not None))


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


def _mean(values: Floats, peers: Peers) -> float:
    told = peers.gather((float(values.sum()), len(values)))
    total, rows = (sum(column) for column in zip(*told, strict=True))
    return float(total / rows)


def relative_weights(dataset: Dataset, train: Indices, peers: Peers = ALONE) -> Floats | None:
    """What each row weighs (n,), with the mean 1 over the training rows; ``None`` where all weigh the same.

    Raises:
        DatasetError: all training rows weigh 0.
    """
    if dataset.weights is None:
        return None
    mean = (
        float(dataset.weights[train].mean()) if peers.world == 1 else _mean(dataset.weights[train], peers)
    )
    if not mean > 0:
        raise DatasetError(
            f"Every row of the training part of {dataset.where} has the weight 0.",
            "Choose another split seed, or another column for the weights.",
        )
    return dataset.weights / mean
