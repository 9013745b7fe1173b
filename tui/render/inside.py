"""The tables of a view as lines, and the words around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lrtui.core.inside.record import Asked, Seen, Table
from lrtui.core.store import Failure, Run
from lrtui.tui.render.columns import Column, fitted
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.key_names import key_name
from lrtui.tui.render.wrapping import Line, wrapped

HALF = 5  # columns of a bar to either side of its middle
BARS = Column("", 10, least=2 * HALF + 1)
CELL = 40  # columns of a cell, at most
TITLE = 14  # of the title of a column
NAMED = 8  # columns that found no room
LONGEST = 2_000  # columns of a sentence


def sentence_lines(sentences: Sequence[str], width: int, glyphs: Glyphs, style: str = "") -> list[Line]:
    """Sentences below one another, wrapped."""
    found: list[Line] = []
    for sentence in sentences:
        found += [((text, style),) for text in wrapped(glyphs.safe(sentence, LONGEST), max(width, 12))]
    return found


def table_lines(table: Table, width: int, glyphs: Glyphs) -> list[Line]:
    """Head and rows, and last what found no room."""
    columns = _columns(table, glyphs)
    titles = [column.title for column in columns]
    rows = [
        dict(zip(titles, (glyphs.safe(cell, CELL) for cell in cells), strict=True)) for cells in table.rows
    ]
    if table.bars:
        columns = [*columns[:2], BARS, *columns[2:]]
        for row, share in zip(rows, table.bars, strict=True):
            row[BARS.title] = bar(share, glyphs)
    shown = fitted(columns, rows, width, glyphs.ellipsis)
    lines: list[Line] = [((shown.head, "bold"),)]
    lines += [(shown.line(row),) for row in rows]
    left_out = [one.title for one in columns if one not in shown.widths and one is not BARS]
    if left_out:
        more = f" and {len(left_out) - NAMED} more" if len(left_out) > NAMED else ""
        words = f"With more room also: {', '.join(left_out[:NAMED])}{more}."
        lines += sentence_lines([words], width, glyphs, "dim")
    return lines


def _columns(table: Table, glyphs: Glyphs) -> list[Column]:
    """Those of the table, each with a title of its own."""
    found, known = list[Column](), set[str]()
    for one in table.columns:
        title = glyphs.safe(one.title, TITLE)
        while title in known or not title:
            title += "'"
        known.add(title)
        found.append(Column(title, one.weight, right=one.right, name=one.name))
    return found


def bar(share: float, glyphs: Glyphs) -> str:
    """A bar from the middle: to the right what is above 0, to the left what is below."""
    size = min(HALF, max(round(abs(share) * HALF), 1 if share else 0))
    block, middle = ("#", "|") if glyphs.ascii_only else ("█", "│")
    left = (block * size if share < 0 else "").rjust(HALF)
    right = (block * size if share > 0 else "").ljust(HALF)
    return f"{left}{middle}{right}"


def missing_words(run: Run | None, failure: Failure | None) -> str:
    """Why there is nothing to see."""
    if failure is not None:
        return f"{failure.what} {failure.fix}"
    if run is None:
        return f"No run is shown: {key_name('run.space')} starts one."
    if run.watched:
        return "A script keeps its model to itself: only runs of lrtui can be looked into."
    if not run.epoch and run.status.live:
        return "Waiting for the first epoch."
    if not run.epoch:
        return "Nothing was trained."
    return "Looking…"


def step(seen: Seen, asked: Asked, of: str, by: int) -> Asked | None:
    """What is asked once a key has gone one class or feature on; ``None`` where there is none to go to."""
    choice = seen.choice(of)
    if choice is None or choice.count < 2:
        return None
    if of == "class":
        here = asked.class_ if isinstance(asked.class_, int) else choice.at
        return replace(asked, class_=(here + by) % choice.count)
    axes = [found for axis in ("x", "y") if (found := seen.choice(axis)) is not None]
    # Where keys are faster than answers, what was asked last counts.
    places = [place for place in asked.features if isinstance(place, int)] or [axis.at for axis in axes]
    here = axes.index(choice)
    places[here] = (places[here] + by) % choice.count
    if len(set(places)) < len(places):  # the other axis has it
        places[here] = (places[here] + by) % choice.count
    return replace(asked, features=tuple(places))
