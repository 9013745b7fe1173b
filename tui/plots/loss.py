"""The loss plot: training and test loss over the epochs, with a mark wherever something was changed."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, log10

from lrtui.tui.plots.canvas import GUTTER, Axis, Frame, Grid, Series, draw
from lrtui.tui.plots.curve import Curve
from lrtui.tui.plots.ticks import (
    epoch_label,
    linear_ticks,
    log_ticks,
    number_label,
    round_up,
    step_for,
)

Point = tuple[float, float]
Mark = tuple[int, str]
LARGEST = 1e300  # plotext's arithmetic overflows beyond


def loss_legend(*, ascii_only: bool) -> str:
    """Which mark is which curve."""
    return "train *  test o" if ascii_only else "train ─  test •"


def loss_frame(
    train: Curve,
    test: Sequence[tuple[int, float]],
    *,
    width: int,
    height: int,
    log: bool = False,
    marks: Sequence[Mark] = (),
    total_epochs: int = 1,
    ascii_only: bool = False,
    empty: str = "",
) -> Frame:
    """The finished lines; ``empty`` is said in the middle while there is nothing to draw."""
    columns = max(1, width - GUTTER)
    stretches = train.stretches(columns if ascii_only else 2 * columns)
    curve = [(x, y) for x, low, high in stretches for y in _up_and_down(low, high)]
    points = [(float(x), y) for x, y in test if isfinite(y)]
    curve, points = ([(x, y) for x, y in part if _drawable(y, log)] for part in (curve, points))
    x = _epoch_axis(max([train.last_epoch, *(e for e, _ in test), 1]), total_epochs, columns)
    y = _loss_axis([v for _, v in curve + points], log, max(1, (height - 2) // 2))
    series = [
        _series("train", curve, "*" if ascii_only else "braille", log, joined=True),
        _series("test", _thin(points, columns // 3), "o" if ascii_only else "•", log, joined=False),
    ]
    series = [one for one in series if one.x]
    grid = draw(series, x, y, width=width, height=height, ascii_only=ascii_only)
    if not series:
        grid.centre(empty)
    _draw_marks(grid, marks, x, "|" if ascii_only else "╎")
    return grid.frame()


def _up_and_down(low: float, high: float) -> tuple[float, ...]:
    return (low,) if low == high else (high, low)


def _drawable(y: float, log: bool) -> bool:
    return abs(y) < LARGEST and (y > 0 or not log)


def _series(style: str, points: Sequence[Point], marker: str, log: bool, *, joined: bool) -> Series:
    y = [log10(v) if log else v for _, v in points]
    return Series(style, [e for e, _ in points], y, marker, joined and len(points) > 1)


def _thin(points: Sequence[Point], columns: int) -> list[Point]:
    """At most one point in three columns: dots that run together look like a line."""
    if not points:
        return []
    span = max(points[-1][0], 1) / max(columns, 1)
    kept: dict[int, Point] = {int(x / span): (x, y) for x, y in points}
    return list(kept.values())


def _epoch_axis(epoch: int, total: int, columns: int) -> Axis:
    """From 0 to a round number beyond the epoch, so that the axis moves seldom."""
    high = max(epoch, min(total, round_up(max(epoch, 5))))
    step = max(1.0, step_for(high, max(1, columns // 12)))
    ticks = [i * step for i in range(int(high / step) + 1)]
    return Axis(0, high, ticks, [epoch_label(t) for t in ticks])


def _loss_axis(values: Sequence[float], log: bool, count: int) -> Axis:
    if not values:
        ticks = [0.1, 1.0] if log else [0.0, 1.0]
    elif log:
        ticks = log_ticks(min(values), max(values), count)
        if len(ticks) < 2:
            ticks = [ticks[0], ticks[0] * 10]
    else:
        ticks = linear_ticks(min(values), max(values), count)
    places = [log10(t) if log else t for t in ticks]
    return Axis(places[0], places[-1], places, [number_label(t) for t in ticks])


def _draw_marks(grid: Grid, marks: Sequence[Mark], x: Axis, line: str) -> None:
    """A vertical line at each change, and its label where there is an empty place for it."""
    if not grid.plot_height:
        return
    columns: dict[int, str] = {}
    for epoch, label in marks:
        column = round((epoch - x.low) / (x.high - x.low) * (grid.plot_width - 1))
        columns[column] = f"{columns[column]}, {label}" if column in columns else label
    for column in columns:
        for row in range(grid.plot_height):
            if grid.blank(column, row):
                grid.put(column, row, line, "mark")
    for column, label in reversed(columns.items()):  # the newest first
        for row in range(grid.plot_height):
            if grid.blank(column + 1, row, len(label) + 1):
                grid.write(column + 1, row, label, "mark")
                break
            if grid.blank(column - len(label) - 1, row, len(label) + 1):
                grid.write(column - len(label), row, label, "mark")
                break
