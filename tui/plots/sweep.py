"""A sweep over one field as finished lines: final loss above, shares below, zones in words and marks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from math import ceil, floor, log10
from typing import Any

from lrtui.core.config import brief_value
from lrtui.core.sweep.plan import Axis as SweepAxis
from lrtui.core.sweep.points import Point, Zone
from lrtui.tui.plots.axes import Layout, XTick, assemble, lay_out, write_centred
from lrtui.tui.plots.canvas import Series, draw
from lrtui.tui.plots.lines import BLANK, Cell, Frame, Grid, blank_grid
from lrtui.tui.plots.marks import Mark, draw_marks
from lrtui.tui.plots.ticks import Axis, linear_axis, log_axis, power_label

WIDE = 20.0  # losses that differ by such a factor are drawn on a logarithmic axis
ZONES = {Zone.GOOD: ("█", "="), Zone.TOO_LOW: ("░", "."), Zone.UNSTABLE: ("×", "x"), Zone.WORSE: ("▒", "-")}
ONE_LABEL = ("▀", "1")


def sweep_legend(points: Sequence[Point], *, ascii_only: bool = False) -> str:
    """What the marks of the zone line mean, those that there are."""
    pick = 1 if ascii_only else 0
    found = [
        f"{marks[pick]} {zone}" for zone, marks in ZONES.items() if any(p.zone is zone for p in points)
    ]
    if any(p.one_label for p in points):
        found.append(f"{ONE_LABEL[pick]} one label")
    return "  ".join(found)


def sweep_frame(
    points: Sequence[Point],
    axis: SweepAxis,
    *,
    width: int,
    height: int,
    current: Any = None,
    cursor: int | None = None,
    ascii_only: bool = False,
) -> Frame:
    """Draw a sweep in ``height`` lines of ``width`` columns.

    From above: training (``o``) and test loss (``·``), two lines of marks for the zones, accuracy and the
    share of the commoner prediction, and the axis of the field.

    Args:
        points: one for each value of the axis, with zones.
        axis: the field that is swept.
        width: columns of the whole plot.
        height: rows of the whole plot; shares are left out below 12.
        current: the value that the config has, marked where it lies.
        cursor: number of the point that is chosen.
        ascii_only: whether to keep to ASCII.
    """
    layout = lay_out(width, height)
    if layout.columns < 1:
        return [()] * height
    strip = 2 if layout.rows >= 6 else 0
    shares = (layout.rows - strip) // 3 if layout.rows >= 10 else 0
    losses = layout.rows - strip - shares
    column = columns_of(axis, layout.columns)
    marks = _marks(points, axis, column, current, cursor)
    y_ticks: dict[int, str] = {}

    canvas = _losses(points, axis.field, column, layout, losses, ascii_only, y_ticks)
    if strip:
        canvas += _zones(points, axis.field, column, layout.columns, ascii_only)
    if shares:
        canvas += _shares(points, axis.field, column, layout.columns, shares, ascii_only)
        ends = {losses + strip: "100 %", layout.rows - 1: "0 %"}
        y_ticks |= {row: label for row, label in ends.items() if len(label) <= layout.room}
    stroke = "|" if ascii_only else "┊"
    loss_rows = canvas[:losses]
    draw_marks(loss_rows, marks, stroke)
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


def _losses(
    points: Sequence[Point],
    field: str,
    column: Callable[[Any], int],
    layout: Layout,
    rows: int,
    ascii_only: bool,
    y_ticks: dict[int, str],
) -> Grid:
    values = [loss for p in points for loss in (p.loss, _test_loss(p)) if loss is not None]
    if not values:
        canvas = blank_grid(layout.columns, rows)
        waiting = any(p.measured is None for p in points)
        write_centred(canvas, "waiting for the first points" if waiting else "no loss is a finite number")
        return canvas
    low, high = min(values), max(values)
    log = low > 0 and high > WIDE * low
    axis = (log_axis if log else linear_axis)(low, high, rows, layout.room)
    for value, label in axis.ticks:
        y_ticks[rows - 1 - round((axis.fraction(value) or 0.0) * (rows - 1))] = label
    train, test = ("o", ".") if ascii_only else ("●", "·")
    canvas = draw(
        layout.columns,
        rows,
        [
            _series([(column(p.values[field]), _test_loss(p)) for p in points], axis, layout, test, "test"),
            _series([(column(p.values[field]), p.loss) for p in points], axis, layout, train, "train"),
        ],
    )
    for point in points:
        if point.measured is not None and point.loss is None:  # beyond every axis
            canvas[0][column(point.values[field])] = ("^" if ascii_only else "↑", "trouble")
    return canvas


def _series(
    found: list[tuple[int, float | None]], axis: Axis, layout: Layout, marker: str, style: str
) -> Series:
    xs: list[float] = []
    ys: list[float] = []
    for x, value in found:
        y = None if value is None else axis.fraction(value)
        if y is not None:
            xs.append(x / max(layout.columns - 1, 1))
            ys.append(y)
    return Series(xs, ys, marker, style)


def _test_loss(point: Point) -> float | None:
    if point.measured is None or point.loss is None:
        return None
    return point.measured.test_loss if abs(point.measured.test_loss) < float("inf") else None


def _zones(
    points: Sequence[Point], field: str, column: Callable[[Any], int], columns: int, ascii_only: bool
) -> Grid:
    """One line for the zones, one for the points that give one label; both reach half way to the next."""
    pick = 1 if ascii_only else 0
    zones: list[Cell] = [BLANK] * columns
    labels: list[Cell] = [BLANK] * columns
    at = [column(p.values[field]) for p in points]
    for number, point in enumerate(points):
        first = 0 if number == 0 else (at[number - 1] + at[number] + 1) // 2
        last = columns if number == len(points) - 1 else (at[number] + at[number + 1] + 1) // 2
        for x in range(first, last):
            if point.zone in ZONES:
                style = "trouble" if point.zone is Zone.UNSTABLE else "train" if pick == 0 else "axis"
                zones[x] = (ZONES[point.zone][pick], style)
            if point.one_label:
                labels[x] = (ONE_LABEL[pick], "trouble")
    return [zones, labels]


def _shares(
    points: Sequence[Point],
    field: str,
    column: Callable[[Any], int],
    columns: int,
    rows: int,
    ascii_only: bool,
) -> Grid:
    measured = [(column(p.values[field]), p.measured) for p in points if p.measured is not None]
    # Where there is no number there is no mark.
    accuracy = [(x, m.test_accuracy) for x, m in measured if 0 <= m.test_accuracy <= 1]
    majority = [(x, m.majority_share) for x, m in measured if 0 <= m.majority_share <= 1]
    marks = ("m", "a") if ascii_only else ("▪", "○")
    series = [
        Series([x / max(columns - 1, 1) for x, _ in found], [y for _, y in found], mark, style)
        for found, mark, style in ((majority, marks[0], "class1"), (accuracy, marks[1], "class0"))
    ]
    return draw(columns, rows, series)


def shares_legend(*, ascii_only: bool = False) -> str:
    """What the marks of the curves mean."""
    if ascii_only:
        return "loss: train o  test .   accuracy a  majority share m"
    return "loss: train ●  test ·   accuracy ○  majority share ▪"


def _marks(
    points: Sequence[Point],
    axis: SweepAxis,
    column: Callable[[Any], int],
    current: Any,
    cursor: int | None,
) -> list[Mark]:
    found = []
    if current is not None and _within(axis, current):
        found.append(Mark(column(current), "now"))
    if cursor is not None and cursor < len(points):
        value = axis.values[cursor]
        found.append(Mark(column(value), brief_value(axis.field, value), "threshold"))
    return found


def _within(axis: SweepAxis, value: Any) -> bool:
    if value in axis.values or not axis.numeric:
        return value in axis.values
    return not isinstance(value, str) and bool(min(axis.values) <= value <= max(axis.values))


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
