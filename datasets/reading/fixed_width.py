"""Tables whose columns are aligned by blanks, with blanks within values or empty cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from lrtui.datasets.reading.cells import look_of_column

FEWEST = 3  # lines
MOST_TITLES = 10  # lines above it
MOST = 1 << 28  # bytes that are read so

_BLANK = bytes(int(code != 0x20) for code in range(256))  # 0 for a blank, 1 for all else


def columns_of(lines: Sequence[str]) -> list[slice] | None:
    """Where the columns stand: between positions that are blank in every line; ``None`` for no such table.

    One that is no text alone: a column below the first line holds numbers or dates.
    """
    lines = [line for line in lines if line.strip()]
    if len(lines) < FEWEST or any("\t" in line for line in lines):
        return None
    width, filled = max(map(len, lines)), 0
    for line in lines:
        marks = line.ljust(width).encode("ascii", "replace").translate(_BLANK)
        filled |= int.from_bytes(marks, "big")
    found, start = [], 0
    for is_filled, run in groupby(filled.to_bytes(width, "big")):
        end = start + len(list(run))
        if is_filled:
            found.append(slice(start, end))
        start = end
    looks = [look_of_column([line[part].strip() for line in lines[1:]]) for part in found]
    sparse = any(sum(bool(line[part].strip()) for line in lines) < len(lines) / 2 for part in found)
    return found if len(found) > 1 and not sparse and {"number", "date"} & set(looks) else None


def table_in(lines: Sequence[str]) -> tuple[int, list[slice]] | None:
    """The line in which such a table begins, which a blank line may part from titles, and its columns."""
    blank = (i + 1 for i, line in enumerate(lines[:MOST_TITLES]) if not line.strip())
    for start in (0, *blank):
        parts = columns_of(lines[start:])
        if parts is not None:
            return start, parts
    return None


def with_tabs(text: bytes) -> tuple[bytes, int] | None:
    """The table with tabs between its values, and the lines above it; ``None`` where there is none."""
    if len(text) > MOST:
        return None
    lines = text.decode().replace("\r\n", "\n").split("\n")
    found = table_in(lines)
    if found is None:
        return None
    start, parts = found
    rows = ("\t".join(line[part].strip() for part in parts) for line in lines[start:] if line.strip())
    return "\n".join([*rows, ""]).encode(), start
