"""Files that are too large to be held: their columns typed by a look at the first rows, read in batches."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

import polars as pl

from lrtui.datasets.peers import ALONE, Peers, share
from lrtui.datasets.reading.byte_share import Body, byte_share
from lrtui.datasets.reading.charset import as_utf8, codec_of
from lrtui.datasets.reading.columnar import plain
from lrtui.datasets.reading.delimited import Delimited, read_delimited
from lrtui.datasets.reading.error_translation import quiet, refusing
from lrtui.datasets.reading.files import beginning
from lrtui.datasets.reading.formats import FORMATS, format_of, is_archive, packing_of
from lrtui.datasets.reading.formats.entry import HEAD, Format
from lrtui.datasets.reading.json_documents import is_document
from lrtui.datasets.reading.layout import asked_line
from lrtui.datasets.reading.names import complete
from lrtui.datasets.reading.reader import differing, size_of, where_of
from lrtui.datasets.reading.table import Scan
from lrtui.datasets.source import Source, members, part_of
from lrtui.datasets.tables.parsing import NOTHING, nothing
from lrtui.datasets.text import quote

FEWEST = 1000  # of each file, where there are many
FIRST_BYTES = 1 << 20  # of a text file, from which follows how many hold the first rows
HEAD_BYTES = 64 << 20  # of a text file, at most

_OTHER_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# As polars compares them: to the letter.
_NOTHING = [" ", *{form for word in NOTHING for form in (word, word.upper(), word.capitalize())}, "NaN"]


def scan_table(
    source: Source,
    *,
    wary: bool = False,
    texts: Collection[str] = frozenset(),
    peers: Peers = ALONE,
) -> Scan | None:
    """A table that is read in batches; ``None`` where its format can only be read whole.

    Columns of text files are Float64 where the first 50,000 rows hold numbers alone or nothing, and text
    elsewhere. A cell further down that is no number then fails while it is read: read within ``refusing``.
    Words for nothing in columns of numbers are expected as far as the first rows hold them, for each costs
    time; ``wary`` expects them all. The columns in ``texts`` are text in any case. Of ``peers`` each gets
    its share of the rows, and all know the same first rows.

    Raises:
        DatasetError: a file cannot be read, or the files do not have the same columns.
    """
    if not source.is_file:
        return None
    paths = members(source.name)
    starts = [beginning(path) for path in paths]
    kinds = {
        None
        if packing_of(start) or is_archive(path.name, start)
        else source.format or format_of(path.name, start)
        for path, start in zip(paths, starts, strict=True)
    }
    kind = kinds.pop() if len(kinds) == 1 else None
    if kind is None or part_of(source.name) or not all(map(_is_plain, paths)):
        return None
    if kind == "jsonl" and any(map(is_document, starts)):
        return None  # whatever it is called
    form = FORMATS[kind]
    where = where_of(paths, source)
    with refusing(where, form.called):
        if kind == "csv":
            return _scan_text(paths, source, where, wary, texts, peers)
        with quiet():
            return _scan_typed(paths, form, source, where, peers)


def _is_plain(path: Path) -> bool:
    """Whether polars takes the path: as text in UTF-8."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _scan_typed(
    paths: tuple[Path, ...], form: Format, source: Source, where: str, peers: Peers
) -> Scan | None:
    if form.scan is None:
        return None
    given: list[pl.LazyFrame] = [form.scan(path) for path in paths]
    scans = [_named(scan, where)[0] for scan in given]
    schema = scans[0].collect_schema()
    for path, scan in zip(paths[1:], scans[1:], strict=True):
        differing(scan.collect_schema().names(), schema.names(), quote(path.name), quote(paths[0].name))
    if any(kind.is_nested() for kind in schema.dtypes()):
        return None
    chosen = [scan.select(schema.names()) for scan in scans]
    lazy = pl.concat(chosen, how="vertical_relaxed")
    head, remarks = plain(lazy.head(HEAD).collect(), where)
    remarks = (*_named(given[0], where)[1], *remarks)
    if form.is_text:
        parse = partial(_lines, given[0].collect_schema(), schema.names())
        bodies = [Body(path, 0, path.stat().st_size, None, parse) for path in paths]
        mine = byte_share(bodies, schema, peers) if peers.world > 1 else None
        return Scan(lazy, where, size_of(source) // peers.world, None, head, remarks, mine)
    counts = [int(scan.select(pl.len()).collect().item()) for scan in scans]
    start, stop = share(sum(counts), peers.rank, peers.world)
    if peers.world > 1:
        lazy = pl.concat(_rows(chosen, counts, start, stop), how="vertical_relaxed")
    return Scan(lazy, where, size_of(source), stop - start, head, remarks)


def _named(scan: pl.LazyFrame, where: str) -> tuple[pl.LazyFrame, tuple[str, ...]]:
    """The columns by the names that they have where the file is read whole, and remarks."""
    given = scan.collect_schema().names()
    names, remarks = complete([name.strip() for name in given], where)
    if names == given:
        return scan, remarks
    return scan.select(pl.nth(place).alias(name) for place, name in enumerate(names)), remarks


def _lines(schema: pl.Schema, called: list[str], lines: bytes, names: list[str]) -> pl.DataFrame:
    frame = pl.read_ndjson(lines, schema=schema)
    frame.columns = called
    return frame.select(names)


def _rows(scans: list[pl.LazyFrame], counts: list[int], start: int, stop: int) -> list[pl.LazyFrame]:
    """Rows from ``start`` up to ``stop`` of all files together; other groups of rows stay unread."""
    found, at = [], 0
    for scan, count in zip(scans, counts, strict=True):
        first, last = (min(max(place - at, 0), count) for place in (start, stop))
        if last > first:
            found.append(scan.slice(first, last - first))
        at += count
    return found or [scans[0].head(0)]


def _lazy(
    path: Path | bytes,
    head: Delimited,
    kinds: Mapping[str, pl.DataType],
    nothings: list[str],
    above: int | None = None,
) -> pl.LazyFrame:
    """A whole text file by its first rows, without blank lines, its columns of these kinds.

    ``above``: how many lines stand above the rows; else as many as in the file of those first rows.
    """
    dialect = head.layout.dialect
    names = [f"no name {number}" for number in range(head.width)]
    for name, number in zip(head.frame.columns, head.kept, strict=True):
        names[number] = name
    found = pl.scan_csv(
        path,
        has_header=False,
        skip_lines=(head.layout.body or 0) if above is None else above,
        comment_prefix=head.layout.comment,
        separator=dialect.separator,
        quote_char=dialect.quote,
        schema={name: kinds.get(name, pl.String()) for name in names},
        null_values=nothings or None,
        decimal_comma=bool(head.commas),
        glob=False,
    ).select(head.frame.columns)
    return found.filter(~pl.all_horizontal(pl.all().is_null()))


def _scan_text(
    paths: tuple[Path, ...],
    source: Source,
    where: str,
    wary: bool,
    texts: Collection[str],
    peers: Peers,
) -> Scan | None:
    heads: list[Delimited] = []
    for path in paths:
        found = _head_of(path, source, max(FEWEST, HEAD // len(paths)))
        if found is None:
            return None
        heads.append(found)
        names = heads[0].frame.columns
        differing(found.frame.columns, names, quote(path.name), quote(paths[0].name))
    head = pl.concat([found.frame.select(names) for found in heads])
    clean = {name for name in names if name not in texts and _is_clean(head[name])}
    left = [name for name in names if name not in texts and name not in clean]
    gappy = [name for name in left if _is_numbers(head[name])]
    kinds = {name: pl.Float64() for name in (*clean, *gappy)}
    nothings = _NOTHING if wary else _words_in(head.select(gappy))
    files = list(zip(paths, heads, strict=True))
    remarks = tuple(remark for found in heads for remark in found.remarks)
    lazy = pl.concat([_lazy(path, found, kinds, nothings).select(names) for path, found in files])
    mine = None
    if peers.world > 1:
        bodies = [_body(path, found, kinds, nothings) for path, found in files]
        mine = byte_share(bodies, pl.Schema({name: kinds.get(name, pl.String()) for name in names}), peers)
    return Scan(lazy, where, size_of(source) // peers.world, None, head.head(HEAD), remarks, mine)


def _body(path: Path, head: Delimited, kinds: Mapping[str, pl.DataType], nothings: list[str]) -> Body:
    """The lines of a text file below its header."""
    with path.open("rb") as file:
        for _ in range(head.layout.body or 0):
            file.readline()
        start = file.tell()
    quote = head.layout.dialect.quote

    def parse(lines: bytes, names: list[str]) -> pl.DataFrame:
        return _lazy(lines, head, kinds, nothings, above=0).select(names).collect()

    return Body(path, start, path.stat().st_size, quote.encode() if quote else None, parse)


def _head_of(path: Path, source: Source, rows: int) -> Delimited | None:
    """The first rows of a text file; ``None`` where polars alone cannot read it in batches."""
    above = max(source.skip_rows or 0, asked_line(source) or 0)
    text = _first_rows(path, rows + above)
    codec = None if source.encoding is None else codec_of(source.encoding)
    if codec not in (None, "utf-8", "ascii") or text.startswith(_OTHER_BOMS):
        return None
    where = quote(path.name)
    text, guessed = as_utf8(text, source.encoding, where)
    if guessed or b"\n" not in text:
        return None
    head = read_delimited(text, source, where, path.name, typed=False)
    layout = head.layout
    whole = layout.body is None or layout.roles is not None or layout.dialect.short_header
    return None if whole or not head.strict or layout.dialect.separator == " " else head


def _first_rows(path: Path, rows: int) -> bytes:
    """The first rows of a file, in its first 64 MB; the last of them is not cut."""
    size = FIRST_BYTES
    while True:
        start = beginning(path, size)
        lines = start.count(b"\n")
        if len(start) < size and lines <= rows:
            return start
        if lines > rows or size >= HEAD_BYTES:
            break
        size = min(HEAD_BYTES, max(2 * size, size * (rows + 1) // max(lines, 1) * 9 // 8))
    end = len(start)
    for _ in range(max(lines - rows, 1)):
        end = start.rfind(b"\n", 0, end)
    while end > 0 and start.count(b'"', 0, end) % 2:  # the line ends within a quoted value
        end = start.rfind(b"\n", 0, end)
    return start[: end + 1]


def _words_in(numbers: pl.DataFrame) -> list[str]:
    """The words that stand in columns of numbers."""
    found: set[str] = set()
    for column in numbers.get_columns():
        words = column.filter(column.cast(pl.Float64, strict=False).is_null() & column.is_not_null())
        found |= set(words.unique().to_list())
    return sorted(found)


def _is_clean(column: pl.Series) -> bool:
    """Whether every cell is a number, or empty."""
    values = column.cast(pl.Float64, strict=False)
    return values.null_count() == column.null_count() and not values.is_nan().fill_null(True).all()


def _is_numbers(column: pl.Series) -> bool:
    """Whether every cell is a number, or holds nothing."""
    text = column.str.strip_chars()
    text = text.filter(~nothing(text))
    return len(text) > 0 and text.cast(pl.Float64, strict=False).null_count() == 0
