"""A sweep over two fields as a table of shades: darker is a lower loss, readable without colour."""

from __future__ import annotations

from collections.abc import Sequence

from lrtui.core.config import brief_value
from lrtui.core.sweep.plan import Axis
from lrtui.core.sweep.points import Point, best
from lrtui.tui.plots.lines import Frame, Line, Segment
from lrtui.tui.render.numbers import number

SHADES = ("·░▒▓█", ".-=*#")
WAITING, UNSTABLE = (" ", " "), ("×", "x")
BEST, ONE_LABEL = ("◂", "<"), ("▀", "1")
LEAST = 7  # columns of a cell: room for a loss


def heat_legend(*, width: int = 1000, ascii_only: bool = False) -> str:
    """What the shades and marks mean, the most important first and as many as fit into ``width``."""
    low, high = SHADES[ascii_only][-1], SHADES[ascii_only][0]
    found = f"training loss: {low} low  {high} high"
    marks = {"best": BEST, "one label": ONE_LABEL, "not finite": UNSTABLE}
    for words, mark in marks.items():
        part = f"  {mark[ascii_only]} {words}"
        if len(found) + len(part) <= width:
            found += part
    return found


def heat_frame(
    points: Sequence[Point],
    axes: Sequence[Axis],
    *,
    width: int,
    height: int,
    cursor: int | None = None,
    ascii_only: bool = False,
) -> Frame:
    """Draw a grid of two fields, the first down and the second across.

    Each cell has a shade and, where there is room, its loss; the cell under the cursor is in brackets. Of
    a grid that is too large, the part around the cursor is shown.
    """
    down, across = axes
    names = [brief_value(down.field, v) for v in down.values]
    heads = [brief_value(across.field, v) for v in across.values]
    label = max(map(len, names), default=0) + 1
    cell = max(LEAST + 3, max(map(len, heads), default=0) + 3)
    if label + cell * len(heads) > width:
        cell = max(3, min(cell, (width - label) // max(len(heads), 1)))
    columns = max(1, (width - label) // cell)
    rows = max(1, height - 1)
    here = divmod(cursor or 0, len(heads))
    top, left = _window(here[0], rows, len(names)), _window(here[1], columns, len(heads))
    shade = _shades(points, ascii_only)
    top_point = best(points)
    frame: Frame = [_heads(heads[left : left + columns], label, cell)]
    for r in range(top, min(top + rows, len(names))):
        line: list[Segment] = [(f"{names[r]:>{label - 1}} ", "axis")]
        for c in range(left, min(left + columns, len(heads))):
            place = r * len(heads) + c
            text = _cell(points[place], shade[place], cell, points[place] is top_point, ascii_only)
            if place == cursor:
                text = f"[{text[1:-1]}]"
            style = "trouble" if _failed(points[place]) else "threshold" if place == cursor else "train"
            line.append((text, style))
        frame.append(tuple(line))
    return frame


def _window(here: int, room: int, count: int) -> int:
    return max(0, min(here - room // 2, count - room))


def _heads(heads: list[str], label: int, cell: int) -> Line:
    """The values across, each ending where its cell ends; of long ones every second, third and so on."""
    longest = max(map(len, heads), default=0)
    every = -(-(longest + 1) // cell)
    text = " " * label
    for i, head in enumerate(heads):
        end = label + (i + 1) * cell - 1
        if i % every == 0 and len(text) + len(head) < end + 1:
            text = f"{text:<{end - len(head)}}{head}"
    return ((text, "axis"),)


def _failed(point: Point) -> bool:
    return point.measured is not None and point.loss is None


def _shades(points: Sequence[Point], ascii_only: bool) -> list[str]:
    """Shades by rank: losses of a sweep lie orders of magnitude apart."""
    marks = SHADES[ascii_only]
    ranked = sorted({p.loss for p in points if p.loss is not None}, reverse=True)
    place = {loss: i for i, loss in enumerate(ranked)}
    found = []
    for point in points:
        if _failed(point):
            found.append(UNSTABLE[ascii_only])
        elif point.loss is None:
            found.append(WAITING[ascii_only])
        else:
            share = place[point.loss] / max(len(ranked) - 1, 1)
            found.append(marks[round(share * (len(marks) - 1))])
    return found


def _cell(point: Point, shade: str, width: int, is_best: bool, ascii_only: bool) -> str:
    """Shade, loss where there is room, and a mark; a blank at either end for the cursor's brackets."""
    mark = BEST[ascii_only] if is_best else ONE_LABEL[ascii_only] if point.one_label else " "
    if width < LEAST + 3:
        return f" {shade * max(1, width - 3)}{mark} "[: width - 1] + " "
    loss = "inf" if _failed(point) else "" if point.loss is None else number(point.loss)
    return f" {shade}{loss:>{width - 4}}{mark} "
