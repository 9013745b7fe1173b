"""Two frames side by side, each under its title, as one frame."""

from __future__ import annotations

from lrtui.datasets.text import width as columns
from lrtui.tui.plots.lines import Frame, Line, plain_text

GAP = 2
LEAST = (36, 5)  # columns and rows: with less, one frame alone says more


def halves(width: int) -> tuple[int, int]:
    """How many columns each of two frames gets."""
    left = (width - GAP) // 2
    return left, width - GAP - left


def beside(left: Frame, right: Frame, titles: tuple[str, str], width: int) -> Frame:
    """One frame of both; the left one has ``width`` columns, and titles are as wide at most."""
    head: list[Line] = [((text, "note"),) for text in titles]
    pairs = zip([head[0], *left], [head[1], *right], strict=True)
    return [_joined(one, other, width) for one, other in pairs]


def _joined(one: Line, other: Line, width: int) -> Line:
    blank = " " * (width - columns(plain_text(one)) + GAP)
    return (*one, (blank, ""), *other)
