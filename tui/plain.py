"""The last resort for terminals without UTF-8: whatever is still not ASCII leaves as ASCII."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_LIKE = str.maketrans(
    {
        **dict.fromkeys("─━═╌┄┈╍▔▁▂▃⎺⎽–—", "-"),
        **dict.fromkeys("│┃║╎┆┊╏▏▕▎▍▌▐", "|"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝┏┓┗┛", "+"),
        **dict.fromkeys("█▉▊▋▇▆▅▄■▀", "#"),
        **dict.fromkeys("░▒▓", ":"),
        **dict.fromkeys("•●◌○·", "o"),
        **dict.fromkeys("▶▸›→❯", ">"),
        **dict.fromkeys("◀‹←", "<"),
        **dict.fromkeys("…", "."),
        **dict.fromkeys("×✗", "x"),
        "🔎": "> ",
        "↑": "^",
        "↓": "v",
        "′": "'",
        "’": "'",
    }
)


@lru_cache(4096)
def to_ascii(text: str) -> str:
    """The text in ASCII, as many columns wide as before."""
    if text.isascii():
        return text
    likely = text.translate(_LIKE)
    return "".join(c if c.isascii() else "?" * cell_len(c) for c in likely)


class AsciiFilter(LineFilter):
    """Stands behind everything that is drawn, Textual's own screens included."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments in ASCII."""
        return [Segment(to_ascii(text), style, control) for text, style, control in segments]
