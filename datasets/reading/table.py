"""A table as it was read: columns of polars, nothing interpreted yet."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from lrtui.datasets.reading.byte_share import ByteShare
from lrtui.datasets.tables.missing import Gap

Found = tuple[pl.DataFrame, tuple[str, ...], str | None]
"""What the reader of a format gives: the table, remarks, and the column that is the target, if it tells."""


@dataclass(frozen=True)
class Table:
    """What stands in a file, or in several of one shape.

    Attributes:
        frame: every column under its own name. Of a text file columns are text, as they stand there, with
            ``null`` for a cell in which nothing stands, and of a large one Float64 where all cells are
            numbers; other formats bring their own types.
        where: the file as an error names it, quoted and safe.
        test_from: the number of the first row that comes from the file of the test part, or ``None``;
            test_where: that file as an error names it.
        target: the column that the format itself, or where the table was fetched, calls the target.
        remarks: sentences that a person should know of the reading, such as an encoding that was guessed.
    """

    frame: pl.DataFrame
    where: str
    test_from: int | None = None
    target: str | None = None
    remarks: tuple[str, ...] = ()
    test_where: str = ""

    def placed(self, gap: Gap | None) -> Gap | None:
        """A gap by the file in which it stands, and its row there."""
        if gap is None or self.test_from is None or gap.row <= self.test_from:
            return gap
        return replace(gap, row=gap.row - self.test_from, file=self.test_where)


@dataclass(frozen=True)
class Scan:
    """A file that is too large to be held: read in batches, once.

    Attributes:
        lazy: the columns as polars will read them; columns of text files are typed by a first look. Of a
            table that several processes read, the rows of this one, where the format tells them apart.
        mine: those rows where it does not.
        size: bytes of all files together, or of this share. rows: how many rows there are here, where the
            format tells without reading.
        head: the first rows, as ``Table.frame`` would have them.
    """

    lazy: pl.LazyFrame
    where: str
    size: int
    rows: int | None
    head: pl.DataFrame
    remarks: tuple[str, ...] = field(default=())
    mine: ByteShare | None = None

    @property
    def own(self) -> pl.LazyFrame | ByteShare:
        """The rows that this process reads."""
        return self.lazy if self.mine is None else self.mine
