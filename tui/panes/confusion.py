"""The confusion table of more than two classes as lines of text, or the recall of each class instead."""

from __future__ import annotations

from collections.abc import Sequence

from lrtui.core.training.measurement import Measurement
from lrtui.datasets.text import width as columns
from lrtui.tui.glyphs import Glyphs
from lrtui.tui.text import fit, number, pad

NAME = 14  # columns of the name of a class before its row
HEAD = 3  # columns of a name above a column, at the least
Row = tuple[str, str]


def confusion_lines(
    found: Measurement, names: Sequence[str], width: int, height: int, glyphs: Glyphs
) -> list[str] | None:
    """A row for each true class, a column for each predicted one; ``None`` where that finds no room."""
    table = found.table
    if height < len(table) + 1 or len(names) != len(table):
        return None
    shown = [glyphs.safe(name, NAME) for name in names]
    first = max(len("true"), *(columns(name) for name in shown)) + 2
    cell = max(HEAD, *(len(f"{count:,}") for row in table for count in row)) + 1
    room = (width - first - 1) // len(table)
    if room < cell:
        return None
    cell = min(room, max(cell, *(columns(name) + 1 for name in shown)))
    heads = (pad(fit(name, cell - 1, ""), cell, right=True) for name in shown)
    lines = [pad(" true", first) + "".join(heads)]
    for name, row in zip(shown, table, strict=True):
        lines.append(pad(f" {name}", first) + "".join(f"{count:>{cell},}" for count in row))
    return lines


def recall_rows(found: Measurement, names: Sequence[str], glyphs: Glyphs) -> list[Row]:
    """``recall setosa`` and how large it is, for each class; a dash where no test row is of it."""
    rows = []
    for place, (name, row) in enumerate(zip(names, found.table, strict=False)):
        have = sum(row)
        rows.append((f"recall {glyphs.safe(name, NAME)}", number(row[place] / have if have else None, 3)))
    return rows
