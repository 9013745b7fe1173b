"""Where the predictions fall, as finished lines: a histogram of p(y = 1), stacked by true class.

plotext does not draw these bars: it has no eighths of a row for one class, no second texture for
the other, and closes bars at bin centres, so that 40 of them on 46 columns leave gaps that are
not in the data. Axes and layout are those of the loss plot.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt

from lrtui.tui.plots.axes import Layout, XTick, assemble, lay_out, write_centred
from lrtui.tui.plots.classes import classes_frame, classes_legend
from lrtui.tui.plots.lines import Frame, Grid, blank_grid
from lrtui.tui.plots.marks import Mark, draw_marks
from lrtui.tui.plots.ticks import Axis, Tick, linear_axis, round_steps

SOLID = "▁▂▃▄▅▆▇█"
DOTTED = "⣀⣤⣶⣿"
STYLE = ("class0", "class1")
DWARFED = 8  # where the highest bar is this many times the median one, a linear scale hides most


def predictions_legend(names: Sequence[str] = (), *, ascii_only: bool = False) -> str:
    """What the textures mean, for the border: ``class 0 ⣿  class 1 █``; ``names`` as of the frame."""
    if names:
        return classes_legend(ascii_only=ascii_only)
    return "class 0 :  class 1 #" if ascii_only else "class 0 ⣿  class 1 █"


def predictions_frame(
    counts: Sequence[Sequence[int]] | None,
    names: Sequence[str] = (),
    *,
    width: int,
    height: int,
    threshold: float | None = 0.5,
    ascii_only: bool = False,
    empty: str = "",
) -> Frame:
    """Draw predictions on the test part: a histogram of two classes, of more the shares of each.

    The y axis of the histogram is the square root where one bin dwarfs another, and the corner then says
    so; the labels are counts in either case.

    Args:
        counts: rows by bin of p(y = 1) from 0 to 1, for true class 0 and for true class 1; of more than
            two classes rows by predicted class, and by true class.
        names: those of more than two classes.
        threshold: from which p(y = 1) on the model predicts 1; no line where it is not known.
        empty: what to say while there is nothing to draw.
    """
    if names:
        return classes_frame(counts, names, columns=width, rows=height, ascii_only=ascii_only, empty=empty)
    layout = lay_out(width, height)
    canvas = blank_grid(layout.columns, layout.rows)
    x_ticks = _x_ticks(layout.columns)
    if not (canvas and layout.columns and counts and any(map(any, counts))):
        write_centred(canvas, empty)
        return assemble(layout, canvas, {}, x_ticks, ascii_only=ascii_only)
    bars = spread(merge_bins(counts, layout.columns), layout.columns)
    totals = [zeros + ones for zeros, ones in bars if zeros + ones]
    root = max(totals) > DWARFED * sorted(totals)[(len(totals) - 1) // 2]
    axis = _count_axis(max(totals), layout, root=root)
    for column, (zeros, ones) in enumerate(bars):
        height_rows = _rows(axis, zeros + ones, layout.rows, root=root)
        _draw_bar(canvas, column, zeros, ones, height_rows, ascii_only=ascii_only)
    if threshold is not None and 0 <= threshold <= 1:
        column = min(int(threshold * layout.columns), layout.columns - 1)
        draw_marks(canvas, [Mark(column, "", "threshold")], "|" if ascii_only else "┊")
    y_ticks = {
        layout.rows - max(ceil(_rows(axis, value, layout.rows, root=root) - 1e-9), 1): label
        for value, label in axis.ticks
    }
    note = ("sqrt" if ascii_only else "√") if root else ""
    return assemble(layout, canvas, y_ticks, x_ticks, ascii_only=ascii_only, corner_note=note)


def merge_bins(counts: Sequence[Sequence[int]], columns: int) -> list[tuple[int, ...]]:
    """The counts by bin, of all classes; neighbours are added where there are fewer columns than bins."""
    return list(zip(*(merged(line, columns) for line in counts), strict=True))


def merged(counts: Sequence[int], most: int) -> list[int]:
    """At most so many counts: neighbours are added, always equally many, so that equal ones stay equal."""
    bins, most = len(counts), max(most, 1)
    size = next(n for n in range(1, bins + 1) if bins % n == 0 and bins // n <= most)
    return [sum(counts[start : start + size]) for start in range(0, bins, size)]


def spread(bins: Sequence[tuple[int, ...]], columns: int) -> list[tuple[int, ...]]:
    """The bin that each column shows: the one under the column's middle."""
    return [bins[(2 * column + 1) * len(bins) // (2 * columns)] for column in range(columns)]


def _count_axis(largest: int, layout: Layout, *, root: bool) -> Axis:
    """Ticks at round counts; a square-root axis has them at round parts of its height."""
    if not root:
        return linear_axis(0, largest, layout.rows, layout.room, least_step=1)
    ticks: list[Tick] = [(0.0, "0")]
    wanted = max(2, layout.rows // 2)
    for part in range(1, wanted + 1):
        ideal = largest * (part / wanted) ** 2
        value = _round_below(ideal) if ideal >= 1 else 0.0
        label = count_label(int(value))
        gap = sqrt(value / largest) - sqrt(ticks[-1][0] / largest)
        if value > ticks[-1][0] and gap * layout.rows >= 1 and len(label) <= layout.room:
            ticks.append((value, label))
    return Axis(0.0, float(largest), tuple(ticks))


def count_label(count: int) -> str:
    """A round count: ``200``, ``5k``, ``1M``."""
    for unit, letter in ((10**9, "G"), (10**6, "M"), (1000, "k")):
        if count >= unit and count % unit == 0:
            return f"{count // unit}{letter}"
    return str(count)


def _round_below(value: float) -> float:
    """The largest of 1, 2, 5, 10, 20, 50 … that is at most ``value``."""
    steps = round_steps(value / 10)
    return max(step for step, _ in zip(steps, range(4), strict=False) if step <= value)


def _rows(axis: Axis, value: float, rows: int, *, root: bool) -> float:
    """How many rows high a count is."""
    share = value / axis.high
    return rows * (sqrt(share) if root else share)


def _draw_bar(canvas: Grid, column: int, zeros: int, ones: int, height: float, *, ascii_only: bool) -> None:
    """Class 1 from the bottom, class 0 on it; of each that is there, something is seen."""
    if not zeros + ones:
        return
    cells = max(ceil(height - 1e-9), 1)
    if zeros and ones and cells == 1:
        _fill(canvas, column, 0, 1, "%" if ascii_only else "▒", "both")
        return
    if not zeros:
        boundary = cells
    else:
        boundary = min(max(round(height * ones / (zeros + ones)), 1 if ones else 0), cells - 1)
    _fill(canvas, column, 0, boundary, "#" if ascii_only else "█", "class1")
    _fill(canvas, column, boundary, cells, ":" if ascii_only else "⣿", "class0")
    if not ascii_only:
        ramp = DOTTED if zeros else SOLID
        part = height - (cells - 1)
        top = ramp[min(max(round(part * len(ramp)), 1), len(ramp)) - 1]
        _fill(canvas, column, cells - 1, cells, top, STYLE[0 if zeros else 1])


def _fill(canvas: Grid, column: int, low: int, high: int, text: str, style: str) -> None:
    """Fill rows counted from the bottom."""
    for row in range(low, min(high, len(canvas))):
        canvas[len(canvas) - 1 - row][column] = (text, style)


def _x_ticks(columns: int) -> list[XTick]:
    """0 … 1 in quarters, in halves where quarters have no room."""
    parts = 4 if columns >= 24 else 2 if columns >= 10 else 1
    return [(min(n * columns // parts, columns - 1), f"{n / parts:g}") for n in range(parts + 1)]
