"""The type of finished lines: what a plot is made into, and what the widget shows."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len

Segment = tuple[str, str]
"""A text and the name of its style."""

Line = tuple[Segment, ...]
"""One row of a plot. Equal rows are equal tuples, so a comparison tells whether to repaint."""

Frame = list[Line]
"""A whole plot, its rows from top to bottom: ``height`` lines of ``width`` columns."""

Cell = tuple[str, str]
"""One character and the name of its style."""

Grid = list[list[Cell]]
"""Cells by row (from the top) and column."""

STYLES = (
    "axis",
    "train",
    "test",
    "ghost",
    "class0",
    "class1",
    "both",
    "threshold",
    "mark",
    "trouble",
    "note",
)
"""The names of all styles; the empty name is the terminal's own."""

BLANK: Cell = (" ", "")


def blank_grid(columns: int, rows: int) -> Grid:
    """A grid of spaces."""
    return [[BLANK] * columns for _ in range(rows)]


def join_cells(cells: Iterable[Cell]) -> Line:
    """The cells of a row as a line: neighbours of one style are one segment.

    A blank takes the style to its left, where it cannot be seen: each change of style costs the
    terminal some 40 bytes, more than a dozen cells, and dotted curves would be mostly such changes.
    """
    found: list[tuple[str, str]] = []
    for text, style in cells:
        if found and (text == " " or style == found[-1][1]):
            found[-1] = (found[-1][0] + text, found[-1][1])
        else:
            found.append((text, style))
    return tuple(found)


def plain_line(text: str, columns: int, style: str) -> Line:
    """A text in one style, as wide as a plot."""
    return ((text, style), (" " * (columns - len(text)), ""))


def plain_text(line: Line) -> str:
    """The line without its styles."""
    return "".join(text for text, _ in line)


def one_column_each(text: str) -> str:
    """The text with every character that is not exactly one column wide replaced by ``?``.

    Labels may hold words from outside; a control byte or a wide character would shift the plot.
    """
    return "".join(c if c.isprintable() and cell_len(c) == 1 else "?" for c in text)


def write(grid: Grid, row: int, column: int, text: str, style: str) -> None:
    """Put a text that is known to fit into a row of the grid."""
    grid[row][column : column + len(text)] = [(c, style) for c in text]
