"""Where the predictions fall, as finished lines: a histogram of p(y = 1), stacked by true class.

plotext does not draw these bars: it has no eighths of a row for one class, no second texture for
the other, and closes bars at bin centres, so that 40 of them on 46 columns leave gaps that are
not in the data. Axes and layout are those of the loss plot.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt
from typing import NamedTuple

from lrtui.tui.plots.axes import Layout, XTick, assemble, lay_out, write_centred
from lrtui.tui.plots.classes import classes_frame, classes_legend, largest_share
from lrtui.tui.plots.lines import Frame, Grid, blank_grid, plain_line
from lrtui.tui.plots.marks import Mark, draw_marks
from lrtui.tui.plots.ticks import Axis, Tick, linear_axis, multiples, round_steps

SOLID = "▁▂▃▄▅▆▇█"
DOTTED = "⣀⣤⣶⣿"
STYLE = ("class0", "class1")
DWARFED = 8  # where the highest bar is this many times the median one, a linear scale hides most
ROOT_WORDS = "square-root scale"  # above the bars, in a row of its own
ROOT_ROWS = 7  # of a plot: in a lower one the scale is linear
WHOLE = (0.0, 1.0)
LABEL = 9  # columns for a label and the gap beside it


class Scale(NamedTuple):
    """The axis of counts, or of shares: what stands at its top, and whether heights are square roots."""

    largest: float
    root: bool = False


def common_scale(
    histograms: Sequence[Sequence[Sequence[int]]],
    names: Sequence[str] = (),
    *,
    columns: int,
    part: tuple[float, float] = WHOLE,
) -> Scale | None:
    """One scale for several histograms, so that their bars can be compared; none for empty ones."""
    if names:
        return Scale(max(map(largest_share, histograms), default=0.0))
    bars = [bar for counts in histograms for bar in bars_of(counts, columns, part)]
    totals = sorted(zeros + ones for zeros, ones in bars if zeros + ones)
    if not totals:
        return None
    return Scale(totals[-1], totals[-1] > DWARFED * totals[(len(totals) - 1) // 2])


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
    part: tuple[float, float] = WHOLE,
    scale: Scale | None = None,
    ascii_only: bool = False,
    empty: str = "",
) -> Frame:
    """Draw predictions on the test part: a histogram of two classes, of more the shares of each.

    The heights of the histogram are square roots where one bin dwarfs another, and a line above then says
    so; the labels are counts in either case.

    Args:
        counts: rows by bin of p(y = 1) from 0 to 1, for true class 0 and for true class 1; of more than
            two classes rows by predicted class, and by true class.
        names: those of more than two classes.
        threshold: from which p(y = 1) on the model predicts 1; no line where it is not known.
        part: the lowest and the highest p(y = 1) in view.
        scale: the axis, where it is not to be that of these counts alone.
        empty: what to say while there is nothing to draw.
    """
    if names:
        top = None if scale is None else scale.largest
        return classes_frame(
            counts, names, columns=width, rows=height, top=top, ascii_only=ascii_only, empty=empty
        )
    layout = lay_out(width, height)
    if scale is None and counts:
        scale = common_scale([counts], columns=layout.columns, part=part)
    root = scale is not None and scale.root and height >= ROOT_ROWS and layout.columns >= len(ROOT_WORDS)
    head: Frame = []
    if root:
        head = [plain_line(" " * layout.gutter + ROOT_WORDS, width, "note")]
        layout = lay_out(width, height - 1)
    canvas = blank_grid(layout.columns, layout.rows)
    x_ticks = _x_ticks(layout.columns, part)
    bars = bars_of(counts, layout.columns, part) if counts and layout.columns else []
    if not canvas or scale is None or not any(map(any, bars)):
        write_centred(canvas, empty if part == WHOLE else "no prediction in view; 0 shows the whole")
        return [*head, *assemble(layout, canvas, {}, x_ticks, ascii_only=ascii_only)]
    axis = _count_axis(int(scale.largest), layout, root=root)
    for column, (zeros, ones) in enumerate(bars):
        height_rows = _rows(axis, zeros + ones, layout.rows, root=root)
        _draw_bar(canvas, column, zeros, ones, height_rows, ascii_only=ascii_only)
    if threshold is not None and part[0] <= threshold <= part[1]:
        column = _column(threshold, part, layout.columns)
        draw_marks(canvas, [Mark(column, "threshold", "threshold")], "|" if ascii_only else "┊")
    y_ticks = {
        layout.rows - max(ceil(_rows(axis, value, layout.rows, root=root) - 1e-9), 1): label
        for value, label in axis.ticks
    }
    return [*head, *assemble(layout, canvas, y_ticks, x_ticks, ascii_only=ascii_only)]


def bars_of(
    counts: Sequence[Sequence[int]], columns: int, part: tuple[float, float] = WHOLE
) -> list[tuple[int, ...]]:
    """The counts of all classes that each column shows."""
    if columns < 1:
        return []
    low, high = part
    return spread(merge_bins(counts, int(columns / (high - low))), columns, part)


def merge_bins(counts: Sequence[Sequence[int]], columns: int) -> list[tuple[int, ...]]:
    """The counts by bin, of all classes; neighbours are added where there are fewer columns than bins."""
    return list(zip(*(merged(line, columns) for line in counts), strict=True))


def merged(counts: Sequence[int], most: int) -> list[int]:
    """At most so many counts: neighbours are added, always equally many, so that equal ones stay equal."""
    bins, most = len(counts), max(most, 1)
    size = next(n for n in range(1, bins + 1) if bins % n == 0 and bins // n <= most)
    return [sum(counts[start : start + size]) for start in range(0, bins, size)]


def spread(
    bins: Sequence[tuple[int, ...]], columns: int, part: tuple[float, float] = WHOLE
) -> list[tuple[int, ...]]:
    """The bin that each column shows: the one under the column's middle."""
    low, high = (round(end * 2 * columns * len(bins)) for end in part)  # whole numbers: ends meet exactly
    middles = (2 * columns * low + (2 * column + 1) * (high - low) for column in range(columns))
    return [bins[middle // (2 * columns) ** 2] for middle in middles]


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


def _x_ticks(columns: int, part: tuple[float, float]) -> list[XTick]:
    """0 … 1 in quarters, in halves where quarters have no room; of a part as many round values as have."""
    if part == WHOLE:
        parts = 4 if columns >= 24 else 2 if columns >= 10 else 1
        return [(min(n * columns // parts, columns - 1), f"{n / parts:g}") for n in range(parts + 1)]
    low, high = part
    step = next(round_steps((high - low) * LABEL / max(columns, 1)))
    return [(_column(value, part, columns), f"{value:g}") for value in multiples(step, low, high)]


def _column(value: float, part: tuple[float, float], columns: int) -> int:
    low, high = part
    return min(int((value - low) / (high - low) * columns), columns - 1)
