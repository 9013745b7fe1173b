"""plotext, the one place that touches it: series of fractions in, a grid of styled cells out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lrtui.tui.plots.lines import Grid, blank_grid

BRAILLE = "braille"
_COLOUR = re.compile(r"\x1b\[(?:38;5;(\d+)|0)m")


class Series(NamedTuple):
    """Points to draw: finite fractions of the canvas, 0 at the left and at the bottom.

    ``marker`` is one character, or ``BRAILLE`` for two by four dots a cell.
    """

    xs: Sequence[float]
    ys: Sequence[float]
    marker: str
    style: str


def placed(places: Iterable[tuple[int, int]], columns: int, rows: int, marker: str, style: str) -> Series:
    """A series of cells or dots, by column and row from the bottom of so many."""
    places = list(places)
    xs = [x / max(columns - 1, 1) for x, _ in places]
    return Series(xs, [y / max(rows - 1, 1) for _, y in places], marker, style)


def draw(columns: int, rows: int, series: Sequence[Series]) -> Grid:
    """Draw series over one another, later ones on top."""
    series = [one for one in series if one.xs]
    if not series or columns < 1 or rows < 1:
        return blank_grid(columns, rows)
    # Imported here: 40 ms that the first frame of the dashboard need not wait for.
    import plotext

    # clear_figure renews all of plotext's state: no plot sees the settings of the one before.
    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plotsize(columns, rows)
    plotext.theme("clear")
    # Axes are not left to plotext: its gutter is as wide as its labels, which would jump
    # between frames and differ between plots, and its ticks have no ASCII form.
    plotext.xaxes(False, False)
    plotext.yaxes(False, False)
    plotext.xfrequency(0)
    plotext.yfrequency(0)
    plotext.xlim(0, 1)
    plotext.ylim(0, 1)
    for number, one in enumerate(series):
        # The colour is but the series' number: it says which series drew a cell.
        plotext.scatter(list(one.xs), list(one.ys), marker=one.marker, color=number)
    return _read(plotext.build(), columns, rows, [one.style for one in series])


def _read(built: str, columns: int, rows: int, styles: Sequence[str]) -> Grid:
    """The cells of what plotext built, with the style of the series that drew each."""
    grid = blank_grid(columns, rows)
    for row, text in enumerate(built.split("\n")[:rows]):
        column, style, position = 0, "", 0
        for found in _COLOUR.finditer(text):
            column = _put(grid[row], column, text[position : found.start()], style)
            style = "" if found[1] is None else styles[int(found[1])]
            position = found.end()
        _put(grid[row], column, text[position:], style)
    return grid


def _put(cells: list[tuple[str, str]], column: int, text: str, style: str) -> int:
    for offset, character in enumerate(text):
        if character != " ":
            cells[column + offset] = (character, style)
    return column + len(text)


def bin_of(fraction: float, bins: int) -> int:
    """The bin in which plotext draws a fraction of an axis."""
    return int(round(0.5 + (bins - 1) * fraction, 8))
