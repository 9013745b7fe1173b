"""Tables as lines: which columns find room, how wide they are, and names that end where a word does."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from lrtui.datasets.text import width
from lrtui.tui.render.wrapping import cut, pad

NAME_LEAST = 8  # columns for a name, whatever the room
NAME_SHORT = 15  # for which any other column is left out
NAME_LONG = 40  # for which a light one is
LIGHT = 3  # weighs no more than that
BETWEEN = " ,;:-_./"  # words of a name


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        weight: the heaviest finds room first; what weighs nothing is never left out.
        least: its width where all cells are narrower: what grows should not move its neighbours.
        name: takes what the others leave, and is cut where it has to be; of several the first takes first.
    """

    title: str
    weight: int = 0
    right: bool = False
    least: int = 0
    name: bool = False


class Table(NamedTuple):
    """Columns that fit, with their widths."""

    widths: Mapping[Column, int]
    ellipsis: str

    @property
    def head(self) -> str:
        """The titles."""
        return self.line({column.title: column.title for column in self.widths})

    def line(self, cells: Mapping[str, str]) -> str:
        """A row by the titles of its cells."""
        parts = []
        for column, room in self.widths.items():
            text = cells[column.title]
            text = fit_name(text, room, self.ellipsis) if column.name else text
            parts.append(pad(text, room, right=column.right))
        return " ".join(parts).rstrip()


def fitted(
    columns: Sequence[Column], rows: Sequence[Mapping[str, str]], room: int, ellipsis: str = "…"
) -> Table:
    """The columns that ``room`` holds; the name gives way only where nothing else can."""
    widest = {
        one: max([one.least, width(one.title), *(width(row[one.title]) for row in rows)]) for one in columns
    }

    def widths_of(kept: Collection[Column], name: int) -> dict[Column, int]:
        return {one: min(widest[one], name) if one.name else widest[one] for one in columns if one in kept}

    kept = {one for one in columns if not one.weight}
    for column in sorted((one for one in columns if one.weight), key=lambda one: -one.weight):
        name = NAME_SHORT if column.weight > LIGHT else NAME_LONG
        if _total(widths_of({*kept, column}, name)) <= room:
            kept.add(column)
    widths = widths_of(kept, NAME_SHORT)
    left = room - _total(widths)
    for column in widths:
        if column.name:
            room_for = min(widest[column], max(NAME_LEAST, widths[column] + left))
            left -= room_for - widths[column]
            widths[column] = room_for
    return Table(widths, ellipsis)


def _total(widths: Mapping[Column, int]) -> int:
    return sum(widths.values()) + len(widths) - 1


def fit_name(name: str, room: int, ellipsis: str = "…") -> str:
    """A name in at most ``room`` columns, cut where one of its words ends, and in one only if need be."""
    if width(name) <= room:
        return name
    if room <= len(ellipsis):
        return cut(name, room)
    kept = cut(name, room - len(ellipsis))
    end = len(kept)
    while end and _is_within(name[end - 1], name[end]):
        end -= 1
    return (kept[:end].rstrip(BETWEEN) or kept) + ellipsis


def _is_within(before: str, after: str) -> bool:
    """Whether a word, a number or ``n=500`` goes on from one character to the next."""
    if "." in (before, after):
        return before.isdigit() or after.isdigit()
    return all(one.isalnum() or one == "=" for one in (before, after))
