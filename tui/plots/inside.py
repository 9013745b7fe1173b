"""A view as a page of lines: sentences, what is drawn, tables, notes."""

from __future__ import annotations

from lrtui.core.inside.record import Curves, Map, Seen, Table
from lrtui.tui.plots import lines
from lrtui.tui.plots.curves import curves_frame, legend
from lrtui.tui.plots.map import map_frame, map_legend
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.inside import sentence_lines, table_lines
from lrtui.tui.render.wrapping import Line

LEAST = 6  # rows of a plot
ROOMY = 10  # rows from which the whole legend is in view
STYLES = {
    "axis": "$quiet-axis",
    "ghost": "$quiet-ghost",
    "note": "$quiet-note",
    "mark": "$quiet-note",
    "train": "$text-primary",
    "class0": "$text-primary",
    "test": "$text-warning",
    "class1": "$text-warning",
    "threshold": "bold",
}


def inside_page(seen: Seen, width: int, height: int, glyphs: Glyphs) -> list[Line]:
    """All lines; what is drawn takes what the words above it leave of the height."""
    found = sentence_lines([*seen.lines, *([seen.progress] if seen.progress else [])], width, glyphs)
    for number, part in enumerate(seen.parts):
        if isinstance(part, Table):
            found += [*([()] if number else []), *table_lines(part, width, glyphs)]
            continue
        below = sentence_lines([_legend(part, glyphs)], width, glyphs, "dim")
        room = height - (len(found) if not number else 0)
        # Where there is little, the first line of the legend stands below; the rest is gone to.
        room = max(room - (len(below) if room - len(below) >= ROOMY else 1), LEAST)
        frame = _frame(part, width, room, glyphs)
        found += [tuple((text, STYLES.get(style, "")) for text, style in line) for line in frame]
        found += below
    return [*found, *sentence_lines(seen.notes, width, glyphs, "dim")]


def _frame(part: Curves | Map, width: int, height: int, glyphs: Glyphs) -> lines.Frame:
    if isinstance(part, Curves):
        return curves_frame(part, width=width, height=height, ascii_only=glyphs.ascii_only)
    return map_frame(part, width=width, height=height, ascii_only=glyphs.ascii_only)


def _legend(part: Curves | Map, glyphs: Glyphs) -> str:
    axes = f"across {glyphs.safe(part.x)}, up {glyphs.safe(part.y)}"
    told = (
        legend(part, ascii_only=glyphs.ascii_only) if isinstance(part, Curves) else map_legend(part, glyphs)
    )
    return f"{told}  {axes}" if told else axes
