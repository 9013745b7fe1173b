"""A sweep over two fields as a table of shades: darker is a lower loss, readable without colour."""

from __future__ import annotations

from collections.abc import Sequence

from lrtui.core.config import format_value
from lrtui.core.sweep.plan import Axis
from lrtui.core.sweep.points import Point, best
from lrtui.tui.plots.lines import Frame, Line, Segment
from lrtui.tui.text import number

SHADES = ("·░▒▓█", ".-=*#")
WAITING, UNSTABLE = (" ", " "), ("×", "x")
LEAST = 7  # columns of a cell: room for a loss


def heat_legend(*, ascii_only: bool = False) -> str:
    """What the shades mean."""
    low, high = SHADES[ascii_only][-1], SHADES[ascii_only][0]
    star = "<" if ascii_only else "◂"
    return f"training loss: {low} low  {high} high  {UNSTABLE[ascii_only]} not finite  {star} best"


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
    names = [format_value(down.field, v) or "as init" for v in down.values]
    heads = [format_value(across.field, v) or "as init" for v in across.values]
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
    line: list[Segment] = [(" " * label, "axis")]
    skip = 1 if max(map(len, heads), default=0) < cell else 2
    for i, head in enumerate(heads):
        shown = head if i % skip == 0 and len(head) < cell * skip else ""
        line.append((f"{shown[: cell - 1]:>{cell - 1}} ", "axis"))
    return tuple(line)


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
    star = ("<" if ascii_only else "◂") if is_best else " "
    if width < LEAST + 3:
        return f"{shade * (width - 2)}{star} "[:width].rjust(width)
    loss = "inf" if _failed(point) else "" if point.loss is None else number(point.loss)
    return f" {shade}{loss:>{width - 4}}{star} "
