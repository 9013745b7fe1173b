"""The frame around a canvas: gutter with y labels, axis lines, x labels, and text in an empty plot.

Both plots take their layout from here, so that they line up one above the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import NamedTuple

from lrtui.tui.plots.lines import BLANK, Cell, Frame, Grid, join_cells, one_column_each, write

XTick = tuple[int, str]
"""A column of the canvas and a label."""


class Layout(NamedTuple):
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


def lay_out(width: int, height: int) -> Layout:
    """Divide a plot's room; labels and axis line take 6 columns, 5 in a narrow plot, none in a tiny one.

    The axis line needs 3 rows in all, the x labels 4.
    """
    width, height = max(width, 0), max(height, 0)
    gutter = 6 if width >= 30 else 5 if width >= 11 else 0
    below = 2 if height >= 4 else 1 if height == 3 else 0
    return Layout(width, height, gutter, width - gutter, height - below)


def assemble(
    layout: Layout,
    canvas: Grid,
    y_ticks: dict[int, str],
    x_ticks: Sequence[XTick],
    *,
    ascii_only: bool,
) -> Frame:
    """Put gutter and axes around a canvas; ``y_ticks`` are by row from the top."""
    vertical, y_tick, corner, horizontal, x_tick = "|++-+" if ascii_only else "│┤└─┬"
    frame: Frame = []
    for row, cells in enumerate(canvas):
        label, stroke = y_ticks.get(row, ""), y_tick if row in y_ticks else vertical
        left = f"{label:>{layout.room}}{stroke}" if layout.gutter else ""
        frame.append(join_cells([*((c, "axis") for c in left), *cells]))
    if layout.height >= 3:
        left = f"{corner:>{layout.gutter}}" if layout.gutter else ""
        at = {column for column, _ in x_ticks}
        line = (x_tick if c in at else horizontal for c in range(layout.columns))
        frame.append(join_cells((c, "axis") for c in (*left, *line)))
    if layout.height >= 4:
        frame.append(join_cells(_x_labels(layout, x_ticks)))
    return frame


def _x_labels(layout: Layout, ticks: Sequence[XTick]) -> list[Cell]:
    cells: list[Cell] = [BLANK] * layout.width
    free, end = 0, layout.width
    # The last label is set first: it is the one that says how far the axis goes.
    if len(ticks) > 1:
        *ticks, (column, label) = ticks
        start = _label_start(layout, column, label)
        if start >= free and start + len(label) <= layout.width:
            write([cells], 0, start, label, "axis")
            end = start - 1
    for column, label in ticks:
        start = max(_label_start(layout, column, label), free)
        if start + len(label) <= end:
            write([cells], 0, start, label, "axis")
            free = start + len(label) + 1
    return cells


def _label_start(layout: Layout, column: int, label: str) -> int:
    """Where a label begins that is centred under its column, but inside the plot."""
    middle = layout.gutter + column - (len(label) - 1) // 2
    return max(min(middle, layout.width - len(label)), 0)


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
