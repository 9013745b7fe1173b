"""Loss over the epochs as finished lines: training as a line, test as dots, changes as marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite

from lrtui.tui.plots.axes import Layout, assemble, lay_out, write_centred
from lrtui.tui.plots.canvas import BRAILLE, Series, bin_of, draw, placed
from lrtui.tui.plots.curve import Curve
from lrtui.tui.plots.epochs import View, axis_end, column_of, extremes, extremes_of, row_of
from lrtui.tui.plots.lines import Frame, blank_grid
from lrtui.tui.plots.marks import Mark, draw_marks
from lrtui.tui.plots.path import Spans, line_series, on_axis
from lrtui.tui.plots.ticks import Axis, epoch_ticks, linear_axis, log_axis

COLUMN_LABELS = 3  # of changes within one column: the newest ones
TEST_PACE = 3  # test dots are at least so many columns apart, so that the line shows between them


def loss_legend(*, ascii_only: bool = False, ghosts: bool = False, tested: bool = True) -> str:
    """What the marks mean, for the border: ``train ⠒  test •``."""
    train, test, ghost = ("*", ".", ",") if ascii_only else ("⠒⠒", "•", "⠂")
    shown = f"train {train}" + (f"  test {test}" if tested else "")
    return shown + (f"  before {ghost}" if ghosts else "")


def loss_frame(
    train: Curve,
    test: Sequence[tuple[int, float]],
    *,
    width: int,
    height: int,
    total_epochs: int,
    log: bool = False,
    marks: Sequence[tuple[int, str]] = (),
    ghosts: Sequence[Curve] = (),
    part: View | None = None,
    ascii_only: bool = False,
    empty: str = "",
) -> Frame:
    """Draw losses.

    Args:
        train: the training loss.
        test: epochs and test losses, in order; what is not finite is left out.
        total_epochs: where the run will end. The x axis ends there as soon as the curve can be
            seen on it, and at a round number nearer by before.
        log: whether the y axis is logarithmic; values that are not positive are left out.
        marks: epochs at which something changed, with a short label each.
        ghosts: dimmed curves behind, of other runs.
        part: the first and the last epoch in view, to whose losses the y axis then fits.
        empty: what to say while there is nothing to draw.
    """
    layout = lay_out(width, height)
    last = max([train.last_epoch, *(epoch for epoch, _ in test), *(g.last_epoch for g in ghosts)])
    view = part or (0, axis_end(last, total_epochs, layout.columns))
    points = [(epoch, value) for epoch, value in test if isfinite(value) and _in_view(epoch, view)]
    x_ticks = [
        (column_of(value, view, layout.columns), label)
        for value, label in epoch_ticks(view[1], layout.columns, view[0])
    ]
    slots = layout.columns * (1 if ascii_only else 2)
    behind = [ghost.spans(view[1], layout.columns, view[0]) for ghost in ghosts]
    line = train.spans(view[1], slots, view[0])
    if part is None:
        found = extremes([train, *ghosts], points, log=log)
    else:
        found = extremes_of([line, *behind], points, log=log)
    if found is None:
        canvas = blank_grid(layout.columns, layout.rows)
        write_centred(canvas, _why_empty(train, points, empty, part))
        return assemble(layout, canvas, {}, x_ticks, ascii_only=ascii_only)
    axis = (log_axis if log else linear_axis)(*found, layout.rows, layout.room)
    series = [
        *(_dotted(spans, layout, axis, ascii_only) for spans in behind),
        *line_series(line, layout.columns, layout.rows, axis, ascii_only),
        _dots(_test_spans(points, view, layout), layout, axis, ascii_only),
    ]
    canvas = draw(layout.columns, layout.rows, series)
    draw_marks(canvas, _marks(train, marks, view, layout.columns), "|" if ascii_only else "╎")
    y_ticks = {row_of(axis, value, layout.rows, ascii_only): label for value, label in axis.ticks}
    return assemble(layout, canvas, y_ticks, x_ticks, ascii_only=ascii_only)


def _in_view(epoch: int, view: View) -> bool:
    """Of a whole axis the last epochs may lie beyond its end: they count in the last column."""
    return view[0] <= epoch and (not view[0] or epoch <= view[1])


def _test_spans(points: Iterable[tuple[int, float]], view: View, layout: Layout) -> Spans:
    """The test points, so far apart that they stay dots; between dots the extremes are kept."""
    spans: Spans = []
    group = -1
    for epoch, value in points:
        slot = column_of(epoch, view, layout.columns)
        if spans and slot // TEST_PACE == group:
            at, lowest, highest = spans[-1]
            spans[-1] = (at, min(lowest, value), max(highest, value))
        else:
            spans.append((slot, value, value))
            group = slot // TEST_PACE
    return spans


def _dots(spans: Spans, layout: Layout, axis: Axis, ascii_only: bool) -> Series:
    """One dot a slot, or two where the values lie rows apart."""
    places: dict[tuple[int, int], None] = {}
    for slot, *found in on_axis(spans, axis):
        for y in found:
            # The cell of the line's dot, not the nearest row: equal values share a cell.
            row = bin_of(y, layout.rows) if ascii_only else bin_of(y, 4 * layout.rows) // 4
            places[slot, row] = None
    return placed(places, layout.columns, layout.rows, "." if ascii_only else "•", "test")


def _dotted(spans: Spans, layout: Layout, axis: Axis, ascii_only: bool) -> Series:
    """A curve behind: one small dot a column at the middle of its range, never joined."""
    found = list(on_axis(spans, axis))
    xs, ys = [slot / max(layout.columns - 1, 1) for slot, _, _ in found], [(a + b) / 2 for _, a, b in found]
    return Series(xs, ys, "," if ascii_only else BRAILLE, "ghost")


def _marks(train: Curve, marks: Sequence[tuple[int, str]], view: View, columns: int) -> list[Mark]:
    labels: dict[int, list[str]] = {}
    for epoch, label in marks:
        if view[0] <= epoch <= view[1]:
            labels.setdefault(column_of(epoch, view, columns), []).append(label)
    found = [
        Mark(column, label) for column, here in labels.items() for label in reversed(here[-COLUMN_LABELS:])
    ]
    if train.first_nonfinite is not None and _in_view(train.first_nonfinite, view):
        column = column_of(train.first_nonfinite, view, columns)
        found.append(Mark(column, "not finite", "trouble"))
    return found


def _why_empty(train: Curve, points: Sequence[tuple[int, float]], empty: str, part: View | None) -> str:
    if part is not None and train:
        return "no loss in view; 0 shows the whole"
    if train or points:
        return "no loss above 0: nothing to show on a log scale"
    if train.first_nonfinite is not None:
        return f"the loss is not finite from epoch {train.first_nonfinite:,} on"
    return empty
