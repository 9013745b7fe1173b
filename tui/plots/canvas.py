"""plotext's canvas as a grid of styled cells: axes, ticks and curves in, finished lines out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

Segment = tuple[str, str]  # text, style
Line = tuple[Segment, ...]
Frame = list[Line]
Cell = tuple[str, str]

GUTTER = 7  # columns for the labels of the y axis, the axis among them: the same in every plot
STYLES = ("axis", "train", "test", "class0", "class1", "threshold", "mark", "text")
_COLOURS = {style: number for number, style in enumerate(STYLES, start=1)}
_SGR = re.compile(r"\x1b\[([0-9;]*)m")
_ASCII = str.maketrans("┤│└┬─┘┐┌├┴", "||+---+++-")


@dataclass(frozen=True)
class Series:
    """Points to draw, joined where ``joined``; x and y must be finite."""

    style: str
    x: Sequence[float]
    y: Sequence[float]
    marker: str
    joined: bool


@dataclass(frozen=True)
class Axis:
    """The ends of an axis, and its ticks with their labels."""

    low: float
    high: float
    ticks: Sequence[float]
    labels: Sequence[str]


class Grid:
    """Cells of a drawn plot; the plot is what stands right of the y axis and above the x axis."""

    def __init__(self, rows: list[list[Cell]], width: int) -> None:
        self._rows = rows
        self.width = width

    @property
    def plot_width(self) -> int:
        """Columns to the right of the y axis."""
        return max(0, self.width - GUTTER)

    @property
    def plot_height(self) -> int:
        """Rows above the x axis."""
        return max(0, len(self._rows) - 2)

    def put(self, column: int, row: int, character: str, style: str) -> None:
        """Write one cell of the plot; ``row`` counts from the top."""
        if 0 <= column < self.plot_width and 0 <= row < self.plot_height:
            self._rows[row][GUTTER + column] = (character, style)

    def blank(self, column: int, row: int, length: int = 1) -> bool:
        """Whether nothing is drawn on these cells of the plot."""
        if column < 0 or column + length > self.plot_width:
            return False
        cells = self._rows[row][GUTTER + column : GUTTER + column + length]
        return all(character == " " for character, _ in cells)

    def write(self, column: int, row: int, text: str, style: str) -> None:
        """Write text on the plot."""
        for offset, character in enumerate(text):
            self.put(column + offset, row, character, style)

    def centre(self, text: str) -> None:
        """Write a text in the middle, where it fits."""
        if len(text) <= self.plot_width:
            self.write((self.plot_width - len(text)) // 2, self.plot_height // 2, text, "text")

    def frame(self) -> Frame:
        """The finished lines."""
        return [
            tuple(
                ("".join(c for c, _ in run), style)
                for style, run in ((s, list(g)) for s, g in groupby(row, key=lambda cell: cell[1]))
            )
            for row in self._rows
        ]


def draw(series: Sequence[Series], x: Axis, y: Axis, *, width: int, height: int, ascii_only: bool) -> Grid:
    """Axes and series, drawn by plotext into a grid of exactly this size."""
    import plotext  # only once there is something to draw: it is on the way to the first screen

    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plotsize(width, height)
    for one in series:
        points = plotext.plot if one.joined else plotext.scatter
        points(list(one.x), list(one.y), marker=one.marker, color=_COLOURS[one.style])
    if not any(one.x for one in series):
        plotext.scatter([x.low], [y.low], marker=" ")
    plotext.xlim(x.low, x.high)
    plotext.ylim(y.low, y.high)
    plotext.xticks(list(x.ticks), list(x.labels))
    plotext.yticks(list(y.ticks), [label.rjust(GUTTER - 1)[-GUTTER + 1 :] for label in y.labels])
    plotext.frame(False)
    plotext.xaxes(True, False)
    plotext.yaxes(True, False)
    plotext.ticks_color(_COLOURS["axis"])
    plotext.axes_color("default")
    text = plotext.build()
    rows = [_cells(line, width, ascii_only) for line in text.split("\n")][:height]
    rows += [[(" ", "")] * width for _ in range(height - len(rows))]
    return Grid(rows, width)


def _cells(line: str, width: int, ascii_only: bool) -> list[Cell]:
    """The cells of one built line: plotext's colour codes become style names."""
    cells: list[Cell] = []
    style, position = "", 0
    for code in _SGR.finditer(line):
        cells += [(c, style) for c in line[position : code.start()]]
        position = code.end()
        number = code.group(1).rpartition(";")[2]
        index = int(number) if number.isdigit() and code.group(1).startswith("38;5;") else 0
        style = STYLES[index - 1] if 1 <= index <= len(STYLES) else ""
    cells += [(c, style) for c in line[position:]]
    if ascii_only:
        cells = [(c.translate(_ASCII), s) for c, s in cells]
    cells = [(c, "" if c == " " else s) for c, s in cells[:width]]
    return cells + [(" ", "")] * (width - len(cells))
