"""Whether the boxes on a screen are closed and straight: no text has pushed a border out of its column."""

from __future__ import annotations

from collections.abc import Sequence

SIDES = "│▁▂▃▄▅▆▇█"  # a border, or the scrollbar in its place


def straight(rows: Sequence[Sequence[str]], title: str = "") -> bool:
    """Whether there are boxes with such a title, and each is closed and straight.

    ``rows`` hold one entry a column; a wide character has a second one that is nothing of a border.
    """
    tops = [(y, x) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell == "╭"]
    tops = [(y, x) for y, x in tops if title in "".join(rows[y][x:])]
    for top, left in tops:
        right = next((x for x in range(left, len(rows[top])) if rows[top][x] == "╮"), left)
        bottom = next((y for y in range(top + 1, len(rows)) if rows[y][left] != "│"), top)
        if (rows[bottom][left], rows[bottom][right]) != ("╰", "╯"):
            return False
        if any(rows[y][right] not in SIDES for y in range(top + 1, bottom)):
            return False
    return bool(tops)
