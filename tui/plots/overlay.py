"""Loss curves of several runs in one plot, each with its letter, so that no colour is needed."""

from __future__ import annotations

from collections.abc import Sequence

from lrtui.tui.plots.axes import assemble, lay_out, write_centred
from lrtui.tui.plots.canvas import draw
from lrtui.tui.plots.curve import Curve
from lrtui.tui.plots.epochs import axis_end, column_of, extremes, row_of
from lrtui.tui.plots.lines import Frame, Grid, blank_grid, write
from lrtui.tui.plots.path import Spans, line_series
from lrtui.tui.plots.ticks import Axis, epoch_ticks, linear_axis, log_axis
from lrtui.tui.render.comparison import LETTERS

STYLES = ("train", "test")  # by turns: what tells runs apart are the letters
PACE = 5  # columns between two letters, of whichever runs


def overlay_frame(
    curves: Sequence[Curve], *, width: int, height: int, log: bool = False, ascii_only: bool = False
) -> Frame:
    """Draw training losses, at most as many as there are ``LETTERS``; the first gets ``A``.

    The x axis ends with the longest. With ``log`` values that are not positive are left out.
    """
    layout = lay_out(width, height)
    last = max((curve.last_epoch for curve in curves), default=0)
    view = (0, axis_end(last, last, layout.columns))
    x_ticks = [
        (column_of(value, view, layout.columns), label)
        for value, label in epoch_ticks(view[1], layout.columns)
    ]
    found = extremes(curves, (), log=log)
    if found is None:
        canvas = blank_grid(layout.columns, layout.rows)
        write_centred(canvas, "no loss above 0 on a log scale" if any(curves) else "no loss to show")
        return assemble(layout, canvas, {}, x_ticks, ascii_only=ascii_only)
    axis = (log_axis if log else linear_axis)(*found, layout.rows, layout.room)
    slots = layout.columns * (1 if ascii_only else 2)
    series = [
        one
        for number, curve in enumerate(curves)
        for one in line_series(
            curve.spans(view[1], slots), layout.columns, layout.rows, axis, ascii_only,
            STYLES[number % len(STYLES)],
        )
    ]  # fmt: skip
    canvas = draw(layout.columns, layout.rows, series)
    for number, curve in enumerate(curves):
        _letter(canvas, number, len(curves), curve.spans(view[1], layout.columns), axis, ascii_only)
    y_ticks = {row_of(axis, value, layout.rows, ascii_only): label for value, label in axis.ticks}
    return assemble(layout, canvas, y_ticks, x_ticks, ascii_only=ascii_only)


def _letter(canvas: Grid, number: int, of: int, spans: Spans, axis: Axis, ascii_only: bool) -> None:
    """Write a run's letter along its line: where lines lie on one another the letters take turns."""
    seen = [(slot, (low + high) / 2) for slot, low, high in spans]
    seen = [(slot, value) for slot, value in seen if axis.fraction(value) is not None]
    if not seen:
        return
    last, taken = seen[-1][0], set[int]()
    for wanted in range(PACE * (number + 1), last + PACE, PACE * of) or (last,):
        column, value = min(seen, key=lambda place: abs(place[0] - wanted))
        if column not in taken:
            row = row_of(axis, value, len(canvas), ascii_only)
            write(canvas, row, column, LETTERS[number], "both")
            taken.add(column)
