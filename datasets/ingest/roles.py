"""Columns with a part of their own: target, row weights, groups, times. None of them is learned from."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.source import Source
from lrtui.datasets.tables.dates import as_number
from lrtui.datasets.tables.parsing import nothing
from lrtui.datasets.tables.type_inference import Understood, understand
from lrtui.datasets.text import listed, quote


def roles_of(source: Source, target: str, names: Sequence[str], where: str) -> dict[str, str]:
    """Which column is which: the ``target``, and ``weights``, ``group`` and ``time`` where given.

    Raises:
        DatasetError: there is no such column, or one has two parts.
    """
    given = {"target": target, "weights": source.weights, "group": source.group, "time": source.time}
    roles = {role: name for role, name in given.items() if name is not None}
    for name in (*roles.values(), *source.columns):
        check_name(name, names, where)
    taken: dict[str, str] = {}
    for role, name in (*roles.items(), *(("columns", name) for name in source.columns)):
        if taken.setdefault(name, role) != role:
            raise DatasetError(
                f"Column {quote(name)} of {where} was given as {taken[name]} and as {role}.",
                "Give it one part: what labels, weighs or divides the rows is not learned from.",
            )
    if source.group and source.time:
        raise DatasetError(
            "The parts cannot be divided by groups and by time at once.", "Leave out --group or --time."
        )
    for role in ("group", "time"):
        if role in roles and source.test is not None:
            raise DatasetError(
                f"--{role} divides the rows, and --test gives the test part as it is.",
                f"Leave out --{role} or --test.",
            )
    return roles


def learned_columns(
    source: Source, roles: Mapping[str, str], names: Sequence[str], where: str
) -> list[str]:
    """The columns to learn from, if they can be: those that were asked for, or all without a part."""
    others = [name for name in names if name not in roles.values()]
    found = [name for name in others if not source.columns or name in source.columns]
    if not found:
        raise DatasetError(f"{where} has no column beside the target.", "Add columns to learn from.")
    return found


def values_by_role(
    roles: Mapping[str, str], column: Callable[[str], pl.Series], where: str
) -> dict[str, NDArray[Any]]:
    """What stands in the columns of ``weights``, ``group`` and ``time`` that there are, each (n,)."""
    return {role: read(column(roles[role]), where) for role, read in _READ.items() if role in roles}


def check_name(name: str, names: Sequence[str], where: str) -> None:
    """See that there is such a column; the error names the nearest."""
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1) or [
            other for other in names if other.lower() == name.lower()
        ]
        hint = f"Did you mean {quote(near[0])}? " if near else ""
        raise DatasetError(
            f"{where} has no column called {quote(name)}.", f"{hint}The columns are {listed(names)}."
        )


def weights_of(column: pl.Series, where: str) -> NDArray[np.float64]:
    """What each row weighs (n,).

    Raises:
        DatasetError: one is missing, no finite number, or negative; or all are 0.
    """
    found = understand(column)
    _check_filled(column, found, where, "weights")
    if not found.values.dtype.is_float() or found.column.kind == "category":
        raise DatasetError(
            f"Column {quote(column.name)} of {where} cannot weigh rows: it holds no numbers.",
            "Give --weights a column of numbers from 0 up.",
        )
    weights = np.array(found.values.to_numpy(), dtype=np.float64)
    wrong = ~np.isfinite(weights) | (weights < 0)
    if wrong.any():
        row = int(wrong.argmax())
        raise DatasetError(
            f"Column {quote(column.name)} of {where} holds the weight {weights[row]:g} in row {row + 1}.",
            "Weights must be finite numbers from 0 up.",
        )
    if not weights.any():
        raise DatasetError(
            f"Every weight in column {quote(column.name)} of {where} is 0.",
            "Give some rows a weight above 0.",
        )
    return weights


def groups_of(column: pl.Series, where: str) -> NDArray[np.int64]:
    """Numbers of groups (n,): rows whose cells are equal have the same.

    Raises:
        DatasetError: a cell is empty.
    """
    if column.dtype == pl.Duration:
        column = column.dt.total_microseconds()
    text = column.cast(pl.String, strict=False) if not column.dtype.is_nested() else column
    if text.dtype == pl.String:
        text = text.str.strip_chars()
        empty = nothing(text)
        if empty.any():
            raise _empty_cell(column.name, int(empty.arg_max() or 0), where, "group")
    return text.rank("dense").to_numpy().astype(np.int64) - 1


def times_of(column: pl.Series, where: str) -> NDArray[np.float64]:
    """Numbers (n,) that grow with time.

    Raises:
        DatasetError: a cell is empty, or the column holds neither dates nor numbers.
    """
    found = understand(column)
    _check_filled(column, found, where, "time")
    values = found.values
    if found.column.kind == "category" or not (values.dtype.is_float() or values.dtype.is_temporal()):
        raise DatasetError(
            f"Column {quote(column.name)} of {where} holds neither dates nor numbers: none is the latest.",
            "Give --time a column of dates (2024-12-31) or of numbers that grow with time.",
        )
    return np.array(as_number(values).to_numpy(), dtype=np.float64)


def _check_filled(column: pl.Series, found: Understood, where: str, role: str) -> None:
    if found.missing:
        row = found.gap.row if found.gap else 1
        raise _empty_cell(column.name, row - 1, where, role)


def _empty_cell(name: str, row: int, where: str, role: str) -> DatasetError:
    return DatasetError(
        f"Column {quote(name)} of {where} says nothing in row {row + 1}, and is given as --{role}.",
        "Fill it in, or leave the row out.",
    )


_READ: Mapping[str, Callable[[pl.Series, str], NDArray[Any]]] = {
    "weights": weights_of,
    "group": groups_of,
    "time": times_of,
}
