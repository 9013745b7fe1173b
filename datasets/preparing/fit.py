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
from lrtui.datasets.preparing.split import split
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
    dataset: Dataset, asked: PrepareOptions, *, parts: Parts | None = None, exact: Exact | None = None
) -> tuple[Features, Parts]:
    """Everything that the training part teaches, with the rows of each part.

    Args:
        parts: the rows of each part in the order of the file, where they are known already.
        exact: the statistics of the encoded training rows, from the rows and the encoding; where it is
            given, a sample of the rows teaches everything else, if there is anything else.
    """
    kept = kept_columns(dataset, asked.drop_columns)
    looked_at = dataset.kinds if kept is None else tuple(dataset.kinds[number] for number in kept)
    codes = codes_of(dataset.kinds, asked.missing_codes, dataset.X.dtype)
    holes = _columns_with_holes(dataset, kept, codes, refuse=asked.missing == "error")
    if parts is None:
        parts = _parts(dataset, asked, holes, codes, len(looked_at), in_order=exact is not None)
    train = parts[0]
    codes = codes if codes is None or kept is None else codes.of(kept)
    if not len(holes) and codes is None and _statistics_tell(asked, looked_at, len(train)):
        exact, teaching = exact or partial(_statistics, dataset), train[:0]
    else:
        teaching = _teaching(train, len(looked_at), asked.split_seed, exact is not None)
    raw = gather(dataset.X, kept, teaching)
    missing = asked.missing if len(holes) else "error"
    encoding = learn_encoding(raw, looked_at, kept, dataset.where, missing, codes, asked.clip)
    _check_size(len(train), len(encoding.names), looked_at, dataset)
    if len(encoding.names) > len(looked_at) and len(raw) * len(encoding.names) > LARGE:
        raw = raw[:: ceil(len(raw) * len(encoding.names) / LARGE)]
    statistics = None if exact is None else exact(train, encoding)
    return learn_features(asked, encoding.all_of(raw), encoding, len(train), statistics), parts


def _parts(
    dataset: Dataset,
    asked: PrepareOptions,
    holes: Indices,
    codes: Codes | None,
    columns: int,
    *,
    in_order: bool,
) -> Parts:
    """The rows of each part, without those that are dropped; of a large table in the order of the file."""
    rows = None
    if len(holes) and asked.missing == "drop":
        rows = full_rows(dataset, holes, codes)
    parts: Parts = split(dataset, rows, asked.test_size, asked.split_seed)
    large = len(parts[0]) * columns > LARGE
    if asked.validation:
        parts = _with_validation(dataset, asked, *parts)
    if in_order or large:
        for part in parts:
            part.sort()
    return parts


def _with_validation(dataset: Dataset, asked: PrepareOptions, train: Indices, test: Indices) -> Parts:
    """Some of the training rows kept apart, by the rules by which the test rows were."""
    try:
        train, apart = split(dataset, train, asked.validation, asked.split_seed)
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


def _teaching(train: Indices, columns: int, seed: int, sampled: bool) -> Indices:
    """The training rows, or of very many some, drawn at random, in their order."""
    if len(train) * columns <= (LEARNED if sampled else LARGE):
        return train
    drawn = np.random.default_rng(seed).choice(len(train), LEARNED // columns, replace=False, shuffle=False)
    drawn.sort()
    return train[drawn]


def _columns_with_holes(
    dataset: Dataset, kept: Indices | None, codes: Codes | None, *, refuse: bool
) -> Indices:
    """The numbers of the columns that are kept and have a cell without a finite number."""
    holes = holes_beside(dataset, codes)
    if holes is None:
        return np.empty(0, np.int64)
    found = np.flatnonzero(holes.counts)
    if kept is not None:
        found = np.intersect1d(found, kept)
    if refuse and len(found):
        number = int(found[0])
        row = int(holes.first[number])
        value = float(dataset.X[row, number])
        name = dataset.feature_names[number]
        origin = dataset.kinds[number].origin or name
        if isfinite(value):
            raise refusal(origin, Gap(row + 1, f"{value:g}"), dataset.where, coded=True)
        raise refusal(origin, dataset.gaps.get(name, Gap(row + 1, str(value))), dataset.where)
    return found


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
