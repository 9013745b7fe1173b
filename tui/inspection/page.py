"""The whole page of an inspection as lines: target at the top, columns and facts, warnings below."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from textual.content import Content

from lrtui.datasets.inspection.record import Facts
from lrtui.datasets.text import width as columns_of
from lrtui.tui.inspection.choice import Choice
from lrtui.tui.inspection.columns import column_line, heading, widths
from lrtui.tui.inspection.facts import Lines, fact_lines
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.key_names import key_name
from lrtui.tui.render.wrapping import Part, cut, fit, pad, plain, wrapped

Side = Literal["columns", "facts", "warnings"]
NARROW = 64  # columns below which one thing is shown at a time
LOW = 8  # lines below which there is no room for warnings below the list
FACTS = 31  # columns for the facts, at least


@dataclass(frozen=True)
class Page:
    """The page of a choice in ``height`` lines of ``width`` columns."""

    choice: Choice
    width: int
    height: int
    glyphs: Glyphs
    side: Side = "columns"
    said: str = ""
    listed: tuple[Facts, ...] | None = None  # of all columns, those that a filter leaves

    def lines(self, cursor: int, top: int) -> list[Content]:
        """All of it; ``top`` is the first in view of the list or the warnings."""
        room = self.height - len(self._head) - len(self._foot)
        body = self._body(cursor, top, room)
        body += [[""]] * (room - len(body))
        shown = (*self._head, *body, *self._foot)
        dots = self.glyphs.ellipsis
        return [Content.assemble(*_cut(parts, self.width, dots)) for parts in shown][: self.height]

    @property
    def rows(self) -> int:
        """How many columns of the table the list shows at once."""
        return max(1, self.height - len(self._head) - len(self._foot) - 1)

    @property
    def list_top(self) -> int:
        """The line of the page in which the list begins."""
        return len(self._head) + 1

    @property
    def _columns(self) -> tuple[Facts, ...]:
        return self.choice.inspection.columns if self.listed is None else self.listed

    @cached_property
    def _head(self) -> Lines:
        """Target and classes; the roles of other columns where there are any."""
        choice, glyphs, width = self.choice, self.glyphs, self.width
        if choice.target:
            label, value = "classes", f"all {len(choice.classes)}, softmax"
            if choice.positive:
                label, value = "positive", glyphs.safe(choice.positive, 24)
            words = choice.way_words
            parts: list[Part] = ["target ", (glyphs.safe(choice.target, 60), "bold")]
            chosen = f"{glyphs.previous} {value} {glyphs.next}", "bold"
            second: list[Part] = [f"{label} ", chosen, f"  {words}" if words else ""]
            if _length(parts) + 3 + _length(second) <= width:
                found = [[*parts, "   ", *second]]
            else:
                second[-1] = f"  {words.partition(',')[0]}" if _length(second) > width else second[-1]
                found = [_cut(parts, width, glyphs.ellipsis), _cut(second, width, glyphs.ellipsis)]
        else:
            found = [[(f"no target yet: press {key_name('inspect.target')} on its column", "bold")]]
        if choice.roles:
            roles = "   ".join(f"{role} {glyphs.safe(name, 40)}" for role, name in choice.roles.items())
            found.append([fit(roles, width, glyphs.ellipsis)])
        return found if width < NARROW else [*found, [""]]

    def _body(self, cursor: int, top: int, height: int) -> Lines:
        if self.side == "warnings":
            return self.warnings[top : top + height]
        here = self._columns[cursor]
        if self.width < NARROW and self.side == "columns":
            return self._list(cursor, top, self.width, height)
        if self.width < NARROW:
            return fact_lines(self.choice, here, self.width, height, self.glyphs)
        right = max(FACTS, min(self.width * 2 // 5, 62))
        left = self.width - right - 3
        listed = self._list(cursor, top, left, height)
        beside = fact_lines(self.choice, here, right, height, self.glyphs)
        bar = "|" if self.glyphs.ascii_only else "│"
        found: Lines = []
        for number in range(height):
            parts = listed[number] if number < len(listed) else [" " * left]
            more = beside[number] if number < len(beside) else []
            found.append([*parts, (f" {bar} ", "dim"), *more])
        return found

    def _list(self, cursor: int, top: int, width: int, height: int) -> Lines:
        choice, glyphs = self.choice, self.glyphs
        columns = self._columns
        has = widths(choice, width, glyphs)
        found: Lines = [[(pad(heading(choice, width, glyphs), width), "dim")]]
        for number in range(top, min(top + height - 1, len(columns))):
            facts = columns[number]
            shown = column_line(choice, facts, width, glyphs, here=number == cursor, has=has)
            found.append(_cut(shown, width, glyphs.ellipsis))
        return found

    @cached_property
    def _foot(self) -> Lines:
        """What was just said, else the first warnings, and how many more there are."""
        if self.height < LOW or self.side == "warnings":
            return [[(fit(self.said, self.width, self.glyphs.ellipsis), "bold")]] if self.said else []
        room = 2 if self.height < 26 else min(8, self.height // 5)
        if self.said:
            texts = wrapped(self.glyphs.safe(self.said, 400), self.width)[:room]
            found: Lines = [[(text, "bold")] for text in texts]
        else:
            found = self._first_warnings(room)
        blank: Lines = [[""] for _ in range(room - len(found))]
        return blank + found

    def _first_warnings(self, room: int) -> Lines:
        """The first of them, and in the last line how many more there are."""
        mark = self.glyphs.trouble
        told = [f"{mark} {self.glyphs.safe(text, 400)}" for text in self.choice.warnings]
        whole = [wrapped(text, self.width, "", "  ") for text in told]
        if sum(map(len, whole)) <= room:
            return [[(piece, "")] for text in whole for piece in text]
        found: Lines = []
        for number, text in enumerate(whole):
            left = room - len(found) - 1  # the last line counts the rest
            if len(text) > left:
                if left:
                    found.append([(fit(told[number], self.width, self.glyphs.ellipsis), "")])
                rest = len(told) - number - (1 if left else 0)
                tab = key_name("inspect.turn")
                words = f"{mark} {rest} more: {tab} shows them" if rest else f"  {tab} shows all of it"
                return [*found, [(words, "")]]
            found += [[(piece, "")] for piece in text]
        return found

    @property
    def warnings(self) -> Lines:
        """All warnings and remarks, with nothing left out."""
        inspection, safe = self.choice.inspection, self.glyphs.safe
        told = self.choice.warnings or ["Nothing to warn of."]
        found: Lines = [[("Warnings", "bold")]]
        for text in (*told, *inspection.remarks):
            found += [[(piece, "")] for piece in wrapped(safe(text, 400), self.width, "- ", "  ")]
        return found


def _length(parts: list[Part]) -> int:
    return columns_of(plain(parts))


def _cut(parts: list[Part], room: int, dots: str) -> list[Part]:
    """The parts in at most ``room`` columns; what is left out is marked."""
    if _length(parts) <= room:
        return parts
    found: list[Part] = []
    room -= len(dots)
    for part in parts:
        text, style = (part, "") if isinstance(part, str) else part
        text = cut(text, room)
        room -= len(text) if text.isascii() else _length([text])
        found.append((text, style))
    return [*found, dots]
