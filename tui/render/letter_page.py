"""The lines of a letter as they are made: sentences, numbers, bars, and causes that can be marked."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from lrtui.core.doctor.pages import page_of
from lrtui.datasets.text import safe
from lrtui.tui.render.changes import LONGEST
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.numbers import number
from lrtui.tui.render.wrapping import Line, pad, wrapped

NAMES = 12  # columns for what a bar is of
VALUE = 10  # columns for a number
EIGHTHS = "▏▎▍▌▋▊▉█"


class LetterPage:
    """Lines of one width, filled from the top; what names a cause can be marked.

    Attributes:
        causes: the line on which each named cause stands, and its id, from the top.
    """

    def __init__(self, width: int, glyphs: Glyphs, marked: int | None = None) -> None:
        """``marked``: the place among the named causes of the one that is marked."""
        self.lines: list[Line] = []
        self.causes: list[tuple[int, str]] = []
        self.glyphs = glyphs
        self._width = width
        self._marked = marked

    def words(self, text: str, style: str = "", indent: int = 1) -> None:
        """A sentence, wrapped; a long one goes on two columns farther in where it is indented."""
        hanging = " " * (indent + (2 if indent > 1 else 0))
        for part in wrapped(safe(text, LONGEST), self._width - 1, " " * indent, hanging) if text else ():
            self.lines.append(((part, style),))

    def cause(self, cause: str, text: str, style: str = "", indent: int = 1) -> None:
        """Words about a cause, which can be opened where it has a page."""
        place = len(self.lines)
        self.words(text, style, indent)
        if page_of(cause) is None:
            return
        if self._marked == len(self.causes):
            first = self.lines[place][0]
            words = first if isinstance(first, str) else first[0]
            marked = f"{' ' * (indent - 1)}{self.glyphs.cursor}{words[indent:]}"
            self.lines[place] = ((marked, "bold reverse"),)
        self.causes.append((place, cause))

    def block(self, number: int) -> list[Line]:
        """The lines about one of the named causes."""
        first = self.causes[number][0]
        ends = [place for place, _ in self.causes[number + 1 : number + 2]]
        ends += [place for place, line in enumerate(self.lines) if place > first and not line]
        return self.lines[first : min(ends, default=len(self.lines))]

    def only(self, numbers: Sequence[int]) -> LetterPage:
        """What comes before all causes, and of these some."""
        page = LetterPage(self._width, self.glyphs)
        page.lines = self.lines[: self.causes[0][0]] if self.causes else [*self.lines]
        for kept in numbers:
            page.causes.append((len(page.lines), self.causes[kept][1]))
            page.lines += self.block(kept)
        if not numbers:
            page.words("No cause that is named here is called so.")
        return page

    def blank(self) -> None:
        """An empty line."""
        self.lines.append(())

    def row(self, label: str, value: str, style: str = "") -> None:
        """A name at the left, in as many lines as it needs, and its value at the right of the last."""
        room = max(self._width - 5 - len(value), 4)
        *above, last = wrapped(safe(label), room)
        self.lines += [((f"   {line}", style),) for line in above]
        self.lines.append(((f"   {pad(last, room)} {value}", style),))

    def bars(self, title: str, rows: list[tuple[str, float | None]], top: float | None = None) -> None:
        """A name, a bar and a number a row, the bars on one scale from 0 to ``top`` or the largest."""
        finite = [value for _, value in rows if value is not None and isfinite(value)]
        top = max(finite, default=0.0) if top is None else top
        room = self._width - 3 - NAMES - VALUE - 2
        self.words(title, "dim", indent=3)
        for name, value in rows:
            bar = "" if room < 1 else self._bar(value, top, room)
            shown = "no number" if value is None or not isfinite(value) else number(value)
            self.lines.append((f"   {name:<{NAMES}}{bar:<{max(room, 0)}} {shown:>{VALUE}}",))

    def _bar(self, value: float | None, top: float, room: int) -> str:
        """As long as the value; none where that is no number."""
        part = 0.0 if value is None or not isfinite(value) or top <= 0 else min(value / top, 1.0)
        if self.glyphs.ascii_only:
            return "#" * max(round(part * room), 1 if part > 0 else 0)
        eighths = max(round(part * room * 8), 1 if part > 0 else 0)
        whole, rest = divmod(eighths, 8)
        return "█" * whole + (EIGHTHS[rest - 1] if rest else "")
