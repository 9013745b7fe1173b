"""One pass over a file that is too large to be held: numbers into a file, labels into memory.

What each column is was found from the first rows. Where a row further down says otherwise, the pass begins
anew with what is known now; that happens a few times at most.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from lrtui.datasets.array_types import Floats, Indices
from lrtui.datasets.ingest.column_encoders import Encoder, encoder_of, numbers
from lrtui.datasets.progress import Progress
from lrtui.datasets.reading.byte_share import ByteShare
from lrtui.datasets.reading.error_translation import refusing, unparsed
from lrtui.datasets.reading.table import Scan
from lrtui.datasets.storage.writing import Draft, RowFile
from lrtui.datasets.tables.missing import Gap, HoleCounter
from lrtui.datasets.tables.parsing import nothing
from lrtui.datasets.tables.statistics import Statistics
from lrtui.datasets.tables.type_inference import Understood, understand
from lrtui.datasets.text import quote

LARGEST = float(np.finfo(np.float32).max)
OFFSET = 256.0  # a mean of more standard deviations leaves float32 too few digits for what varies
SMALLEST = 1e-30  # a spread below which float32 runs out of exponents
NEEDED = 12_000_000  # numbers at a time, at most: what a batch may hold
BATCH = 65_536  # rows
TABLE = "X.bin"


class Imprecise(Exception):  # noqa: N818 - the pass begins anew
    """A column needs float64."""


class Unparsed(Exception):  # noqa: N818 - the pass begins anew
    """Further down, a column of numbers, which it names, holds a word."""


@dataclass
class Columns:
    """How the columns of a file become those of the table.

    Attributes:
        encoders: in the order of the file. left_out: why columns are not among them. remarks: on them.
    """

    encoders: list[Encoder] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Columns of the table."""
        return sum(len(encoder.columns) for encoder in self.encoders)


def columns_of(scan: Scan, names: Sequence[str], wanted: Sequence[str], unfit: dict[str, str]) -> Columns:
    """What the first rows say of columns; those in ``unfit`` are left out for the reason given there."""
    schema, found, counting = scan.own.collect_schema(), Columns(), list[Understood]()
    for name in names:
        if name in unfit:
            found.left_out[name] = f"text: {unfit[name]}"
            continue
        understood = understand(scan.head[name])
        kind, empty = understood.column.kind, understood.missing == scan.head.height
        counts = understood.names_rows and name in wanted
        constant = kind == "constant" and not empty  # in the first rows
        if understood.usable or counts or constant or (empty and schema[name].is_numeric()):
            found.encoders.append(encoder_of(understood, schema[name]))
            found.remarks += understood.remarks
        else:
            reason = "the first cells are all empty" if empty else understood.reason
            found.left_out[name] = f"{kind}: {reason}"
            if understood.names_rows:
                counting.append(understood)
    if not found.encoders and counting:  # better a number that counts than nothing to learn from
        name = counting[0].column.name
        found.encoders.append(encoder_of(counting[0].as_number(), schema[name]))
        del found.left_out[name]
    return found


@dataclass
class Pass:
    """What one pass over the file has found.

    Attributes:
        rows: in the table. seen: in the file. unlabelled: rows without a target; the table lacks them.
        roles: the columns with a part of their own, row by row, by name.
        holes: the cells without a finite number.
        odd: the first words in columns of numbers or dates.
        table: the file of its numbers.
    """

    statistics: Statistics
    holes: HoleCounter
    table: RowFile
    gaps: dict[str, Gap] = field(default_factory=dict)
    odd: dict[str, Gap] = field(default_factory=dict)
    roles: dict[str, list[pl.Series]] = field(default_factory=dict)
    rows: int = 0
    seen: int = 0
    unlabelled: int = 0

    def role(self, name: str) -> pl.Series:
        """A column with a part of its own, whole."""
        return pl.concat(self.roles[name])


def odd_remarks(odd: Mapping[str, Gap]) -> list[str]:
    """What is said of columns with words among their numbers or dates."""
    return [
        f"Column {quote(name)} holds the text {quote(gap.text or '')} in row {gap.row}; "
        "words among its values count as missing."
        for name, gap in odd.items()
    ]


def run(
    scan: Scan,
    columns: Columns,
    target: str,
    roles: Sequence[str],
    draft: Draft,
    dtype: np.dtype[Any],
    watch: Progress,
    rows_expected: float,
) -> Pass:
    """Go through the file once; the table comes to lie in ``TABLE`` of the draft.

    Raises:
        Unfit, Unparsed: a column is not what its first rows said. Imprecise: one overflows float32.
        DatasetError: the file cannot be read, or the cache not be written. Cancelled: the watcher says so.
    """
    table = draft.table(TABLE, columns.width, dtype)
    found = Pass(Statistics(columns.width), HoleCounter(columns.width), table)
    found.roles = {name: [] for name in (target, *roles)}
    table.reserve(int(rows_expected), sure=False)
    names = list(dict.fromkeys([*(encoder.name for encoder in columns.encoders), *found.roles]))
    # Closed in any case: polars reads on for as long as somebody might ask for the next batch.
    with closing(batches(scan.own.select(names), scan.where)) as found_batches:
        watch.at("reading", 0.0)
        for batch in found_batches:
            watch.at("reading", min(found.seen / max(rows_expected, 1), 0.999))
            _take(batch, columns, target, found, table)
    for name, parts in found.roles.items():
        parts += [] if parts else [pl.Series(name, [], dtype=scan.own.collect_schema()[name])]
    table.cut()
    watch.at("reading", 1.0)
    return found


def batches(lazy: pl.LazyFrame | ByteShare, where: str) -> Generator[pl.DataFrame, None, None]:
    """The rows of the file, a few at a time."""
    with refusing(where, "a table"):
        width = max(len(lazy.collect_schema()), 1)
        rows = max(1, min(BATCH, NEEDED // width))
        batches = iter(lazy.collect_batches(chunk_size=rows, maintain_order=True))
    while (batch := _next(batches, where)) is not None:
        yield from batch.iter_slices(rows) if batch.height > rows else (batch,)


def _next(batches: Iterator[pl.DataFrame], where: str) -> pl.DataFrame | None:
    with refusing(where, "a table"):
        try:
            return next(batches, None)
        except pl.exceptions.ComputeError as error:
            column = unparsed(error)
            if column is None:
                raise
    raise Unparsed(column)


def _take(batch: pl.DataFrame, columns: Columns, target: str, found: Pass, table: RowFile) -> None:
    rows = np.arange(found.seen, found.seen + batch.height)
    found.seen += batch.height
    labelled = labelled_in(batch[target])
    if labelled is not None:
        rows, batch = rows[labelled.to_numpy()], batch.filter(labelled)
    found.unlabelled = found.seen - found.rows - batch.height
    if not batch.height:
        return
    for name, parts in found.roles.items():
        parts.append(batch[name])
    block = encoded(batch, columns)
    missing = found.statistics.missing.sum()
    found.statistics.update(block)
    if table.dtype == np.float32 and _overflows(found.statistics):
        raise Imprecise
    if found.statistics.missing.sum() > missing:
        _note_gaps(found, columns, found.holes.update(block), batch, rows)
    else:
        found.holes.skip(len(block))
    table.append(block)
    found.rows += batch.height


def encoded(batch: pl.DataFrame, columns: Columns) -> Floats:
    """The batch as numbers (k, p), column by column in memory."""
    schema = batch.schema
    plain = [
        encoder.name
        for encoder in columns.encoders
        if encoder.read is numbers and schema[encoder.name].is_numeric()
    ]
    if len(plain) == len(columns.encoders):
        return _floats(batch.select(plain))
    block: Floats = np.empty((batch.height, columns.width), order="F")
    places, at = [], 0
    for encoder in columns.encoders:
        width = len(encoder.columns)
        if encoder.name in plain:
            places.append(at)
        else:
            encoder.encode(batch[encoder.name], block[:, at : at + width])
        at += width
    if plain:
        block[:, places] = _floats(batch.select(plain))
    return block


def _floats(frame: pl.DataFrame) -> Floats:
    return np.asarray(frame.cast(pl.Float64).to_numpy(order="fortran"), dtype=np.float64)


def labelled_in(target: pl.Series) -> pl.Series | None:
    """Where a target stands; ``None`` where everywhere."""
    blank = target.is_null()
    if target.dtype == pl.String:
        blank = nothing(target.str.strip_chars())
    elif target.dtype.is_float():
        blank = blank | target.is_nan().fill_null(True)
    return ~blank if blank.any() else None


def _overflows(statistics: Statistics) -> bool:
    return bool((np.maximum(-statistics.low, statistics.high) > LARGEST).any())


def precise(statistics: Statistics) -> bool:
    """Whether float32 holds every column well: what varies is not lost beside a large mean."""
    spread = statistics.deviation
    varies = spread > 0
    lost = varies & ((np.abs(statistics.mean) > OFFSET * spread) | (spread < SMALLEST))
    return not lost.any() and not _overflows(statistics)


def _note_gaps(
    found: Pass, columns: Columns, fresh: list[tuple[int, int]], batch: pl.DataFrame, rows: Indices
) -> None:
    """Say what stands in the first hole of columns, each given with its row in the batch.

    ``rows`` are the numbers of the rows of the batch in the file.
    """
    names = [(encoder.name, column.name) for encoder in columns.encoders for column in encoder.columns]
    for number, row in fresh:
        origin, name = names[number]
        cell = batch[origin][row]
        text = None if cell is None or not str(cell).strip() else str(cell)
        odd = isinstance(cell, str) and not nothing(pl.Series([cell.strip()])).all()
        place = int(rows[row]) + 1
        found.gaps[name] = Gap(place, text, odd)
        if odd:
            found.odd.setdefault(origin, Gap(place, cell, odd))
