"""The labels of a file that is the test part: they must be those of the training part, to the letter."""

from __future__ import annotations

import re

import polars as pl

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.table import Table
from lrtui.datasets.source import Source
from lrtui.datasets.tables.labels import MOST_CLASSES, as_values
from lrtui.datasets.text import listed, quote

_TOLD_APART = re.compile(r"[\s'\"`]+|(?<!\d)\.|\.(?!\d)")


def check_test_labels(table: Table, target: str, source: Source) -> None:
    """See that every label of the test part stands in the training part too, where labels are classes.

    Raises:
        DatasetError: one does not, or is written in another way.
    """
    if table.test_from is None:
        return
    column = table.frame[target]
    known, found = as_values(column.head(table.test_from)), as_values(column.slice(table.test_from))
    classes = known.drop_nulls().unique().sort().to_list()
    unknown = found.is_not_null() & ~found.is_in(classes)
    if not unknown.any() or not 2 <= len(classes) <= MOST_CLASSES:
        return
    row = int(unknown.arg_max() or 0)
    for value in found.filter(unknown).unique(maintain_order=True):
        alike = [other for other in classes if _bare(other) == _bare(value)]
        if alike:
            raise _spelled(target, (table.where, alike[0]), (table.test_where, value), found)
    if source.positive is None and (source.multiclass or len(classes) == 2):
        raise DatasetError(
            f"The test part, {table.test_where}, has {quote(found[row])} in row {row + 1:,} of the target "
            f"{quote(target)}, a label that the training part, {table.where}, has nowhere.",
            f"Leave such rows out, or give --test a file with the labels {listed(classes)}.",
        )


def _bare(value: str) -> str:
    """A label without what is easily written in another way: points, blanks, quotes, large letters."""
    return _TOLD_APART.sub("", value).casefold()


def _spelled(target: str, ours: tuple[str, str], theirs: tuple[str, str], found: pl.Series) -> DatasetError:
    (where, label), (test, other) = ours, theirs
    row = int((found == other).arg_max() or 0) + 1
    return DatasetError(
        f"{test} writes {quote(other)} where {where} writes {quote(label)}: labels of {quote(target)}, "
        f"first in row {row:,} of {test}.",
        "Write them alike in both files, for as they stand they are different classes.",
    )
