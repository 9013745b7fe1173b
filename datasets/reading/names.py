"""The names of columns: from the first row, made up where there are none, refused where two are alike."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.text import listed, quote


def named(
    frame: pl.DataFrame, where: str, *, header: bool
) -> tuple[pl.DataFrame, tuple[str, ...], list[int]]:
    """A table of text with its names, remarks, and the numbers of the columns that it has of those it had.

    Where no ``header`` holds the names, columns are ``column_1`` and on.
    """
    if not header:
        names, remarks = numbered(frame.width, where)
        return _renamed(frame, names), remarks, list(range(frame.width))
    given = [(name or "").strip() for name in frame.row(0)]
    body = frame.slice(1)
    empty = body.select(pl.all().is_null().all()).row(0) if body.height else (False,) * body.width
    # A column without a name in which nothing stands comes of separators at the ends of lines.
    kept = [i for i, name in enumerate(given) if name or not empty[i]]
    names, remarks = complete([given[i] for i in kept], where)
    return _renamed(body.select(pl.nth(kept)), names), remarks, kept


def numbered(width: int, where: str) -> tuple[list[str], tuple[str, ...]]:
    """The names of columns of a file without a header, and a remark."""
    names = [f"column_{number}" for number in range(1, width + 1)]
    return names, (f"{where} has no header: its columns are called column_1 to column_{width}.",)


def complete(given: Sequence[str], where: str) -> tuple[list[str], tuple[str, ...]]:
    """The names, with one made up for each column that has none; and remarks.

    Raises:
        DatasetError: two columns have one name.
    """
    seen: set[str] = set()
    for name in given:
        if name in seen:
            raise DatasetError(
                f"{where} has more than one column called {quote(name)}.",
                "Give each a name of its own, or --header no if the first line names nothing.",
            )
        if name:
            seen.add(name)
    names, made = list(given), []
    for number, name in enumerate(given, start=1):
        if not name:
            free = f"column_{number}"
            while free in seen:
                free += "_"
            names[number - 1] = free
            made.append(free)
            seen.add(free)
    if not made:
        return names, ()
    if len(made) == 1:
        return names, (f"A column of {where} has no name and is called {quote(made[0])}.",)
    return names, (f"{len(made):,} columns of {where} have no names and are called {listed(made)}.",)


def _renamed(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    frame.columns = list(names)
    return frame
