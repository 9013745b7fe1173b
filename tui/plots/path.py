"""A line through ranges: what plotext needs to draw a curve whose every slot has a low and a high.

A zigzag from low to high in each slot would say the same, but plotext's time goes by the dot, each
as often as it is passed, and a noisy curve fills thousands. So it gets every dot once, and whole
cells where ranges fill them: one point in place of eight. Both are of one series' style; a second
braille series would not add its dots to the first one's cells but replace them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from lrtui.tui.plots.canvas import BRAILLE, Series, bin_of, placed
from lrtui.tui.plots.ticks import Axis

Spans = list[tuple[int, float, float]]
"""Slots across the canvas, each with the lowest and the highest value in it."""

Dots = list[tuple[int, int, int]]
"""Slots with the lowest and the highest dot, counted from the bottom."""


def line_series(
    spans: Spans, columns: int, rows: int, axis: Axis, ascii_only: bool, style: str = "train"
) -> list[Series]:
    """A line: spans are by column in ASCII, by half column (a braille dot) otherwise."""
    across, down = (1, 1) if ascii_only else (2, 4)
    width, height = columns * across, rows * down
    dots = [(slot, bin_of(low, height), bin_of(high, height)) for slot, low, high in on_axis(spans, axis)]
    marker, full = ("*", "*") if ascii_only else (BRAILLE, "⣿")
    cells = full_cells(dots, across, down)
    loose = {
        (slot, dot)
        for slot, low, high in [*dots, *bridges(dots)]
        for dot in range(low, high + 1)
        if (slot // across, dot // down) not in cells
    }
    return [
        placed(loose, width, height, marker, style),
        placed(cells, columns, rows, full, style),
    ]


def on_axis(spans: Spans, axis: Axis) -> Iterator[tuple[int, float, float]]:
    """Slots, and which parts of the axis their ranges reach; slots without any are left out."""
    for slot, low, high in spans:
        found = [y for y in (axis.fraction(low), axis.fraction(high)) if y is not None]
        if found:
            yield slot, found[0], found[-1]


def bridges(dots: Dots) -> Dots:
    """What joins neighbours: straight from each range to the nearest end of the next."""
    found: Dots = []
    for (x0, low0, high0), (x1, low1, high1) in pairwise(dots):
        y0 = high0 if low1 > high0 else low0 if high1 < low0 else max(low0, low1)
        y1 = min(max(y0, low1), high1)
        before = y0
        for x in range(x0 + 1, x1 + 1):
            # Steep stretches are shared between the slots at their two ends.
            reached = y1 if x == x1 else round(y0 + (y1 - y0) * (x - x0) / (x1 - x0))
            half = (before + reached) // 2
            found.append((x - 1, min(before, half), max(before, half)))
            found.append((x, min(half, reached), max(half, reached)))
            before = reached
    return found


def full_cells(dots: Dots, across: int, down: int) -> set[tuple[int, int]]:
    """The cells (column, row from the bottom) of which ranges cover every dot."""
    covered: dict[tuple[int, int], int] = {}
    for slot, low, high in dots:
        for row in range((low + down - 1) // down, (high + 1) // down):
            cell = slot // across, row
            covered[cell] = covered.get(cell, 0) + 1
    return {cell for cell, count in covered.items() if count == across}
