"""The list of columns: kind, missing, distinct, and what becomes of each."""

from __future__ import annotations

from dataclasses import dataclass

from lrtui.datasets.inspection.record import Facts
from lrtui.datasets.text import width
from lrtui.tui.inspection.choice import Choice
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.numbers import share
from lrtui.tui.render.wrapping import Part, fit, pad

MARK = 2
KIND, MISSING, DISTINCT = 8, 7, 8
TITLE = "column"


@dataclass(frozen=True)
class Widths:
    """Columns of the screen for each column of the list; 0 for one that has no room."""

    name: int
    kind: int
    missing: int
    distinct: int
    becomes: int


def widths(choice: Choice, room: int, glyphs: Glyphs) -> Widths:
    """How the room is shared: names and uses get what they need, as far as there is any."""
    columns = choice.inspection.columns
    longest = max((width(glyphs.safe(facts.name, 60)) for facts in columns), default=0)
    used = max((width(choice.use_of(facts)) for facts in columns), default=0)
    least = max((width(brief(choice.use_of(facts))) for facts in columns), default=0)
    kind = KIND + 1
    missing = MISSING + 1 if room >= 40 else 0
    distinct = DISTINCT + 1 if room >= 58 else 0
    rest = room - MARK - kind - missing - distinct - 1
    name = max(longest, len(TITLE))
    becomes = used if name + used <= rest else min(least, rest // 2)
    name = max(min(name, rest - becomes), 4)
    return Widths(name, kind, missing, distinct, max(rest - name, 0) if name + used > rest else used)


def heading(choice: Choice, room: int, glyphs: Glyphs) -> str:
    """The titles of the list."""
    has = widths(choice, room, glyphs)
    text = " " * MARK + pad(fit(TITLE, has.name, glyphs.ellipsis), has.name)
    text += (
        _cell(" kind", has.kind, glyphs)
        + _number("missing", has.missing)
        + _number("distinct", has.distinct)
    )
    return fit(f"{text} becomes", room, glyphs.ellipsis)


def column_line(
    choice: Choice, facts: Facts, room: int, glyphs: Glyphs, *, here: bool, has: Widths
) -> list[Part]:
    """A column of the table in one line; ``here`` is the cursor."""
    target = facts.name == choice.target
    likely = any(candidate.column == facts.name for candidate in choice.inspection.candidates)
    mark = (glyphs.cursor if here else " ") + ("*" if likely and not target else " ")
    name = pad(fit(glyphs.safe(facts.name, 60), has.name, glyphs.ellipsis), has.name)
    rows = choice.inspection.looked_at
    missing = share(facts.missing / rows) if facts.missing and rows else ""
    use = choice.use_of(facts)
    if width(use) > has.becomes:
        use = fit(brief(use), has.becomes, glyphs.ellipsis)
    text = mark + name + _cell(f" {facts.kind}", has.kind, glyphs) + _number(missing, has.missing)
    text += f"{_number(f'{facts.distinct:,}', has.distinct)} {use}"
    out = not (facts.usable or facts.name in choice.wanted) or facts.name in choice.left_out
    style = "reverse" if here else "bold" if target else "dim" if out else ""
    return [(pad(text, room), style)]


def brief(use: str) -> str:
    """The first words of what becomes of a column; the rest stands beside the list."""
    return use.partition(":")[0].partition(",")[0].partition(" and ")[0].removesuffix(" by you")


def _cell(text: str, room: int, glyphs: Glyphs) -> str:
    return pad(fit(text, room, glyphs.ellipsis), room) if room else ""


def _number(text: str, room: int) -> str:
    return pad(text, room, right=True) if room else ""
