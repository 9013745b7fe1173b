"""Tables as CSV and Parquet, a frame after the other, so that no more than one is held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from queue import Full, Queue
from threading import Thread
from typing import IO, Any

import polars as pl

from lrtui.core.errors import ExportError
from lrtui.core.export.plain import cell
from lrtui.datasets.text import quote

WAIT = 0.2  # seconds, until it is asked again whether polars still takes what is made
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
    if path.suffix.lower() == ".parquet":
        names = {cell(name): kind for name, kind in schema.items()}
        _put_parquet(map(_plain, frames), names, path)
        return
    with path.open("wb") as file:
        put_csv(frames, schema, file)


def _put_parquet(frames: Iterable[pl.DataFrame], schema: Schema, path: Path) -> None:
    """The same as Parquet. polars asks for frames in a thread of its own; they are made in this one."""
    ready: Queue[pl.DataFrame | None] = Queue(1)
    failed: list[BaseException] = []

    def given(columns: list[str] | None, *_: object) -> Iterator[pl.DataFrame]:
        while (frame := ready.get()) is not None:
            yield frame if columns is None else frame.select(columns)

    def sink() -> None:
        try:
            pl.io.plugins.register_io_source(given, schema=schema).sink_parquet(path)
        except BaseException as error:  # noqa: BLE001 - told by the thread that waits for it
            failed.append(error)

    thread = Thread(target=sink)
    thread.start()
    try:
        for frame in frames:
            _hand_over(ready, frame, thread)
    finally:
        _hand_over(ready, None, thread)
        thread.join()
    if failed:
        raise failed[0]


def _hand_over(ready: Queue[pl.DataFrame | None], frame: pl.DataFrame | None, to: Thread) -> None:
    """Wait until it is taken, or nobody takes any more."""
    while to.is_alive():
        try:
            ready.put(frame, timeout=WAIT)
            return
        except Full:
            continue


def put_csv(frames: Iterable[pl.DataFrame], schema: Schema, file: IO[bytes]) -> None:
    """The same as CSV, every word quoted."""
    file.write((",".join(_quoted(cell(name)) for name in schema) + "\n").encode())
    for frame in map(_plain, frames):
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
