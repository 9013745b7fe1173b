"""The page of the tour, above the panes: what to press and what to see, and then what it means."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content

from lrtui.tui.context import Context
from lrtui.tui.demo.chapters import CHAPTERS
from lrtui.tui.demo.guide import Guide, worded
from lrtui.tui.panes.base import Steady
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.wrapping import fit, in_lines, pad

LOW, HIGH = 16, 30  # rows of a screen with room for few lines, and for more
WIDE = 80  # columns on which every page has room in four lines
KEYS = "p back  n next"
KEYS_BIG = "n next  q quit"
NARROW, KEYS_LOW = 60, "n next"


def height_of(columns: int, rows: int, *, big: bool) -> int:
    """How many lines it has on a screen of this size."""
    if rows < LOW:
        return 3
    return 6 if columns < WIDE and rows >= HIGH else 5 if big else 4


def page_lines(guide: Guide, width: int, most: int, glyphs: Glyphs) -> list[tuple[str, str]]:
    """The lines of the page, each with its style: title, what it is about, what to press; or the lesson."""
    chapter, step = guide.chapter, guide.step
    keys = KEYS_LOW if width < NARROW else KEYS_BIG if guide.big else KEYS
    number = f"{guide.at + 1}/{len(CHAPTERS)}"
    title = fit(f" {number}  {chapter.title}", width - len(keys) - 3, glyphs.ellipsis)
    lines = [(pad(title, width - len(keys) - 1) + keys + " ", "bold reverse")]
    room, style = width - 2, "bold" if guide.big else ""
    if step is None:
        lesson = _lines(f"{glyphs.finished} {worded(chapter.lesson)}", room, most - 1, glyphs)
        return [*lines, *((line, style) for line in lesson)]
    begins = f"{glyphs.finished} Then press" if guide.done else "Press"
    words = f"{begins} {worded(step.press)}, and see: {worded(step.see)}."
    press = _lines(words, room, most - 1, glyphs)
    rest = most - 1 - len(press)
    about = [""] if guide.big and rest else _lines(worded(chapter.about), room, rest, glyphs)
    return [*lines, *((line, "") for line in about), *((line, "bold") for line in press)]


def _lines(text: str, room: int, most: int, glyphs: Glyphs) -> list[str]:
    """As many lines as there is room for; that there is more is marked."""
    return [f" {line}" for line in in_lines(text, room, most, glyphs.ellipsis).split("\n")] if most else []


class Strip(Steady):
    """The page of the moment."""

    DEFAULT_CSS = "Strip { width: 100%; height: 4; color: $foreground; background: $background; }"

    def __init__(self, context: Context, guide: Guide) -> None:
        super().__init__()
        self._glyphs, self._guide = context.glyphs, guide

    def fit_to(self, columns: int, rows: int) -> None:
        """As high as a screen of this size has room for."""
        self.styles.height = height_of(columns, rows, big=self._guide.big)

    def render(self) -> RenderResult:
        """Its lines."""
        width, height = self.size
        found = page_lines(self._guide, width, height, self._glyphs)
        return Content("\n").join(Content.styled(text, style) for text, style in found[:height])
