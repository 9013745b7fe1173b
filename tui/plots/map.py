"""What is predicted over two axes, as finished lines: marks for shades, letters for the rows' classes."""

from __future__ import annotations

from collections.abc import Sequence

from lrtui.core.inside.record import Map, Point
from lrtui.tui.plots.axes import assemble, lay_out
from lrtui.tui.plots.lines import Frame, Grid, one_column_each
from lrtui.tui.plots.ticks import linear_axis
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.wrapping import fit

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LABEL, ROOM = 5, 7  # columns for a label of the x axis, as many between two; and of one, at most
STYLES = ("class0", "class1")
NAME = 12  # columns of a name in the legend


def letter(class_: int) -> str:
    """By what the rows of a class are drawn."""
    return LETTERS[class_] if class_ < len(LETTERS) else "*"


def map_frame(found: Map, *, width: int, height: int, ascii_only: bool = False) -> Frame:
    """Draw it: what is predicted in each cell, and over it the rows."""
    layout = lay_out(width, height)
    rows, columns = layout.rows, layout.columns
    canvas: Grid = [
        [(_cell(found.cells, row, rows, column, columns), "axis") for column in range(columns)]
        for row in range(rows)
    ]
    for spot in found.spots:
        across, up = _share(spot.x, found.x_range), _share(spot.y, found.y_range)
        if 0 <= across <= 1 and 0 <= up <= 1:
            row, column = rows - 1 - round(up * (rows - 1)), round(across * (columns - 1))
            canvas[row][column] = (letter(spot.class_), STYLES[spot.class_ % 2])
    x_ticks = [
        (round(at * (columns - 1)), name)
        for at, name in _ticks(found.x_range, found.x_names, columns // LABEL, ROOM)
    ]
    y_ticks = {
        rows - 1 - round(at * (rows - 1)): name
        for at, name in _ticks(found.y_range, found.y_names, rows, layout.room)
    }
    return assemble(layout, canvas, y_ticks, x_ticks, ascii_only=ascii_only)


def map_legend(found: Map, glyphs: Glyphs) -> str:
    """``A setosa  B virginica``, and what the shades mean."""
    present = sorted({spot.class_ for spot in found.spots})
    rows = [f"{letter(number)} {fit(glyphs.safe(found.classes[number], NAME), NAME)}" for number in present]
    shades = [
        f"{mark if mark.strip() else 'blank'} {glyphs.safe(words, 2 * NAME)}"
        for mark, words in found.shades
    ]
    return "  ".join([*rows, *shades])


def _cell(cells: Sequence[str], row: int, rows: int, column: int, columns: int) -> str:
    """The nearest of the cells that were computed."""
    line = cells[min((2 * row + 1) * len(cells) // (2 * rows), len(cells) - 1)]
    return line[min((2 * column + 1) * len(line) // (2 * columns), len(line) - 1)]


def _share(value: float, ends: Point) -> float:
    low, high = ends
    return (value - low) / (high - low) if high > low else 0.5


def _ticks(ends: Point, names: Sequence[str], most: int, room: int) -> list[tuple[float, str]]:
    """Shares of an axis and their labels: the names of levels, or round numbers."""
    if names:
        every = -(-len(names) // max(most, 1))
        return [
            (_share(i, ends), one_column_each(fit(names[i], room, ".")))
            for i in range(0, len(names), every)
        ]
    axis = linear_axis(*ends, max(most, 2), room)
    return [(share, label) for at, label in axis.ticks if 0 <= (share := _share(at, ends)) <= 1]
