"""A recording of a terminal as an asciicast v2 file, which asciinema plays.

https://docs.asciinema.org/manual/asciicast/v2/: a line with the header, then a line an event, all in JSON.
"""

from __future__ import annotations

import codecs
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from io import FileIO
from pathlib import Path

from lrtui.core.errors import LrtuiError
from lrtui.datasets.text import quote

KEPT = ("SHELL", "TERM")  # of the environment: what the format names
HEAD = 4096  # bytes, in which the header of a recording ends


class CastError(LrtuiError):
    """A recording cannot be made."""

    title = "Recording"


class Cast:
    """A recording that is written as it comes: each event is in the file at once, whole.

    Attributes:
        failure: why nothing more is written, once that is so.
    """

    def __init__(self, file: FileIO, columns: int, rows: int, command: str, env: Mapping[str, str]) -> None:
        """``command`` is the line that is recorded, ``env`` its environment."""
        self.failure: OSError | None = None
        self._file, self._written = file, 0  # bytes, in whole lines
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")  # bytes come in any pieces
        self._begun = time.monotonic()
        self._write(
            {
                "version": 2,
                "width": columns,
                "height": rows,
                "timestamp": int(time.time()),
                "command": command,
                "env": {name: env[name] for name in KEPT if name in env},
            }
        )

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._begun

    def output(self, data: bytes, *, last: bool = False) -> None:
        """What a program has written; half a character waits for its other half, but not the ``last``."""
        if text := self._decoder.decode(data, last):
            self._event("o", text)

    def resized(self, columns: int, rows: int) -> None:
        """The terminal has another size now."""
        self._event("r", f"{columns}x{rows}")

    def _event(self, code: str, data: str) -> None:
        self._write([round(self.seconds, 6), code, data])

    def _write(self, found: object) -> None:
        line = memoryview((json.dumps(found, ensure_ascii=False) + "\n").encode("utf-8", "replace"))
        if self.failure is not None:
            return
        whole = self._written + len(line)
        try:
            while line:
                line = line[self._file.write(line) :]
            self._written = whole
        except OSError as error:  # what is recorded goes on
            self.failure = error
            with suppress(OSError):  # half a line would make the file unreadable
                self._file.truncate(self._written)


def new_file(path: Path, *, force: bool) -> FileIO:
    """A file to record into; with ``force`` in place of an earlier recording, and of nothing else.

    Raises:
        CastError: there is such a file. OSError: it cannot be made.
    """
    try:
        return FileIO(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666), "w")
    except FileExistsError:
        name = quote(str(path))
    if not force:
        raise CastError(f"{name} exists already.", "Give another name, or --force to record over it.")
    if not path.is_file() or not _is_cast(path):
        raise CastError(
            f"{name} is no recording of a terminal, and is not overwritten.", "Give another name."
        )
    return FileIO(path, "w")


def _is_cast(path: Path) -> bool:
    """Whether a file begins as an asciicast v2 file does."""
    with path.open("rb") as file:
        head = file.read(HEAD).partition(b"\n")[0]
    try:
        found = json.loads(head)
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("version") == 2 and "width" in found
