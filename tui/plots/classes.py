"""What is predicted, class by class, as finished lines: a bar for that share, a mark for the true one.

For more than two classes, where there is no p(y = 1) to draw a histogram of.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lrtui.datasets.text import safe, width
from lrtui.tui.plots.axes import write_centred
from lrtui.tui.plots.lines import Frame, Line, blank_grid, join_cells
from lrtui.tui.render.glyphs import in_ascii
from lrtui.tui.render.numbers import share
from lrtui.tui.render.wrapping import fit, pad

LONGEST = 16  # columns of a name
NUMBERS = 16  # columns of `` 99.9 % / 99.9 %``
LEAST_BAR = 4
COLUMN = 36  # columns for a list of classes beside another
GAP = 2


class _Class(NamedTuple):
    """A class: its name, and the shares of rows that are predicted to be of it and that are."""

    name: str
    predicted: float
    actual: float


def classes_legend(*, ascii_only: bool = False) -> str:
    """What the marks mean, for the border: ``predicted █  true ┃``."""
    return "predicted #  true |" if ascii_only else "predicted █  true ┃"


def classes_frame(
    counts: Sequence[Sequence[int]] | None,
    names: Sequence[str],
    *,
    columns: int,
    rows: int,
    top: float | None = None,
    ascii_only: bool = False,
    empty: str = "",
) -> Frame:
    """Draw the shares in ``rows`` lines of ``columns`` columns each.

    Classes stand in their own order where all find room; otherwise the largest come first, and the last
    line says how many more there are.

    Args:
        counts: rows by predicted class, and by true class.
        top: the share at the end of the bars, where it is not to be the largest of these.
        names: of the classes; whatever they hold is shown harmlessly.
        empty: what to say while there is nothing to draw.
    """
    if columns < 1 or rows < 1:
        return [() for _ in range(max(rows, 0))]
    if counts is None or not sum(counts[1]):
        canvas = blank_grid(columns, rows)
        write_centred(canvas, empty)
        return [join_cells(cells) for cells in canvas]
    total = sum(counts[1])
    found = [
        _Class(_shown(name, ascii_only), said / total, have / total)
        for name, said, have in zip(names, *counts, strict=True)
    ]
    lists = max(1, min((columns + GAP) // (COLUMN + GAP), -(-len(found) // rows)))
    room, more = rows * lists, 0
    if len(found) > room:
        found.sort(key=lambda one: -max(one.predicted, one.actual))  # stable: equals keep their order
        more = len(found) - room + 1
        found = found[: room - 1]
    each = (columns - GAP * (lists - 1)) // lists
    longest = min(max(width(one.name) for one in found), LONGEST) if found else 0
    top = largest_share(counts) if top is None else top
    drawn = [_row(one, each, longest, top, ascii_only=ascii_only) for one in found]
    if more:
        words = fit(f" and {more:,} more", each, "..." if ascii_only else "…")
        drawn.append(((pad(words, each), "note"),))
    return [_beside(drawn[row::rows], each, columns) for row in range(rows)]


def largest_share(counts: Sequence[Sequence[int]]) -> float:
    """The largest share of rows that is of a class or predicted to be."""
    total = sum(counts[1])
    return max(map(max, counts)) / total if total else 0.0


def _shown(name: str, ascii_only: bool) -> str:
    found = safe(name, LONGEST)
    return fit(in_ascii(found), LONGEST, "...") if ascii_only else found


def _row(one: _Class, columns: int, longest: int, top: float, *, ascii_only: bool) -> Line:
    """``setosa  ██████┃██      35 % / 33 %``, as much of it as there is room for."""
    numbers = f"{share(one.predicted):>7} / {share(one.actual):>6}"
    if columns < longest + NUMBERS + 2:
        numbers = f"{share(one.predicted):>7}"
    bar = columns - longest - len(numbers) - 3
    if bar < LEAST_BAR:
        longest = max(min(longest, columns - len(numbers) - 1), 1)
        bar = 0
    ellipsis = "..." if ascii_only else "…"
    name = pad(fit(one.name, longest, ellipsis), longest)
    if not bar:
        text = fit(f" {name}{numbers}", columns, ellipsis)
        return ((pad(text, columns), ""),)
    cells = _bar(one, bar, top, ascii_only=ascii_only)
    line: Line = ((f" {name} ", ""), *cells)
    return (*line, (pad(numbers, columns - longest - 2 - bar), ""))


def _bar(one: _Class, columns: int, top: float, *, ascii_only: bool) -> Line:
    """The predicted share as a bar, and the true one as a mark that is seen on it and beside it."""
    fill, mark = ("#", "|") if ascii_only else ("█", "┃")
    full = round(columns * one.predicted / top) if top else 0
    if one.predicted and not full:
        full = 1
    place = min(round(columns * one.actual / top), columns - 1) if top else 0
    cells = [(fill, "class1") if column < full else (" ", "") for column in range(columns)]
    cells[place] = (mark, "threshold")
    return join_cells(cells)


def _beside(parts: Sequence[Line], each: int, columns: int) -> Line:
    """The lines of the lists that stand side by side, as one."""
    line: Line = ()
    for number, part in enumerate(parts):
        line += (((" " * GAP, ""),) if number else ()) + part
    used = len(parts) * each + GAP * max(len(parts) - 1, 0)
    return (*line, (" " * (columns - used), "")) if columns > used else line
