"""Rows of a dataset as they stand in its file: cells as text, and the number of each row.

A file in memory is read again, and kept for as long as its dataset lives where it is small; one on disk is
gone through by the batch, and nothing is held but the rows that are wanted.
"""

from __future__ import annotations

import weakref
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from lrtui.datasets.array_types import Indices
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.ingest.one_pass import batches, labelled_in
from lrtui.datasets.progress import NOBODY, Progress
from lrtui.datasets.reading.error_translation import refusing
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.reading.scanning import scan_table
from lrtui.datasets.reading.table import Table
from lrtui.datasets.storage.mapped import mapping_of, rows_of
from lrtui.datasets.tables.labels import target_of

KEPT_BYTES = 64_000_000  # of a table


@dataclass(frozen=True)
class Cells:
    """Some rows.

    Attributes:
        columns: their names in the file, the target among them. rows: the cells of each row as text,
            ``None`` where nothing stands. numbers: of the rows in the file, from 1 below its header.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    numbers: tuple[int, ...]


@dataclass
class _Kept:
    """The table that was read last, and whose it is."""

    owner: weakref.ref[Dataset] | None = None
    table: Table | None = None


_kept = _Kept()


def cells_of(dataset: Dataset, rows: Indices, watch: Progress = NOBODY) -> Cells:
    """The cells of rows by their numbers in the dataset, in that order.

    Raises:
        DatasetError: the file cannot be read any more, or is another. Cancelled: the watcher says so.
    """
    if not dataset.source.is_table:
        return _made(dataset, rows)
    if mapping_of(dataset.X) is not None:
        return _streamed(dataset, rows, watch)
    table = _table(dataset)
    places = _places(dataset, table)[rows]
    frame = table.frame[places]
    first = 0 if table.test_from is None else table.test_from
    numbers = [place - first if place >= first else place for place in places.tolist()]
    return Cells(tuple(frame.columns), _texts(frame), tuple(number + 1 for number in numbers))


def _made(dataset: Dataset, rows: Indices) -> Cells:
    """Of data that comes from no file: the columns themselves."""
    X = rows_of(dataset.X, rows)
    cells = tuple(tuple(_text(value) for value in row) for row in X.tolist())
    return Cells(dataset.feature_names, cells, tuple((rows + 1).tolist()))


def _table(dataset: Dataset) -> Table:
    kept = None if _kept.owner is None else _kept.owner()
    if kept is dataset and _kept.table is not None:
        return _kept.table
    _kept.owner = _kept.table = None
    table = read_table(dataset.source)
    if table.frame.estimated_size() <= KEPT_BYTES:
        _kept.table, _kept.owner = table, weakref.ref(dataset, _forget)
    return table


def _forget(_: object) -> None:
    _kept.owner = _kept.table = None


def _places(dataset: Dataset, table: Table) -> Indices:
    """The place in the table of each row of the dataset: those without a target are not in it."""
    source, places = dataset.source, np.arange(table.frame.height)
    target = source.target if source.target is not None else table.target
    if target in table.frame.columns:
        labels = target_of(
            table.frame[target], table.where, positive=source.positive, multiclass=source.multiclass
        )
        places = places if labels.labelled is None else places[labels.labelled]
    if len(places) != dataset.n:
        raise DatasetError(
            f"{dataset.where} has changed: it had {dataset.n:,} rows with a target, now {len(places):,}.",
            "Bring the file back as it was, or train anew.",
        )
    return places


def _streamed(dataset: Dataset, rows: Indices, watch: Progress) -> Cells:
    """The same of a file on disk, in one pass as far as the last row that is wanted."""
    source = dataset.source
    scan = scan_table(source)
    scan = None if scan is None else scan_table(source, texts=frozenset(scan.head.columns))
    if scan is None or source.target is None:
        raise DatasetError(f"{dataset.where} cannot be read by the batch any more.", "Train anew.")
    wanted, seen, at = np.unique(rows), 0, 0
    found: dict[int, tuple[int, tuple[str | None, ...]]] = {}
    with refusing(scan.where, "a table"), closing(batches(scan.lazy, scan.where)) as read:
        for batch in read:
            watch.at("reading", min(at / max(dataset.n, 1), 1.0))
            labelled = labelled_in(batch[source.target])
            places = np.arange(batch.height) if labelled is None else np.flatnonzero(labelled.to_numpy())
            here = wanted[slice(*np.searchsorted(wanted, (at, at + len(places))))]
            picked = places[here - at]
            for row, place, cells in zip(
                here.tolist(), picked.tolist(), _texts(batch[picked]), strict=True
            ):
                found[row] = seen + place + 1, cells
            at, seen = at + len(places), seen + batch.height
            if len(found) == len(wanted):
                break
    if len(found) < len(wanted):
        raise DatasetError(f"{dataset.where} has fewer rows now.", "Bring it back, or train anew.")
    numbers, cells_by_row = (
        zip(*(found[row] for row in rows.tolist()), strict=True) if len(rows) else ((), ())
    )
    return Cells(tuple(scan.head.columns), tuple(cells_by_row), tuple(numbers))


def _texts(frame: pl.DataFrame) -> tuple[tuple[str | None, ...], ...]:
    return tuple(tuple(_text(cell) for cell in row) for row in frame.rows())


def _text(cell: Any) -> str | None:
    """A cell as it would stand in a text file."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return str(cell)
