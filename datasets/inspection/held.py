"""The rows that are looked at: all of a table that can be held, a sample of a larger one."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from lrtui.datasets.reading.reader import read_table, size_of
from lrtui.datasets.reading.table import Scan
from lrtui.datasets.source import Source

SAMPLE = 1_000_000  # rows that statistics come from, at most
CELLS = 50_000_000  # and cells
LARGE = 200_000_000  # bytes beyond which a file is not read whole to be looked at


@dataclass(frozen=True)
class Held:
    """Rows to look at, and what is known of the whole table.

    Attributes:
        frame: at most ``SAMPLE`` rows, from everywhere. rows, columns: of the whole table.
        size: bytes of the file, 0 where it is none. target: the column that the format calls the target.
    """

    frame: pl.DataFrame
    label: str
    rows: int
    columns: int
    size: int = 0
    target: str | None = None
    remarks: tuple[str, ...] = ()


def held(source: Source) -> Held:
    """Read a table, or of a large one every so-manyth row.

    Raises:
        DatasetError: it cannot be read.
    """
    size = size_of(source)
    scan = _scan(source) if size > LARGE else None
    if scan is not None:
        return _of_scan(source, scan)
    table = read_table(source)
    frame = table.frame.gather_every(_step(table.frame.height, table.frame.width))
    return Held(
        frame, source.label, table.frame.height, table.frame.width, size, table.target, table.remarks
    )


def _scan(source: Source) -> Scan | None:
    from lrtui.datasets.reading.scanning import scan_table  # only for what is large

    return scan_table(source)


def _of_scan(source: Source, scan: Scan) -> Held:
    """Two passes: one counts the rows where the format does not tell, one takes the sample."""
    from lrtui.datasets.reading.troubles import refusing

    with refusing(scan.where, "a table"):
        rows = scan.rows
        if rows is None:
            rows = int(scan.lazy.select(pl.len()).collect(engine="streaming").item())
        width = scan.head.width
        frame = scan.lazy.gather_every(_step(rows, width)).collect(engine="streaming")
    return Held(frame, source.label, rows, width, scan.size, None, scan.remarks)


def _step(rows: int, columns: int) -> int:
    """Every how-manyth row is looked at."""
    most = max(1000, min(SAMPLE, CELLS // max(columns, 1)))
    return max(1, -(-rows // most))
