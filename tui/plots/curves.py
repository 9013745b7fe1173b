"""Curves of a view as finished lines: joined points, single marks with their labels, faint lines behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from lrtui.core.inside.record import Curves, Point, Series
from lrtui.tui.plots.axes import Layout, assemble, lay_out, write_centred
from lrtui.tui.plots.canvas import BRAILLE, draw, placed
from lrtui.tui.plots.canvas import Series as Drawn
from lrtui.tui.plots.lines import Frame, Grid, blank_grid, one_column_each, write
from lrtui.tui.plots.ticks import Axis, linear_axis, log_axis

FAINT = 3  # dots or cells from one point of a faint line to the next
LABEL = 5  # columns for a label of the x axis, and as many between two
ROOM = 7  # columns of a label, at most
STYLES = ("train", "test")


def curves_frame(curves: Curves, *, width: int, height: int, ascii_only: bool = False) -> Frame:
    """Draw them: faint lines first, then lines, then marks."""
    layout = lay_out(width, height)
    points = [point for one in curves.series for point in one.points]
    if not points:
        canvas = blank_grid(layout.columns, layout.rows)
        write_centred(canvas, "nothing to draw")
        return assemble(layout, canvas, {}, (), ascii_only=ascii_only)
    x = _axis([p[0] for p in points], curves.x_range, layout.columns // LABEL, ROOM, log=curves.log)
    y = _axis([p[1] for p in points], curves.y_range, layout.rows, layout.room)
    behind = [one for one in curves.series if one.faint]
    lines = [one for one in curves.series if not one.faint and not one.mark]
    marks = [one for one in curves.series if one.mark and not one.faint]
    drawn = [
        *(_line(one, x, y, layout, ascii_only, "ghost") for one in behind),
        *(_line(one, x, y, layout, ascii_only, STYLES[i % 2]) for i, one in enumerate(lines)),
    ]
    canvas = draw(layout.columns, layout.rows, drawn)
    for number, one in enumerate(marks):
        _put_marks(canvas, one, _cells(one.points, x, y, layout), STYLES[(number + 1) % 2])
    x_ticks = [(round((x.fraction(at) or 0.0) * (layout.columns - 1)), label) for at, label in x.ticks]
    rows = layout.rows - 1
    y_ticks = {rows - round((y.fraction(at) or 0.0) * rows): label for at, label in y.ticks}
    return assemble(layout, canvas, y_ticks, x_ticks, ascii_only=ascii_only)


def legend(curves: Curves, *, ascii_only: bool = False) -> str:
    """What each series is drawn as: ``⠒ model  ⠂ chance  X threshold``."""
    line, faint = ("*", ".") if ascii_only else ("⠒⠒", "⠂⠂")
    return "  ".join(
        f"{one.mark if one.mark and not one.faint else faint if one.faint else line} {one.name}"
        for one in curves.series
        if one.name and not (one.mark and len(one.points) == 1)
    )


def _axis(values: Sequence[float], asked: Point | None, rows: int, room: int, *, log: bool = False) -> Axis:
    low, high = min(values), max(values)
    if asked is not None:
        low, high = min(low, asked[0]), max(high, asked[1])
    if log:
        found = log_axis(low, high, max(rows, 2), room)
        return (
            Axis(low, high, tuple(t for t in found.ticks if low <= t[0] <= high), log=True)
            if low < high
            else found
        )
    return linear_axis(low, high, max(rows, 2), room)


def _fractions(points: Iterable[Point], x: Axis, y: Axis) -> Iterator[Point]:
    for at, value in points:
        across, up = x.fraction(at), y.fraction(value)
        if across is not None and up is not None:
            yield across, up


def _line(one: Series, x: Axis, y: Axis, layout: Layout, ascii_only: bool, style: str) -> Drawn:
    """The dots that a line passes, each once; of a faint one every third."""
    across, down = (1, 1) if ascii_only else (2, 4)
    width, height = layout.columns * across, layout.rows * down
    dots: dict[tuple[int, int], None] = {}
    places = [(u * (width - 1), v * (height - 1)) for u, v in _fractions(one.points, x, y)]
    for (x0, y0), (x1, y1) in pairwise(places):
        steps = max(1, round(max(abs(x1 - x0), abs(y1 - y0))))
        for step in range(steps + 1):
            dots[round(x0 + (x1 - x0) * step / steps), round(y0 + (y1 - y0) * step / steps)] = None
    kept = [dot for number, dot in enumerate(dots) if not (one.faint and number % FAINT)]
    marker = ("." if one.faint else "*") if ascii_only else BRAILLE
    return placed(kept, width, height, marker, style)


def _cells(points: Iterable[Point], x: Axis, y: Axis, layout: Layout) -> list[tuple[int, int]]:
    """Row from the top and column of points."""
    rows, columns = layout.rows - 1, layout.columns - 1
    return [(rows - round(v * rows), round(u * columns)) for u, v in _fractions(points, x, y)]


def _put_marks(canvas: Grid, one: Series, cells: Sequence[tuple[int, int]], style: str) -> None:
    """The marks; beside one alone its name, where there is room for it."""
    for row, column in cells:
        canvas[row][column] = (one.mark, style if len(cells) > 1 else "threshold")
    if len(cells) != 1:
        return
    (row, column), label = cells[0], one_column_each(one.name)
    for below in (0, 1, -1, 2, -2):
        for start in (column + 2, column - len(label) - 1):
            there = row + below
            if not 0 <= there < len(canvas) or start < 0 or start + len(label) > len(canvas[0]):
                continue
            if all(
                cell[0] == " "
                for cell in canvas[there][max(start - 1, 0) : start + len(label) + 1]
                if cell[0] != one.mark
            ):
                write(canvas, there, start, label, "note")
                return
