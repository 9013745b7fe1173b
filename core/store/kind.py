"""Whose a database is, told without SQLite: to open one is to finish what its owner had begun."""

from __future__ import annotations

from pathlib import Path

from lrtui.core.store.identity import FRAME_HEADER, HEADER, MAGIC, WAL_HEADER
from lrtui.core.store.schema import APPLICATION_ID

BEGINNING = HEADER + 8  # bytes of a file that tell: its header, and that of the tree on its first page
_OURS, _UNTOLD = APPLICATION_ID.to_bytes(4, "big"), bytes(4)
_APPLICATION, _CELLS = slice(68, 72), slice(HEADER + 3, HEADER + 5)


def is_foreign(beginning: bytes, wal: Path) -> bool:
    """Whether a database file belongs to another program; ``wal`` is its -wal file, if it has one.

    A store of ours is marked in the very transaction that makes its tables. Before that is moved into the
    file, the mark stands in the -wal. Format: https://www.sqlite.org/fileformat2.html.

    Raises:
        OSError: the -wal cannot be read.
    """
    if beginning[:16] != MAGIC or beginning[_APPLICATION] == _OURS:
        return False  # no database at all is another matter
    tables = int.from_bytes(beginning[_CELLS], "big")
    return beginning[_APPLICATION] != _UNTOLD or tables > 0 or _marks_another(wal)


def _marks_another(wal: Path) -> bool:
    """Whether what waits in a -wal, for a file without tables, does not begin with our mark."""
    if not wal.is_file():
        return False
    with wal.open("rb") as file:
        size = int.from_bytes(file.read(WAL_HEADER)[8:12], "big")
        while len(frame := file.read(FRAME_HEADER + size)) == FRAME_HEADER + size and size:
            if int.from_bytes(frame[:4], "big") == 1:
                return frame[FRAME_HEADER:][_APPLICATION] != _OURS
    return wal.stat().st_size > WAL_HEADER
