"""A CSV file as a dataset: a header row, numeric columns, and a target with two values."""

from __future__ import annotations

import csv
import difflib
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lrtui.datasets.cells import Gap
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError, TargetError
from lrtui.datasets.source import Source
from lrtui.datasets.text import listed, quote

FEWEST = 2  # rows a class needs, to stand in both parts


def read_csv(source: Source) -> Dataset:
    """Read a file. Rows are counted from 1 below the header.

    Feature columns may hold cells without a number: what becomes of them is said when a problem is made.

    Raises:
        DatasetError: what is wrong and where, by column and row.
    """
    path = Path(source.name)
    where = quote(path.name)
    header, table = _read(path, where)
    target = _target(source, header, where)
    names = tuple(name for name in header if name != target)
    if not names:
        raise DatasetError(f"{where} has no column beside the target.", "Add columns to learn from.")
    y, classes = _labels(table[header.index(target)], target, source.positive, where)
    columns = [_numbers(table[i]) for i, name in enumerate(header) if name != target]
    X = np.ascontiguousarray(np.column_stack([values for values, _ in columns]))
    gaps = {name: gap for name, (_, gap) in zip(names, columns, strict=True) if gap is not None}
    return Dataset(source, X, y, names, classes, f"{path.name}, target {target}", gaps=gaps)


def _read(path: Path, where: str) -> tuple[list[str], list[pl.Series]]:
    """The names of the header and each column as text."""
    if not path.is_file():
        raise DatasetError(f"There is no file {quote(str(path))}.", "Check the path.")
    try:
        with path.open("rb") as file:
            start = file.read(65536)
            if not start.strip():
                raise DatasetError(f"{where} is empty.", "Give a CSV file with a header row and data.")
            if b"\0" in start:
                raise DatasetError(
                    f"{where} holds NUL bytes, so it is no text.", "Save it as CSV in UTF-8."
                )
            file.seek(0)
            # Open, not by its path: polars wants a path to be text in UTF-8, Linux does not.
            frame = pl.read_csv(file, has_header=False, infer_schema=False)
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        raise DatasetError(
            f"{where} cannot be read: {why}.", "Check the path and its permissions."
        ) from None
    except pl.exceptions.PolarsError as error:
        raise _unreadable(path, where, error) from None
    header = [(name or "").strip() for name in frame.row(0)]
    _check_header(header, where)
    body = frame.slice(1).filter(~pl.all_horizontal(pl.all().is_null()))  # blank lines
    if body.height == 0:
        raise DatasetError(f"{where} has a header and no rows.", "Add rows of data.")
    return header, body.get_columns()


def _unreadable(path: Path, where: str, error: pl.exceptions.PolarsError) -> DatasetError:
    """What polars could not read, in our words and with the row."""
    if "utf-8" in str(error):
        return DatasetError(f"{where} is not text in UTF-8.", "Save it as CSV in UTF-8.")
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        rows = csv.reader(file)
        width = len(next(rows))
        for number, row in enumerate(rows, start=1):
            if len(row) > width:
                return DatasetError(
                    f"Row {number} of {where} has {len(row)} values; the header names {width} columns.",
                    "Give every row as many values as the header has names.",
                )
    return DatasetError(f"{where} cannot be read as CSV.", "Check its quotes and commas.")


def _check_header(names: list[str], where: str) -> None:
    if all(_is_number(name) for name in names):
        raise DatasetError(
            f"{where} has no header: its first line holds only numbers.",
            "Put the names of the columns into the first line.",
        )
    for number, name in enumerate(names, start=1):
        if not name:
            raise DatasetError(
                f"Column {number} of {where} has no name.", "Name every column in the first line."
            )
        if names.count(name) > 1:
            raise DatasetError(
                f"{where} has more than one column called {quote(name)}.", "Give each a name of its own."
            )


def _target(source: Source, header: list[str], where: str) -> str:
    columns = listed(header)
    if source.target is None:
        raise DatasetError(
            f"{where} needs a target column.", f"Give --target COLUMN; the columns are {columns}."
        )
    if source.target not in header:
        near = difflib.get_close_matches(source.target, header, n=1)
        hint = f"Did you mean {quote(near[0])}? " if near else ""
        raise DatasetError(
            f"{where} has no column called {quote(source.target)}.", f"{hint}The columns are {columns}."
        )
    return source.target


def _labels(
    column: pl.Series, target: str, positive: str | None, where: str
) -> tuple[NDArray[np.int8], tuple[str, str]]:
    """Labels and class names; the positive class is the rarer, on a tie the one that sorts last."""
    empty = column.is_null() | (column.str.strip_chars() == "")
    if empty.any():
        row = int(empty.arg_max() or 0)
        raise DatasetError(
            f"Column {quote(target)} of {where} has an empty cell in row {row + 1}.",
            "Fill it in, or leave the row out: nothing is learned from a row without its target.",
        )
    text = column.str.strip_chars()
    counts = {str(value): int(count) for value, count in text.value_counts().iter_rows()}
    values = sorted(counts, key=lambda value: (-counts[value], value))
    if len(values) == 1 or (len(values) > 2 and positive is None):
        found = f"{len(values):,} values" if len(values) > 1 else f"one value, {quote(values[0])}"
        those = f" ({listed(values)})" if len(values) > 1 else ""
        rest = "name one with --positive, against the rest" if len(values) > 1 else "bring other rows"
        raise TargetError(
            f"The target {quote(target)} of {where} has {found}{those}, and needs two.",
            f"Choose another target, or {rest}.",
            target,
            counts,
        )
    if positive is not None and positive not in values:
        raise DatasetError(
            f"The target {quote(target)} of {where} has no value {quote(positive)}.",
            f"Give --positive one of {listed(values)}.",
        )
    if len(values) > 2 and positive is not None:  # one against the rest
        others = f"not {positive}"
        values = [others, positive]
        counts = {others: sum(counts.values()) - counts[positive], positive: counts[positive]}
    if min(counts.values()) < FEWEST:
        raise DatasetError(
            f"Only {min(counts.values())} row of {where} has the target {quote(values[1])}.",
            f"Bring at least {FEWEST} rows of each value, so that both parts can hold one.",
        )
    chosen = positive if positive is not None else values[1]
    other = values[0] if chosen == values[1] else values[1]
    return (text == chosen).to_numpy().astype(np.int8), (other, chosen)


def _numbers(column: pl.Series) -> tuple[NDArray[np.float64], Gap | None]:
    """A column of text as numbers, NaN where there is none, and what is wrong with it.

    Text comes before empty cells, for there is no remedy but to drop the column, and these before what is
    infinite or NaN.
    """
    text = column.str.strip_chars()
    numbers = text.cast(pl.Float64, strict=False)
    values = np.asarray(numbers.to_numpy(), dtype=np.float64)
    if np.isfinite(values).all():
        return values, None
    empty = text.is_null() | (text == "")
    words = numbers.is_null() & ~empty
    wrong = words if words.any() else empty if empty.any() else pl.Series(~np.isfinite(values))
    row = int(wrong.arg_max() or 0)
    return values, Gap(row + 1, None if empty[row] else column[row], bool(words[row]))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
