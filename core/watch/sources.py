"""The text of a script, read and written as it is: ends of lines too."""

from __future__ import annotations

from pathlib import Path


def read_source(path: Path) -> str:
    """All of it.

    Raises:
        OSError: it cannot be read.
        UnicodeDecodeError: it is not in UTF-8.
    """
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def write_source(path: Path, text: str) -> None:
    """Make a file that is not there yet.

    Raises:
        OSError: there is one, or it cannot be written.
    """
    with path.open("x", encoding="utf-8", newline="") as file:
        file.write(text)
