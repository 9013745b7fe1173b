"""The axes of curves over epochs: how far they reach, and where on them a value lies."""

from __future__ import annotations

from collections.abc import Sequence

from lrtui.tui.plots.canvas import bin_of
from lrtui.tui.plots.curve import Curve
from lrtui.tui.plots.path import Spans
from lrtui.tui.plots.ticks import Axis, round_up

View = tuple[int, int]
"""The first and the last epoch on the x axis."""


def extremes(
    curves: Sequence[Curve], points: Sequence[tuple[int, float]], *, log: bool
) -> tuple[float, float] | None:
    """The lowest and the highest of whole curves and of points."""
    values = [value for _, value in points]
    for curve in curves:
        values += curve.extremes() or ()
        least = curve.least_positive() if log else None
        values += () if least is None else (least,)
    if log:
        values = [value for value in values if value > 0]
    return (min(values), max(values)) if values else None


def extremes_of(
    lines: Sequence[Spans], points: Sequence[tuple[int, float]], *, log: bool
) -> tuple[float, float] | None:
    """The lowest and the highest of what is in view."""
    values = [value for _, value in points]
    values += [value for spans in lines for _, *ends in spans for value in ends]
    values = [value for value in values if value > 0 or not log]
    return (min(values), max(values)) if values else None


def axis_end(last: int, total: int, columns: int) -> int:
    """The last epoch of the x axis.

    A long run would be a dot at the left for a long time, so its axis grows in round steps first.
    """
    if last >= total or total <= 8 * columns:
        return max(last, total, 1)
    return min(total, round_up(max(last, 2 * columns)))


def column_of(epoch: float, view: View, columns: int) -> int:
    """The column of an epoch."""
    first, last = view
    return min(bin_of((epoch - first) / max(last - first, 1), 2 * columns) // 2, columns - 1)


def row_of(axis: Axis, value: float, rows: int, ascii_only: bool) -> int:
    """The row, from the top, in which the line passes a value."""
    down = 1 if ascii_only else 4
    return rows - 1 - bin_of(axis.fraction(value) or 0.0, down * rows) // down
