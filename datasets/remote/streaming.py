"""What polars reads elsewhere, on its way into a file of the cache; its errors in our words."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import polars as pl

from lrtui.datasets.address import DOWNLOAD, matches, shown, widened
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.memory_limit import too_large
from lrtui.datasets.progress import Progress
from lrtui.datasets.reading.formats.entry import Format
from lrtui.datasets.remote.asking import AGAIN, refused, stands_still, unreachable
from lrtui.datasets.remote.patience import StandsStillError, in_time
from lrtui.datasets.remote.reaching import reach_of
from lrtui.datasets.storage.writing import RowFile

Found = TypeVar("Found")

SPARE = 64  # bytes that a small text may be longer packed than unpacked
WHOLE = (  # says polars
    "Range request not supported",
    "non-partial response",
    "Operation not supported",
    "Content-Length Header missing",
    "Content-Range header not present",
)
DAMAGED = ("unexpected end of file", "corrupt ", "incomplete frame", "Unknown frame", "Data corruption")
_CODE = re.compile(r"status code: (\d{3})")


class Into(io.RawIOBase):
    """A stream that polars writes to from a thread of its own, into a file of a draft.

    Attributes:
        size: bytes that came. lines: ends of lines among them. error: why they could not be written.
    """

    def __init__(self, file: RowFile) -> None:
        super().__init__()
        self.size = 0
        self.lines = 0
        self.error: DatasetError | None = None
        self._file: RowFile | None = file
        self._lock = threading.Lock()

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, piece: bytes | bytearray | memoryview, /) -> int:  # type: ignore[override]
        """All of the piece, unless nobody waits for it any more."""
        with self._lock:
            if self._file is None:
                raise OSError("nobody waits for it any more")
            data = np.frombuffer(piece, np.uint8)
            try:
                self._file.append(data)
            except DatasetError as error:
                self.error = error
                raise
        self.size += len(piece)
        self.lines += int(np.count_nonzero(data == ord("\n")))
        return len(piece)

    def shut(self) -> None:
        """Whatever comes from now on is not written: the file may be another's by then."""
        with self._lock:
            self._file = None


def stream(
    address: str, form: Format, into: Into, size: int, look: Callable[[], None], alive: Callable[[], bool]
) -> None:
    """Copy what stands at an address; ``look`` is called meanwhile, and may raise.

    ``size`` is how many bytes stand there, 0 where its server does not say. ``alive`` is asked whether it
    still answers where nothing came for long.

    Raises:
        DatasetError: it cannot be read, not to its end, is no such format, is empty, or the disk is full.
    """
    copy = form.copy
    if copy is None:
        raise ValueError(f"{form.name} is not read from elsewhere")
    try:
        by_polars(
            address,
            form.called,
            lambda: copy(address, into, reach_of(address)),
            lambda: into.size,
            look,
            alive,
        )
    except DatasetError as error:
        raise into.error or error from None
    finally:
        into.shut()
    if not into.size:
        raise empty(address)
    # Text comes line by line, and an end of two characters as one: whatever else is missing was lost.
    if form.is_text and into.size + into.lines + SPARE < size:
        raise _broken_off(address)


def empty(address: str) -> DatasetError:
    """The error for an object without a byte."""
    return DatasetError(f"{shown(address)} is empty.", "Give the address of a table with rows.")


def listed(pattern: str, watch: Progress) -> list[str]:
    """The addresses of all objects that match a pattern, sorted.

    Raises:
        DatasetError: there are none, or they are not to be had. Cancelled: the watcher says so.
    """
    try:
        from polars.io._expand_paths import _expand_paths  # what its readers do with a pattern
    except ImportError:  # it is no part of what polars promises
        raise DatasetError(
            f"This version of polars does not tell what matches {shown(pattern)}.",
            "Give the addresses one by one, or another version of polars.",
        ) from None

    wider = widened(pattern)

    def expand() -> list[str]:
        frame: pl.DataFrame = _expand_paths(wider, **reach_of(pattern)).collect()
        found: list[str] = frame.to_series().to_list()
        return sorted(found if wider == pattern else (one for one in found if matches(one, pattern)))

    found = by_polars(pattern, "a list", expand, lambda: 0, lambda: watch.at("reaching", 0.0))
    if not found:
        raise DatasetError(f"Nothing matches {shown(pattern)}.", "Check the bucket and the pattern.")
    return found


def by_polars(
    address: str,
    kind: str,
    work: Callable[[], Found],
    moved: Callable[[], int],
    look: Callable[[], None],
    alive: Callable[[], bool] = lambda: False,
) -> Found:
    """What polars gives, while something moves.

    Raises:
        DatasetError: in two sentences, without a word of polars' own, whatever it raises.
    """
    try:
        return in_time(work, moved, look, alive)
    except StandsStillError:
        raise stands_still(address) from None
    except MemoryError:
        raise too_large(shown(address)) from None
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise _in_our_words(address, kind, error) from None


def _in_our_words(address: str, kind: str, error: BaseException) -> DatasetError:
    where, said = shown(address), str(error)
    if isinstance(error, PermissionError):
        return refused(address, 403)
    if isinstance(error, FileNotFoundError):
        return refused(address, 404)
    if any(words in said for words in WHOLE):
        return DatasetError(
            f"The server of {where} gives files only whole, and polars reads them in parts.", DOWNLOAD
        )
    if "utf8" in said or "utf-8" in said:
        return DatasetError(f"{where} is not text in UTF-8.", f"{DOWNLOAD[:-1]} and --encoding.")
    if isinstance(error, ConnectionError):
        return unreachable(address, error)
    if isinstance(error, OSError) and (code := _CODE.search(said)):
        return refused(address, int(code[1]))
    if isinstance(error, OSError) and said.startswith(DAMAGED):
        return DatasetError(
            f"{where} is damaged or cut off: it cannot be unpacked.",
            "Put a whole file there, or try again.",
        )
    if isinstance(error, OSError):
        return _broken_off(address)
    fix = "Give --format if it is another, or fetch it and look."
    if kind == "Arrow":
        fix = f"If it is a stream, d{DOWNLOAD[1:-1]}; give --format if it is another."
    return DatasetError(f"{where} cannot be read as {kind}.", fix)


def _broken_off(address: str) -> DatasetError:
    return DatasetError(f"{shown(address)} cannot be read to its end: the connection fails.", AGAIN)
