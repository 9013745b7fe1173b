"""Tables as CSV and Parquet, a frame after the other, so that no more than one is held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any

import polars as pl

from lrtui.core.errors import ExportError
from lrtui.core.export.plain import cell
from lrtui.datasets.text import quote

SUFFIXES = (".csv", ".parquet")
Schema = Mapping[str, Any]


def check_suffix(path: Path) -> None:
    """See that a path says which kind of table is meant.

    Raises:
        ExportError: it does not.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ExportError(
            f"{quote(path.name)} does not say what kind of table it is to be.",
            f"Give a name that ends in {' or '.join(SUFFIXES)}.",
        )


def write_table(frames: Iterable[pl.DataFrame], schema: Schema, path: Path) -> None:
    """Frames of one schema, one below the other; the suffix of the path says which kind of file."""
    plain = map(_plain, frames)
    names = {cell(name): kind for name, kind in schema.items()}
    if path.suffix.lower() == ".parquet":
        lazy = pl.io.plugins.register_io_source(partial(_given, plain), schema=names)
        lazy.sink_parquet(path)
        return
    with path.open("wb") as file:
        put_csv(plain, names, file)


def put_csv(frames: Iterable[pl.DataFrame], schema: Schema, file: IO[bytes]) -> None:
    """The same as CSV, every word quoted."""
    file.write((",".join(_quoted(name) for name in schema) + "\n").encode())
    for frame in frames:
        file.write(frame.write_csv(include_header=False, quote_style="non_numeric").encode())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """The same with words that no program takes for a formula; each is looked at once."""
    texts = [column for column in frame.get_columns() if column.dtype == pl.String]
    found = []
    for column in texts:
        words = column.drop_nulls().unique()
        written = pl.Series([cell(word) for word in words.to_list()], dtype=pl.String)
        found.append(column.replace_strict(words, written, default=None, return_dtype=pl.String))
    return frame.with_columns(found).rename({name: cell(name) for name in frame.columns})


def _given(
    frames: Iterator[pl.DataFrame], columns: list[str] | None, predicate: Any, rows: int | None, _size: Any
) -> Iterator[pl.DataFrame]:
    """What polars asks of a source: all of it, whatever it would rather have."""
    for frame in frames:
        found = frame if columns is None else frame.select(columns)
        yield found if predicate is None else found.filter(predicate)
