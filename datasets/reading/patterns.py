"""The files that a name means: one, or all that match a pattern. Neither NumPy nor polars in here."""

from __future__ import annotations

import glob
import os
from pathlib import Path

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.text import quote

CHARACTERS = "*?["  # of a pattern


def members(name: str) -> tuple[Path, ...]:
    """The files that a name means: one, or all that match a pattern, sorted; folders never match.

    A file whose very name holds the characters of a pattern is that file.

    Raises:
        DatasetError: no file matches.
    """
    if not any(character in name for character in CHARACTERS) or os.path.lexists(name):
        return (Path(name),)
    found = sorted(path for path in glob.glob(name, recursive=True) if not os.path.isdir(path))
    if not found:
        raise DatasetError(f"No file matches {quote(name)}.", "Check the folder and the pattern.")
    return tuple(map(Path, found))
