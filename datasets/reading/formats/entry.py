"""What a format tells of itself. Neither NumPy nor polars in here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from io import RawIOBase
from pathlib import Path
from typing import Any

from lrtui.datasets.source import Source

HEAD = 50_000  # rows by which the columns of a large file are typed

Reader = Callable[[bytes, Source, str, str], Any]
"""From the unpacked bytes, the source, the quoted name and the name itself: a table (``pl.DataFrame``),
remarks (a tuple of sentences), and the column that the format calls the target, or ``None``. Raises
``DatasetError`` for what is damaged, too large or something else, with the line, or the row and column."""


@dataclass(frozen=True)
class Format:
    """One format of files.

    Attributes:
        name: what ``--format`` takes. called: what a person calls it. place: its place in lists.
        suffixes: of file names, the usual one first.
        read: reads a whole file. It imports what is heavy itself: the dashboard knows the formats.
        shows: whether the first bytes of an unpacked file show it beyond doubt, where it is no text.
        looks: whether the first bytes look like it, where it is text.
        options: of those that say how a file is read, which say anything of this format.
        zipped: whether it is a zip file inside; of two that are, the name of the file decides.
        scan: a path as a ``pl.LazyFrame``, where a large file can be read in batches.
        copy: writes what stands at an address into a stream, where polars can read it there.
    """

    name: str
    called: str
    place: int
    suffixes: tuple[str, ...]
    read: Reader
    shows: Callable[[bytes], bool] = lambda _: False
    looks: Callable[[bytes], bool] = lambda _: False
    options: tuple[str, ...] = ()
    zipped: bool = False
    scan: Callable[[Path], Any] | None = None
    copy: Callable[[str, RawIOBase, Mapping[str, Any]], None] | None = None

    @property
    def is_text(self) -> bool:
        """Whether it is text, whose encoding can be told."""
        return "encoding" in self.options


def imported(function: str, **options: Any) -> Callable[..., Any]:
    """What ``module:name`` does, imported when it is called: formats are listed without what is heavy."""
    module, _, name = function.partition(":")
    return lambda *given: getattr(import_module(module), name)(*given, **options)


def begins(*magic: bytes) -> Callable[[bytes], bool]:
    """Whether bytes begin with one of these."""
    return lambda start: start.startswith(magic)
