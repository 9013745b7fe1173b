"""A sweep over one field as finished lines: final loss above, shares below, zones in words and marks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import ceil, floor, log10
from typing import Any

from lrtui.core.config import brief_value
from lrtui.core.sweep.plan import Axis as SweepAxis
from lrtui.core.sweep.points import Point, Zone
from lrtui.tui.plots.axes import Layout, XTick, assemble, lay_out, write_centred
from lrtui.tui.plots.canvas import Series, draw
from lrtui.tui.plots.lines import BLANK, Cell, Frame, Grid, blank_grid
from lrtui.tui.plots.marks import Mark, draw_marks
from lrtui.tui.plots.ticks import linear_axis, log_axis, power_label

WIDE = 20.0  # losses that differ by such a factor are drawn on a logarithmic axis
ZONES = {Zone.GOOD: ("█", "="), Zone.SLOWER: ("░", "."), Zone.UNSTABLE: ("×", "x"), Zone.WORSE: ("▒", "-")}
ONE_LABEL = ("▀", "1")
BEYOND = ("↑", "^")


def sweep_legend(points: Sequence[Point], *, ascii_only: bool = False) -> str:
    """What the marks of the zone line mean, those that there are."""
    found = [
        f"{marks[ascii_only]} {zone}"
        for zone, marks in ZONES.items()
        if any(p.zone is zone for p in points)
    ]
    if any(p.one_label for p in points):
        found.append(f"{ONE_LABEL[ascii_only]} one label")
    if any(p.measured is not None and p.loss is None for p in points):
        found.append(f"{BEYOND[ascii_only]} not finite")
    return "  ".join(found)


def sweep_frame(
    points: Sequence[Point],
    axis: SweepAxis,
    *,
    width: int,
    height: int,
    current: Any = None,
    cursor: int | None = None,
    log: bool | None = None,
    ascii_only: bool = False,
) -> Frame:
    """Draw a sweep.

    From above: training (``o``) and test loss (``·``), two lines of marks for the zones, accuracy and the
    share of the commoner prediction, and the axis of the field. Shares are left out below 12 rows.

    Args:
        points: one for each value of the axis, with zones.
        axis: the field that is swept.
        current: the value that the config has, marked where it lies.
        cursor: number of the point that is chosen.
        log: the scale of the losses; ``None`` for the one that shows them best.
    """
    layout = lay_out(width, height)
    if layout.columns < 1:
        return [()] * height
    strip = 2 if layout.rows >= 6 else 0
    shares = (layout.rows - strip) // 3 if layout.rows >= 10 else 0
    losses = layout.rows - strip - shares
    column = columns_of(axis, layout.columns)
    at = [column(point.values[axis.field]) for point in points]
    marks = _marks(points, axis, column, current, cursor)
    canvas, y_ticks = _losses(points, at, layout, losses, log, ascii_only)
    if strip:
        canvas += _zones(points, at, layout.columns, ascii_only)
    if shares:
        canvas += _shares(points, at, layout.columns, shares, ascii_only)
        ends = {losses + strip: "100 %", layout.rows - 1: "0 %"}
        y_ticks |= {row: label for row, label in ends.items() if len(label) <= layout.room}
    stroke = "|" if ascii_only else "┊"
    draw_marks(canvas[:losses], marks, stroke)
    draw_marks(canvas[losses + strip :], [Mark(m.column, "", m.style) for m in marks], stroke)
    return assemble(layout, canvas, y_ticks, _x_ticks(axis, layout, column), ascii_only=ascii_only)


def columns_of(axis: SweepAxis, columns: int) -> Callable[[Any], int]:
    """Where a value stands: on its scale, or in its place in the list."""
    if not axis.scaled:
        span = max(len(axis.values), 1)
        return lambda value: int((_place(axis, value) + 0.5) * columns / span)
    change: Callable[[float], float] = log10 if axis.log else float
    low, high = change(min(axis.values)), change(max(axis.values))

    def column(value: Any) -> int:
        if axis.log and value <= 0:
            return 0
        fraction = (change(value) - low) / ((high - low) or 1.0)
        return round(min(max(fraction, 0.0), 1.0) * (columns - 1))

    return column


def _place(axis: SweepAxis, value: Any) -> int:
    if value in axis.values:
        return axis.values.index(value)
    return min(bisect_left(axis.values, value), len(axis.values) - 1) if axis.numeric else 0


def is_wide(points: Sequence[Point]) -> bool:
    """Whether the losses lie so far apart that they are drawn on a logarithmic scale."""
    values = _finite(points)
    return bool(values) and 0 < WIDE * min(values) < max(values)


def _finite(points: Sequence[Point]) -> list[float]:
    return [loss for p in points for loss in (p.loss, _test_loss(p)) if loss is not None]


def _losses(
    points: Sequence[Point],
    at: Sequence[int],
    layout: Layout,
    rows: int,
    log: bool | None,
    ascii_only: bool,
) -> tuple[Grid, dict[int, str]]:
    """Training and test losses, and the labels of their axis; points stand ``at`` these columns."""
    tests, trains = [_test_loss(p) for p in points], [p.loss for p in points]
    values = _finite(points)
    if not values:
        canvas = blank_grid(layout.columns, rows)
        waiting = any(p.measured is None for p in points)
        write_centred(canvas, "waiting for the first points" if waiting else "no loss is a finite number")
        return canvas, {}
    low, high = min(values), max(values)
    log = low > 0 and (is_wide(points) if log is None else log)
    axis = (log_axis if log else linear_axis)(low, high, rows, layout.room)
    y_ticks = {
        rows - 1 - round((axis.fraction(value) or 0.0) * (rows - 1)): label for value, label in axis.ticks
    }
    series = []
    for losses, mark, style in (
        (tests, "." if ascii_only else "·", "test"),
        (trains, "o" if ascii_only else "●", "train"),
    ):
        shares = [None if loss is None else axis.fraction(loss) for loss in losses]
        series.append(_series(at, shares, layout.columns, mark, style))
    canvas = draw(layout.columns, rows, series)
    for x, point in zip(at, points, strict=True):
        if point.measured is not None and point.loss is None:  # beyond every axis
            canvas[0][x] = (BEYOND[ascii_only], "trouble")
    return canvas, y_ticks


def _series(
    at: Sequence[int], shares: Sequence[float | None], columns: int, marker: str, style: str
) -> Series:
    """Marks at these columns and shares of the height; where there is no number there is no mark."""
    found = [(x / max(columns - 1, 1), y) for x, y in zip(at, shares, strict=True) if y is not None]
    return Series([x for x, _ in found], [y for _, y in found], marker, style)


def _test_loss(point: Point) -> float | None:
    if point.measured is None or point.loss is None:
        return None
    return point.measured.test_loss if abs(point.measured.test_loss) < float("inf") else None


def _zones(points: Sequence[Point], at: Sequence[int], columns: int, ascii_only: bool) -> Grid:
    """One line for the zones, one for the points that give one label; both reach half way to the next."""
    zones: list[Cell] = [BLANK] * columns
    labels: list[Cell] = [BLANK] * columns
    ends = [0, *((left + right + 1) // 2 for left, right in pairwise(at)), columns]
    for point, (first, last) in zip(points, pairwise(ends), strict=False):
        for x in range(first, last):
            if point.zone in ZONES:
                style = "trouble" if point.zone is Zone.UNSTABLE else "axis" if ascii_only else "train"
                zones[x] = (ZONES[point.zone][ascii_only], style)
            if point.one_label:
                labels[x] = (ONE_LABEL[ascii_only], "trouble")
    return [zones, labels]


def _shares(points: Sequence[Point], at: Sequence[int], columns: int, rows: int, ascii_only: bool) -> Grid:
    def shown(name: str) -> list[float | None]:
        values = [getattr(p.measured, name, None) for p in points]
        return [value if value is not None and 0 <= value <= 1 else None for value in values]

    accuracy, majority = ("a", "m") if ascii_only else ("○", "▪")
    series = [
        _series(at, shown("majority_share"), columns, majority, "class1"),
        _series(at, shown("test_accuracy"), columns, accuracy, "class0"),
    ]
    return draw(columns, rows, series)


def losses_legend(*, ascii_only: bool = False) -> str:
    """What the marks of the losses mean."""
    return "loss: train o  test ." if ascii_only else "loss: train ●  test ·"


def shares_legend(*, ascii_only: bool = False) -> str:
    """What the marks of all curves mean."""
    accuracy, majority = ("a", "m") if ascii_only else ("○", "▪")
    return f"{losses_legend(ascii_only=ascii_only)}   accuracy {accuracy}  majority share {majority}"


def _marks(
    points: Sequence[Point], axis: SweepAxis, column: Callable[[Any], int], current: Any, cursor: int | None
) -> list[Mark]:
    found = []
    inside = current is not None and current in axis.values
    if axis.numeric and current is not None and not isinstance(current, str):
        inside = min(axis.values) <= current <= max(axis.values)
    if inside:
        found.append(Mark(column(current), "now"))
    if cursor is not None and cursor < len(points):
        value = axis.values[cursor]
        found.append(Mark(column(value), brief_value(axis.field, value), "threshold"))
    return found


def _x_ticks(axis: SweepAxis, layout: Layout, column: Callable[[Any], int]) -> list[XTick]:
    if not axis.scaled:
        return [(column(v), brief_value(axis.field, v)) for v in axis.values]
    if axis.log:
        low, high = log10(min(axis.values)), log10(max(axis.values))
        powers = range(ceil(low - 1e-9), floor(high + 1e-9) + 1)
        if len(powers) > 1:
            stride = max(1, ceil(len(powers) * 7 / max(layout.columns, 1)))
            return [(column(float(f"1e{e}")), power_label(1, e)) for e in powers[::stride]]
        ends = (min(axis.values), max(axis.values))
        return [(column(v), f"{v:.3g}") for v in ends]
    ticks = linear_axis(min(axis.values), max(axis.values), max(2, layout.columns // 8), 8).ticks
    inside = [t for t in ticks if min(axis.values) <= t[0] <= max(axis.values)]
    return [(column(value), label) for value, label in inside]
