"""From a table to a dataset: labels from one column, numbers from the others, and what is left out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lrtui.datasets.array_types import Mask
from lrtui.datasets.columns import CellReading, Column
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.ingest.label_check import check_test_labels
from lrtui.datasets.ingest.roles import learned_columns, roles_of, values_by_role
from lrtui.datasets.inspection.as_target import as_target
from lrtui.datasets.inspection.candidates import candidates
from lrtui.datasets.inspection.facts import facts_of
from lrtui.datasets.reading.table import Table
from lrtui.datasets.source import Source
from lrtui.datasets.tables.cell_reading import reading_of
from lrtui.datasets.tables.dates import parts_of
from lrtui.datasets.tables.labels import target_of
from lrtui.datasets.tables.missing import Gap, blocks
from lrtui.datasets.tables.two_parts import understand_parts
from lrtui.datasets.tables.type_inference import Understood, understand
from lrtui.datasets.text import listed, quote

LOOKED_AT = 10_000  # rows, for a target that nobody named
LIKELIEST = 3


@dataclass
class _Learned:
    """What is to be learned from, column by column."""

    columns: list[Column] = field(default_factory=list)
    values: list[pl.Series] = field(default_factory=list)
    gaps: dict[str, Gap] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    readings: list[CellReading] = field(default_factory=list)

    def add(self, column: Column, values: pl.Series, gap: Gap | None) -> None:
        self.columns.append(column)
        self.values.append(values)
        if gap is not None:
            self.gaps[column.name] = gap


def dataset_of(source: Source, table: Table) -> Dataset:
    """A table as numbers and labels. Rows are counted from 1 below the header.

    Rows without a target are left out, and so are columns from which nothing can be learned; the dataset
    says so. What becomes of empty cells is said when a problem is made.

    Raises:
        DatasetError: a column is not there or cannot be what it was given as, or nothing is left.
        TargetError: the target does not hold the classes that were asked for.
    """
    frame, where = table.frame, table.where
    target = source.target if source.target is not None else table.target
    if target is None:
        raise no_target(frame, where)
    roles = roles_of(source, target, frame.columns, where)
    check_test_labels(table, target, source)
    labels = target_of(frame[target], where, positive=source.positive, multiclass=source.multiclass)
    names = learned_columns(source, roles, frame.columns, where)
    learned = _learn(table, names, labels.labelled, wanted=source.columns)
    if not learned.columns:
        raise nothing_left(learned.left_out, where)
    by_row = _by_role(table, roles)
    by_row["y"] = labels.y
    if labels.strata is not None:
        by_row["strata"] = labels.strata
    if table.test_from is not None:
        by_row["in_test"] = np.arange(frame.height) >= table.test_from
    unlabelled = 0
    if labels.labelled is not None:
        unlabelled = int((~labels.labelled).sum())
        by_row = {name: values[labels.labelled] for name, values in by_row.items()}
    return Dataset(
        source,
        _table(learned.values, frame.height - unlabelled),
        by_row["y"],
        tuple(column.name for column in learned.columns),
        labels.classes,
        f"{source.label}, target {target}",
        gaps=learned.gaps,
        columns=tuple(learned.columns),
        left_out=learned.left_out,
        remarks=(*table.remarks, *unlabelled_remark(unlabelled, target), *learned.remarks),
        weights=by_row.get("weights"),
        groups=by_row.get("group"),
        times=by_row.get("time"),
        in_test=by_row.get("in_test"),
        strata=by_row.get("strata"),
        unlabelled=unlabelled,
        target=target,
        readings=tuple(learned.readings),
    )


def _by_role(table: Table, roles: Mapping[str, str]) -> dict[str, NDArray[Any]]:
    """The columns with a part of their own, those of the test part by its own rows."""
    frame, own = table.frame, table.test_from
    if own is None:
        return values_by_role(roles, frame.__getitem__, table.where)
    ours = values_by_role(roles, lambda name: frame[name].head(own), table.where)
    theirs = values_by_role(roles, lambda name: frame[name].slice(own), table.test_where)
    return {role: np.concatenate((values, theirs[role])) for role, values in ours.items()}


def _learn(table: Table, names: Sequence[str], kept: Mask | None, wanted: Sequence[str]) -> _Learned:
    """Look at the columns; those of ``wanted`` are taken even where they only count the rows."""
    frame, learned, counting = table.frame, _Learned(), list[Understood]()
    rows = None if kept is None else pl.Series(kept)
    for name in names:
        found = understand_parts(frame[name], table.test_from, table.test_where)
        if found.names_rows:
            if name in wanted:
                found = found.as_number()
            else:
                counting.append(found)
        _add(learned, found, frame[name], rows, table)
    if not learned.columns and counting:  # better a number that counts than nothing to learn from
        _add(learned, counting[0].as_number(), frame[counting[0].column.name], rows, table)
        del learned.left_out[counting[0].column.name]
    return learned


def _add(
    learned: _Learned, found: Understood, cells: pl.Series, rows: pl.Series | None, table: Table
) -> None:
    name, values = found.column.name, found.values
    if not found.usable:
        learned.left_out[name] = f"{found.column.kind}: {found.reason}"
        learned.remarks += filter(None, [found.remark])
        return
    learned.remarks += found.remarks
    if cells.dtype.is_numeric():
        values = cells  # the same numbers, which are there already
    gap = found.gap
    if rows is not None:
        gap = _first_left(gap, values, cells, rows)
        values = values.filter(rows)
    gap = table.placed(gap)
    if values.dtype.is_temporal():
        parts = parts_of(name, values)
        for column, part in parts:
            learned.add(column, part, gap)
        if parts:
            made = tuple(column for column, _ in parts)
            learned.readings.append(reading_of(found, cells.dtype, made))
        if not parts:
            learned.left_out[name] = "constant: one date in every row that is left"
        return
    learned.add(found.column, values, gap)
    learned.readings.append(reading_of(found, cells.dtype, (found.column,)))


def _first_left(gap: Gap | None, values: pl.Series, cells: pl.Series, rows: pl.Series) -> Gap | None:
    """The gap, or the first that stands in a row that is kept."""
    if gap is None or rows[gap.row - 1]:
        return gap
    holes = rows & (
        values.is_null() if values.dtype.is_temporal() else ~values.is_finite().fill_null(False)
    )
    if not holes.any():
        return None
    row = int(holes.arg_max() or 0)
    text = cells[row]
    return Gap(row + 1, None if text is None or not str(text).strip() else str(text))


def _table(columns: Sequence[pl.Series], rows: int) -> NDArray[np.float64]:
    """The columns beside each other (rows, columns), NaN where nothing stands; made by the block."""
    found = np.empty((rows, len(columns)))
    table = pl.DataFrame([values.alias(str(number)) for number, values in enumerate(columns)])
    for block in blocks(rows, len(columns)):
        part = table[block].cast(pl.Float64).fill_null(math.nan)
        found[block] = part.to_numpy(order="c")
    return found


def unlabelled_remark(rows: int, target: str) -> list[str]:
    """What is said of rows without a target, if there are any."""
    many = "row has" if rows == 1 else "rows have"
    left_out = f"no target ({quote(target)}) and {'is' if rows == 1 else 'are'} left out."
    return [f"{rows:,} {many} {left_out}"] if rows else []


def no_target(frame: pl.DataFrame, where: str) -> DatasetError:
    """The error for a table of which nobody has said what is to be predicted; names the likeliest."""
    head = frame.head(LOOKED_AT)
    facts = [facts_of(as_target(understand(head[name]), head[name]), head[name]) for name in frame.columns]
    found = [candidate.column for candidate in candidates(facts, rows=head.height)[:LIKELIEST]]
    first = f"The likeliest {'is' if len(found) == 1 else 'are'} {listed(found)}; " if found else ""
    return DatasetError(
        f"{where} needs a target column.",
        f"Give --target COLUMN. {first}{'the' if first else 'The'} columns are {listed(frame.columns)}.",
    )


def nothing_left(left_out: Mapping[str, str], where: str) -> DatasetError:
    """The error for a table whose columns are all left out, each for the reason given."""
    name, why = next(iter(left_out.items()))
    more = len(left_out) - 1
    rest = f", and {more:,} more" if more else ""
    return DatasetError(
        f"Nothing can be learned from the columns of {where}: {quote(name)} is left out ({why}){rest}.",
        "Add columns of numbers, dates or words that repeat.",
    )
