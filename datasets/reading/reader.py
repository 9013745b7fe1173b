"""From a source to a table: which files, which format, one after the other, the test part at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.archives import unzipped
from lrtui.datasets.reading.files import contents
from lrtui.datasets.reading.foreign import refuse_foreign
from lrtui.datasets.reading.formats import FORMATS, START, bare, by_content, format_of, is_archive
from lrtui.datasets.reading.packed import unpacked
from lrtui.datasets.reading.table import Found, Table
from lrtui.datasets.source import Source, members
from lrtui.datasets.tables.type_inference import understand
from lrtui.datasets.text import listed, quote


def read_table(source: Source) -> Table:
    """Read all that a source names into memory.

    Raises:
        DatasetError: what is wrong and where: file, row and column.
    """
    table = _fetched(source) if source.is_fetched else _read_files(source)
    return table if source.test is None else _with_test(table, source)


def _fetched(source: Source) -> Table:
    prefix, _, wanted = source.name.partition(":")
    if prefix == "sklearn":
        from lrtui.datasets.reading.bundles import read_bundled  # scikit-learn, only where it is needed

        return read_bundled(wanted)
    from lrtui.datasets.reading.openml import read_openml

    return read_openml(wanted)


def size_of(source: Source) -> int:
    """Bytes on disk of the files that a source names; 0 where it names none.

    Raises:
        DatasetError: a file is not there.
    """
    if not source.is_file:
        return 0
    try:
        return sum(path.stat().st_size for path in members(source.name))
    except OSError:
        raise DatasetError(f"There is no file {quote(source.name)}.", "Check the path.") from None


def _read_files(source: Source) -> Table:
    paths = members(source.name)
    first, *rest = paths
    frame, remarks, target = _read_file(first, source)
    if not rest:
        return Table(frame, quote(first.name), target=target, remarks=remarks)
    frames = [frame]
    for path in rest:
        frame, more, _ = _read_file(path, source)
        differing(frame.columns, frames[0].columns, quote(path.name), quote(first.name))
        frames.append(frame.select(frames[0].columns))
        remarks += more
    return Table(_joined(frames), where_of(paths, source), target=target, remarks=remarks)


def where_of(paths: Sequence[Path], source: Source) -> str:
    """One file, or how many match the pattern, as an error names them."""
    return quote(paths[0].name) if len(paths) == 1 else f"{quote(source.label)} ({len(paths)} files)"


def _read_file(path: Path, source: Source) -> Found:
    where, name = quote(path.name), path.name
    data, part = contents(path), source.part
    remarks: tuple[str, ...] = ()
    if is_archive(name, data[:START]):
        data, name, remarks = unzipped(data, part, where)
        where, part = f"{quote(name)} in {where}", None
        if is_archive(name, data[:START]):
            raise DatasetError(f"{where} is a zip file itself.", "Unpack it, and give what comes out.")
    if not data:
        raise DatasetError(f"{where} is empty.", "Give a file with a header row and data.")
    data = unpacked(data, name, where)
    kind = source.format or _format_of(name, data[:START], where)
    if part is not None and kind != "excel":
        raise DatasetError(
            f"{where} is read as {FORMATS[kind].called}, and has no part called {quote(part)}.",
            "Give the path of the file alone.",
        )
    if name != path.name:
        source = replace(source, name=name)
    frame, more, target = FORMATS[kind].read(data, source, where, bare(name))
    return frame, remarks + more, target


def _format_of(name: str, start: bytes, where: str) -> str:
    if by_content(start) is None:
        refuse_foreign(bare(name), start, where)
    kind = format_of(name, start)
    if kind is None:
        names = ", ".join(one.called for one in FORMATS.values())
        raise DatasetError(f"{where} is in no format that lrtui reads.", f"Those are {names}.")
    return kind


def differing(names: Sequence[str], wanted: Sequence[str], where: str, other: str) -> None:
    """Refuse columns of a file that are not those of another, in whatever order."""
    fix = "Give files with the same columns, or a narrower pattern."
    known = set(names)
    lacking = [name for name in wanted if name not in known]
    if lacking:
        raise DatasetError(f"{where} lacks {_columns(lacking)}, which {other} has.", fix)
    known = set(wanted)
    odd = [name for name in names if name not in known]
    if odd:
        raise DatasetError(f"{where} has {_columns(odd)}, which {other} lacks.", fix)


def _columns(names: list[str]) -> str:
    return f"the column{'s' if len(names) > 1 else ''} {listed(names)}"


def _joined(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """The rows of tables with the same columns; as text where one has text and another has not."""
    texts = {
        name
        for name in frames[0].columns
        if len(kinds := {frame.schema[name] for frame in frames}) > 1 and pl.String in kinds
    }
    worded = [frame.with_columns(_as_text(frame[name]) for name in texts) for frame in frames]
    return pl.concat(worded, how="vertical_relaxed")


def _as_text(column: pl.Series) -> pl.Series:
    """Cells as text; whole numbers without a point, as they stand in the other file."""
    text = column.cast(pl.String, strict=False)
    return text.str.replace(r"\.0$", "") if column.dtype.is_float() else text


def _with_test(table: Table, source: Source) -> Table:
    """The table with the rows of the file of the test part below its own."""
    rest = _read_files(replace(source, name=source.test or "", test=None))
    special = (source.target, source.weights, source.group, source.time)
    needed = [name for name in special if name]
    needed += source.columns
    present, known = set(rest.frame.columns), set(table.frame.columns)
    lacking = [name for name in dict.fromkeys(needed) if name in known and name not in present]
    if not source.columns:  # what nothing is learned from, such as a number of the row, may be absent
        absent = [name for name in table.frame.columns if name not in present and name not in lacking]
        lacking += [name for name in absent if understand(table.frame[name]).usable]
    if lacking:
        target = source.target in lacking
        raise DatasetError(
            f"The test part, {rest.where}, lacks {_columns(lacking)}"
            f"{', which is the target' if target and len(lacking) == 1 else ''}.",
            "Give a test part with the labels: without them nothing can be measured."
            if target
            else "Give a file with the same columns, or name those to learn from with --columns.",
        )
    both = [name for name in table.frame.columns if name in present]
    absent = [name for name in table.frame.columns if name not in present]
    remarks = [f"The test part, {rest.where}, lacks {_columns(absent)}: left out."] if absent else []
    return replace(
        table,
        frame=_joined([table.frame.select(both), rest.frame.select(both)]),
        test_from=table.frame.height,
        test_where=rest.where,
        remarks=tuple(dict.fromkeys((*table.remarks, *rest.remarks, *remarks))),
    )
