"""Files that are too large to be held: their columns typed by a look at the first rows, read in batches."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from lrtui.datasets.reading.charsets import codec_of
from lrtui.datasets.reading.columnar import plain
from lrtui.datasets.reading.delimited import Delimited, read_delimited
from lrtui.datasets.reading.encoding import as_utf8
from lrtui.datasets.reading.files import beginning
from lrtui.datasets.reading.formats import SEPARATORS, format_of, packing_of
from lrtui.datasets.reading.patterns import members
from lrtui.datasets.reading.reader import differing, size_of
from lrtui.datasets.reading.table import Scan
from lrtui.datasets.reading.troubles import quiet, refusing
from lrtui.datasets.source import Source
from lrtui.datasets.tables.words import NOTHING, nothing
from lrtui.datasets.text import quote

HEAD = 50_000  # rows by which columns are typed
FEWEST = 1000  # of each file, where there are many
HEAD_BYTES = 64 << 20  # of a text file, at most
SCANNED = {"csv": "CSV", "parquet": "Parquet", "arrow": "Arrow", "jsonl": "JSON lines"}

_OTHER_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# As polars compares them: to the letter.
_NOTHING = [" ", *{form for word in NOTHING for form in (word, word.upper(), word.capitalize())}, "NaN"]


def scan_table(source: Source, *, wary: bool = False, texts: Collection[str] = frozenset()) -> Scan | None:
    """A table that is read in batches; ``None`` where its format can only be read whole.

    Columns of text files are Float64 where the first 50,000 rows hold numbers alone or nothing, and text
    elsewhere. A cell further down that is no number then fails while it is read: read within ``refusing``.
    Words for nothing in columns of numbers are expected as far as the first rows hold them, for each costs
    time; ``wary`` expects them all. The columns in ``texts`` are text in any case.

    Raises:
        DatasetError: a file cannot be read, or the files do not have the same columns.
    """
    if not source.is_file:
        return None
    paths = members(source.name)
    starts = [beginning(path) for path in paths]
    kinds = {
        None if packing_of(start) else source.format or format_of(path.name, start)
        for path, start in zip(paths, starts, strict=True)
    }
    kind = kinds.pop() if len(kinds) == 1 else None
    if kind not in SCANNED or not all(_is_plain(path) for path in paths):
        return None
    where = (
        quote(paths[0].name) if len(paths) == 1 else f"{quote(Path(source.name).name)} ({len(paths)} files)"
    )
    with refusing(where, SCANNED[kind]):
        if kind == "csv":
            return _scan_text(paths, source, where, wary, texts)
        with quiet():
            return _scan_typed(paths, kind, source, where)


def _is_plain(path: Path) -> bool:
    """Whether polars takes the path: as text in UTF-8."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _scan_typed(paths: tuple[Path, ...], kind: str, source: Source, where: str) -> Scan | None:
    scans = [_lazy(path, kind) for path in paths]
    schema = scans[0].collect_schema()
    for path, scan in zip(paths[1:], scans[1:], strict=True):
        differing(scan.collect_schema().names(), schema.names(), quote(path.name), quote(paths[0].name))
    if any(kind.is_nested() for kind in schema.dtypes()):
        return None
    lazy = pl.concat([scan.select(schema.names()) for scan in scans], how="vertical_relaxed")
    rows = None if kind == "jsonl" else int(lazy.select(pl.len()).collect().item())
    head, remarks = plain(lazy.head(HEAD).collect(), where)
    return Scan(lazy, where, size_of(source), rows, head, remarks)


def _lazy(path: Path, kind: str) -> pl.LazyFrame:
    if kind == "parquet":
        return pl.scan_parquet(path, glob=False)
    if kind == "arrow":
        return pl.scan_ipc(path, glob=False)
    return pl.scan_ndjson(path, infer_schema_length=HEAD)


@dataclass(frozen=True)
class _Text:
    """A text file of which the first rows were read."""

    path: Path
    head: Delimited

    def lazy(self, kinds: Mapping[str, pl.DataType], nothings: list[str]) -> pl.LazyFrame:
        """The whole file, without blank lines, its columns of these kinds."""
        head, dialect = self.head, self.head.dialect
        names = [f"no name {number}" for number in range(head.width)]
        for name, number in zip(head.frame.columns, head.kept, strict=True):
            names[number] = name
        found = pl.scan_csv(
            self.path,
            has_header=False,
            skip_rows=dialect.header + bool(dialect.skipped),
            separator=dialect.separator,
            quote_char=dialect.quote,
            schema={name: kinds.get(name, pl.String()) for name in names},
            null_values=nothings or None,
            decimal_comma=bool(head.commas),
            glob=False,
        ).select(head.frame.columns)
        return found.filter(~pl.all_horizontal(pl.all().is_null()))


def _scan_text(
    paths: tuple[Path, ...], source: Source, where: str, wary: bool, texts_given: Collection[str]
) -> Scan | None:
    texts: list[_Text] = []
    for path in paths:
        text = _text_of(path, source, max(FEWEST, HEAD // len(paths)))
        if text is None:
            return None
        if texts:
            first = texts[0]
            columns = text.head.frame.columns, first.head.frame.columns
            differing(*columns, quote(path.name), quote(first.path.name))
        texts.append(text)
    names = texts[0].head.frame.columns
    head = pl.concat([text.head.frame.select(names) for text in texts])
    kinds = {name: pl.String() if name in texts_given else _kind(head[name]) for name in names}
    numbers = [name for name, kind in kinds.items() if kind == pl.Float64]
    nothings = _NOTHING if wary else _words_in(head.select(numbers))
    lazy = pl.concat([text.lazy(kinds, nothings).select(names) for text in texts])
    remarks = tuple(remark for text in texts for remark in text.head.remarks)
    return Scan(lazy, where, size_of(source), None, head.head(HEAD), remarks)


def _text_of(path: Path, source: Source, rows: int) -> _Text | None:
    """A text file by its first rows; ``None`` where polars alone cannot read it in batches."""
    start = beginning(path, HEAD_BYTES)
    text = _first_rows(start, rows, whole=len(start) < HEAD_BYTES)
    codec = None if source.encoding is None else codec_of(source.encoding)
    if codec not in (None, "utf-8", "ascii") or text.startswith((*_OTHER_BOMS, b"\r", b"\n")):
        return None
    where = quote(path.name)
    text, guessed = as_utf8(text, source.encoding, where)
    if guessed or b"\n" not in text:
        return None
    head = read_delimited(text, source, where, SEPARATORS.get(path.suffix.lower()))
    if not head.strict or head.dialect.separator == " " or head.dialect.short_header:
        return None
    return _Text(path, head)


def _first_rows(start: bytes, rows: int, *, whole: bool) -> bytes:
    """The first rows in the first bytes of a file, the last of them not cut."""
    end = -1
    for _ in range(rows + 1):
        here = start.find(b"\n", end + 1)
        if here < 0:
            if whole:
                return start
            break
        end = here
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


def _kind(column: pl.Series) -> pl.DataType:
    text = column.str.strip_chars()
    text = text.filter(~nothing(text))
    numbers = len(text) > 0 and text.cast(pl.Float64, strict=False).null_count() == 0
    return pl.Float64() if numbers else pl.String()
