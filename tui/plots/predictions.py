"""The prediction plot: how many rows get which p(y = 1), by true class.

A rootogram (Tukey): heights are square roots of counts, and the axis says so by its labels. With 97 % of
the rows in one bin, the other 3 % are what one wants to see.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, sqrt

from lrtui.tui.plots.canvas import Axis, Frame, Grid, draw
from lrtui.tui.plots.ticks import number_label, round_up

Counts = Sequence[int]
EIGHTHS = " ▁▂▃▄▅▆▇█"
X_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def predictions_legend(*, ascii_only: bool) -> str:
    """Which mark is which true class."""
    return "class 0 :  class 1 #" if ascii_only else "class 0 ░  class 1 █"


def predictions_frame(
    histogram: tuple[Counts, Counts] | None,
    *,
    width: int,
    height: int,
    threshold: float,
    ascii_only: bool = False,
    empty: str = "",
) -> Frame:
    """The finished lines from the counts of class 0 and class 1 in equal bins of [0, 1]."""
    columns = _columns(histogram, max(1, width - 7))
    most = max((a + b for a, b in columns), default=0)
    top = round_up(max(most, 4))
    grid = draw(
        [],
        Axis(0, 1, X_TICKS, [number_label(t) for t in X_TICKS]),
        _count_axis(top, max(1, (height - 2) // 3)),
        width=width,
        height=height,
        ascii_only=ascii_only,
    )
    if histogram is None:
        grid.centre(empty)
        return grid.frame()
    for column, counts in enumerate(columns):
        _draw_bar(grid, column, counts, top, ascii_only)
    _draw_threshold(grid, threshold, "|" if ascii_only else "┊")
    return grid.frame()


def _columns(histogram: tuple[Counts, Counts] | None, width: int) -> list[tuple[int, int]]:
    """The counts under each column: a bin may span columns, or a column several bins."""
    if histogram is None:
        return []
    negative, positive = histogram
    bins = len(negative)
    found = []
    for column in range(width):
        first = column * bins // width
        last = max(first + 1, (column + 1) * bins // width) if width < bins else first + 1
        found.append((sum(negative[first:last]), sum(positive[first:last])))
    return found


def _count_axis(top: float, count: int) -> Axis:
    """Ticks at equal heights would be odd numbers; round counts stand where their root is."""
    ticks = [0.0]
    for i in range(1, count + 1):
        wanted = top * (i / count) ** 2
        near = top if i == count else _round_count(wanted)
        if near > ticks[-1] and near <= top:
            ticks.append(near)
    return Axis(0, sqrt(top), [sqrt(t) for t in ticks], [number_label(t) for t in ticks])


def _round_count(number: float) -> float:
    """The nearest of 1, 2, 5 times a power of ten."""
    rungs = [m * 10**e for e in range(9) for m in (1, 2, 5)]
    return float(min(rungs, key=lambda rung: abs(rung - number)))


def _draw_bar(grid: Grid, column: int, counts: tuple[int, int], top: float, ascii_only: bool) -> None:
    """Class 1 below, class 0 on it; the whole height is the root of both, split by their shares."""
    negative, positive = counts
    total = negative + positive
    rows = grid.plot_height
    if not total or not rows:
        return
    height = sqrt(total / top) * rows
    whole = max(1, round(height))
    solid = round(whole * positive / total)
    if positive and not solid:
        solid = 1
    if negative and solid == whole:
        solid = whole - 1 if whole > 1 else (whole if positive >= negative else 0)
    full, light = ("#", ":") if ascii_only else ("█", "░")
    for i in range(whole):
        style, mark = ("class1", full) if i < solid else ("class0", light)
        grid.put(column, rows - 1 - i, mark, style)
    if not negative and not ascii_only:
        # One class alone can end in an eighth of a row.
        part = max(1, round((height - floor(height)) * 8)) if floor(height) < rows else 0
        for i in range(floor(height), whole):
            grid.put(column, rows - 1 - i, " ", "")
        if part:
            grid.put(column, rows - 1 - floor(height), EIGHTHS[part], "class1")


def _draw_threshold(grid: Grid, threshold: float, line: str) -> None:
    column = min(grid.plot_width - 1, max(0, round(threshold * (grid.plot_width - 1))))
    for row in range(grid.plot_height):
        if grid.blank(column, row):
            grid.put(column, row, line, "threshold")
