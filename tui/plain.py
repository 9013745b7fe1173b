"""The last resort behind everything that is drawn: harmless for a terminal, and where it must be, ASCII."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from lrtui.datasets.text import harmless
from lrtui.tui.render.glyphs import LIKE


@lru_cache(4096)
def to_ascii(text: str) -> str:
    """The text in ASCII, as many columns wide as before."""
    if text.isascii():
        return text
    likely = text.translate(LIKE)
    return "".join(c if c.isascii() else "?" * cell_len(c) for c in likely)


@lru_cache(4096)
def to_harmless(text: str) -> str:
    """The text as many columns wide as before; whatever could harm a terminal is a question mark."""
    if harmless(text) == text and "\n" not in text:
        return text
    columns = cell_len(text)
    found = "".join(c if c != "\n" and harmless(c) == c else "?" * cell_len(c) for c in text)
    return found if cell_len(found) == columns else "?" * columns


class TextFilter(LineFilter):
    """Changes whatever is drawn, Textual's own screens included; controls of Textual's are left alone."""

    def __init__(self, change: Callable[[str], str]) -> None:
        super().__init__()
        self._change = change

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments with other text."""
        return [
            Segment(text if control else self._change(text), style, control)
            for text, style, control in segments
        ]


# Outside text is made ``safe`` where it is shown; this holds where somebody forgot to. What is typed or
# pasted into an input is shown as it is, and comes by here alone. Made once: Textual keeps what each made.
HARMLESS, IN_ASCII = TextFilter(to_harmless), TextFilter(to_ascii)
