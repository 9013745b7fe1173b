"""Vertical marks in a canvas, and labels placed where nothing is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lrtui.tui.plots.lines import Grid, one_column_each, write


class Mark(NamedTuple):
    """A column of the canvas that means something, and a few words that say what."""

    column: int
    label: str
    style: str = "mark"


def draw_marks(canvas: Grid, marks: Sequence[Mark], stroke: str) -> None:
    """Draw marks behind what is already drawn.

    Labels are set beside their marks, newest (rightmost) first, whole or not at all. Where no place
    is free, a label may cross the strokes of other marks: it still begins or ends at its own.
    """
    columns = len(canvas[0]) if canvas else 0
    shown = [mark for mark in marks if 0 <= mark.column < columns]
    # A label must not lie on another mark's line, so all lines stand before the first label.
    for mark in shown:
        for cells in canvas:
            if cells[mark.column][0] == " ":
                cells[mark.column] = (stroke, mark.style)
    for mark in sorted(shown, key=lambda mark: -mark.column):
        label = one_column_each(mark.label)
        if label and not _placed(canvas, mark, label, " "):
            _placed(canvas, mark, label, " " + stroke)


def _placed(canvas: Grid, mark: Mark, label: str, free: str) -> bool:
    """Whether there was a place for the label where nothing but what counts as free is drawn."""
    columns, length = len(canvas[0]), len(label)
    for row in range(len(canvas)):
        for start in (mark.column + 1, mark.column - length):
            if start < 0 or start + length > columns:
                continue
            # One free cell on either side too, but for the mark: neighbours must not run together.
            around = range(max(start - 1, 0), min(start + length + 1, columns))
            if all(canvas[row][c][0] in free for c in around if c != mark.column):
                write(canvas, row, start, label, mark.style)
                return True
    return False
