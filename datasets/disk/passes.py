"""Passes over a large file: it begins anew where a row further down is not what the first rows say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from lrtui.datasets.disk.encoders import Unfit
from lrtui.datasets.disk.statistics import Statistics
from lrtui.datasets.disk.streaming import (
    TABLE,
    Columns,
    Imprecise,
    Pass,
    Unparsed,
    columns_of,
    precise,
    run,
)
from lrtui.datasets.disk.writing import Draft
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.scanning import scan_table
from lrtui.datasets.reading.table import Scan
from lrtui.datasets.source import Source
from lrtui.datasets.text import quote
from lrtui.datasets.watching import Step, Watch

PASSES = 8  # over a file, each with what the one before taught


def passes(
    source: Source,
    scan: Scan,
    names: Sequence[str],
    roles: Mapping[str, str],
    draft: Draft,
    watch: Watch,
) -> tuple[Columns, Pass, np.dtype[Any]]:
    """Pass over the file until every row is as was expected; the table comes to lie in the draft.

    Args:
        names: of the columns that are learned from, if they can be. roles: those with a part of their own.

    Raises:
        DatasetError: the file cannot be read, or nothing can be learned from it.
        Cancelled: the watcher says so.
    """
    watch = _onward(watch)
    unfit: dict[str, str] = {}
    texts: set[str] = set()
    single, wary = True, False
    rows, kinds = expected_rows(scan), list(roles.values())
    for _ in range(PASSES):
        columns = columns_of(scan, names, source.columns, unfit)
        if not columns.encoders:
            raise _nothing_left(columns, scan.where)
        dtype = np.dtype(np.float32 if single and _head_is_precise(scan, columns) else np.float64)
        try:
            found = run(scan, columns, roles["target"], kinds, draft, dtype, watch, rows)
            return columns, found, dtype
        except Unfit as error:
            unfit[error.name] = error.reason
        except Imprecise:
            single = False
        except Unparsed as error:
            # A word for nothing that the first rows do not hold; then any other word.
            texts |= {error.column} if wary else set()
            wary = True
            scan = scan_table(source, wary=True, texts=texts) or scan
        draft.remove(TABLE)
    name, reason = next(iter(unfit.items()), (names[0], "it changes from row to row"))
    raise DatasetError(
        f"Column {quote(name)} of {scan.where} and others are not what the first rows say: {reason}.",
        "Name them in drop_columns, or give --columns.",
    )


def _onward(watch: Watch) -> Watch:
    """The watch, to which a pass that begins anew is the rest of the way."""
    reached = begun = 0.0

    def tell(step: Step) -> None:
        nonlocal reached, begun
        if step.share == 0:
            begun = reached
        reached = begun + (1 - begun) * step.share
        watch.tell(replace(step, share=reached))

    return Watch(watch.go_on, tell)


def _head_is_precise(scan: Scan, columns: Columns) -> bool:
    """Whether the first rows let float32 do."""
    block = np.empty((scan.head.height, columns.width), order="F")
    at = 0
    for encoder in columns.encoders:
        width = len(encoder.columns)
        encoder.encode(scan.head[encoder.name], block[:, at : at + width])
        at += width
    statistics = Statistics(columns.width)
    statistics.add(block)
    return precise(statistics)


def _nothing_left(columns: Columns, where: str) -> DatasetError:
    name, why = next(iter(columns.left_out.items()))
    return DatasetError(
        f"Nothing can be learned from the columns of {where}: {quote(name)} is left out ({why}).",
        "Add columns of numbers, dates or words that repeat.",
    )


def expected_rows(scan: Scan) -> float:
    """How many rows there are, as the format tells or as the first of them let expect."""
    if scan.rows is not None:
        return float(scan.rows)
    texts = [name for name, kind in scan.head.schema.items() if kind == pl.String]
    lengths = scan.head.select(pl.col(texts).str.len_bytes().sum()).sum_horizontal().item() if texts else 0
    each = (lengths or 0) / max(scan.head.height, 1) + scan.head.width
    if len(texts) < scan.head.width:  # typed columns of JSON lines
        each = len(scan.head.head(1000).write_ndjson().encode()) / max(min(scan.head.height, 1000), 1)
    return scan.size / max(each, 1.0)
