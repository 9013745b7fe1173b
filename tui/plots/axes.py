"""The frame around a canvas: gutter with y labels, axis lines, x labels, and text in an empty plot.

Both plots take their layout from here, so that they line up one above the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from lrtui.tui.plots.lines import (
    BLANK,
    Cell,
    Frame,
    Grid,
    join_cells,
    one_column_each,
    write,
)

XTick = tuple[int, str]
"""A column of the canvas and a label."""


@dataclass(frozen=True)
class Strokes:
    """The characters of the axis lines."""

    vertical: str
    y_tick: str
    corner: str
    horizontal: str
    x_tick: str


UNICODE = Strokes("│", "┤", "└", "─", "┬")
ASCII = Strokes("|", "+", "+", "-", "+")


@dataclass(frozen=True)
class Layout:
    """How a plot divides its room: a gutter at the left, axis and labels below, the canvas."""

    width: int
    height: int
    gutter: int
    columns: int
    rows: int

    @property
    def room(self) -> int:
        """How long a y label may be."""
        return max(self.gutter - 1, 0)


def lay_out(width: int, height: int, gutter: int | None = None) -> Layout:
    """Divide a plot's room; ``gutter`` columns (labels and axis line) are at the left.

    Without a wish for the gutter it is 6 columns, 5 in a narrow plot, none in a tiny one.
    The axis line needs 3 rows in all, the x labels 4.
    """
    width, height = max(width, 0), max(height, 0)
    if gutter is None:
        gutter = 6 if width >= 30 else 5
    if gutter < 1 or width < gutter + 6:
        gutter = 0
    below = 2 if height >= 4 else 1 if height == 3 else 0
    return Layout(width, height, gutter, width - gutter, height - below)


def assemble(
    layout: Layout,
    canvas: Grid,
    y_ticks: dict[int, str],
    x_ticks: Sequence[XTick],
    *,
    ascii_only: bool,
    corner_note: str = "",
) -> Frame:
    """Put gutter and axes around a canvas; ``y_ticks`` are by row from the top."""
    strokes = ASCII if ascii_only else UNICODE
    frame: Frame = []
    for row, cells in enumerate(canvas):
        frame.append(join_cells([*_gutter(layout, strokes, y_ticks.get(row)), *cells]))
    if layout.height >= 3:
        frame.append(join_cells(_x_axis(layout, strokes, x_ticks)))
    if layout.height >= 4:
        frame.append(join_cells(_x_labels(layout, x_ticks, corner_note)))
    return frame


def _gutter(layout: Layout, strokes: Strokes, label: str | None) -> list[Cell]:
    if not layout.gutter:
        return []
    stroke = strokes.vertical if label is None else strokes.y_tick
    return [(c, "axis") for c in f"{label or '':>{layout.room}}{stroke}"]


def _x_axis(layout: Layout, strokes: Strokes, ticks: Sequence[XTick]) -> list[Cell]:
    at = {column for column, _ in ticks}
    left = f"{strokes.corner:>{layout.gutter}}" if layout.gutter else ""
    line = (strokes.x_tick if c in at else strokes.horizontal for c in range(layout.columns))
    return [(c, "axis") for c in (*left, *line)]


def _x_labels(layout: Layout, ticks: Sequence[XTick], corner_note: str) -> list[Cell]:
    cells: list[Cell] = [BLANK] * layout.width
    free = 0
    if corner_note and len(corner_note) < layout.gutter:
        start = layout.room - len(corner_note)
        write([cells], 0, start, corner_note, "axis")
        free = layout.gutter
    # The last label is set first: it is the one that says how far the axis goes.
    end = layout.width
    if len(ticks) > 1:
        column, label = ticks[-1]
        start = _label_start(layout, column, label, layout.width)
        if start >= free and start + len(label) <= layout.width:
            write([cells], 0, start, label, "axis")
            end = start - 1
    for column, label in ticks[:-1] if len(ticks) > 1 else ticks:
        start = max(_label_start(layout, column, label, layout.width), free)
        if start + len(label) <= end:
            write([cells], 0, start, label, "axis")
            free = start + len(label) + 1
    return cells


def _label_start(layout: Layout, column: int, label: str, width: int) -> int:
    """Where a label begins that is centred under its column, but inside the plot."""
    middle = layout.gutter + column - (len(label) - 1) // 2
    return max(min(middle, width - len(label)), 0)


def write_centred(canvas: Grid, text: str) -> None:
    """Write a short text into the middle of an empty canvas, in full or not at all."""
    rows, columns = len(canvas), len(canvas[0]) if canvas else 0
    if columns < 3:
        return
    found = wrap(one_column_each(text), columns - 2, break_long_words=False)
    if len(found) > rows or any(len(line) > columns - 2 for line in found):
        return
    top = (rows - len(found)) // 2
    for row, line in enumerate(found, top):
        write(canvas, row, (columns - len(line)) // 2, line, "note")
