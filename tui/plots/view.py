"""The widget that shows finished lines and repaints those that changed."""

from __future__ import annotations

from itertools import zip_longest
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from lrtui.tui.plots.lines import BLANK, STYLES, Frame, Line, plain_text


class PlotView(Widget):
    """Shows a frame, line by line.

    The owner draws a frame of ``frame_size`` and gives it to ``show``; a ``Resized`` message asks
    for a new one. Until then the old frame is cut or filled with blanks, never stretched.
    """

    ALLOW_SELECT = False

    # Blue against orange stays apart with every kind of colour blindness; shapes differ anyway.
    DEFAULT_CSS = """
    PlotView {
        width: 1fr;
        height: 1fr;
        & > .plot--axis { color: $quiet-axis; }
        & > .plot--train, & > .plot--class0 { color: $text-primary; }
        & > .plot--test, & > .plot--class1 { color: $text-warning; }
        & > .plot--ghost { color: $quiet-ghost; }
        & > .plot--both, & > .plot--threshold { color: $foreground; }
        & > .plot--mark, & > .plot--note { color: $quiet-note; }
        & > .plot--trouble { color: $text-error; text-style: bold; }
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"plot--{name}" for name in STYLES}
    """One for each style name of a frame.

    Colour and text styles that leave a blank blank: the blanks after a mark have its style.
    """

    class Resized(Message):
        """The room for the plot has changed: a frame of the new size is wanted."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._frame: Frame = []

    @property
    def frame_size(self) -> tuple[int, int]:
        """Columns and rows that a frame should have."""
        return self.content_size.width, self.content_size.height

    @property
    def lines(self) -> list[str]:
        """The frame as text."""
        return [plain_text(line) for line in self._frame]

    def show(self, frame: Frame) -> None:
        """Show a frame in place of the one before; lines that are equal are not sent again."""
        before, self._frame = self._frame, list(frame)
        regions = []
        for y, (old, new) in enumerate(zip_longest(before, frame, fillvalue=())):
            start, end = changed_columns(old, new) if old != new else (0, 0)
            if start < end:
                regions.append(Region(start, y, end - start, 1))
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """One line as it stands in the frame, as wide as the widget."""
        base = self.rich_style
        line = self._frame[y] if 0 <= y < len(self._frame) else ()
        segments = [Segment(text, self._style(name)) for text, name in line]
        return Strip(segments).adjust_cell_length(self.content_size.width, base)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"plot--{name}") if name in STYLES else self.rich_style

    def on_resize(self, event: events.Resize) -> None:
        """Ask for a frame of the new size."""
        self.post_message(self.Resized())


def changed_columns(old: Line, new: Line) -> tuple[int, int]:
    """The first column in which two lines look different, and the one after the last.

    A blank looks the same in every style.
    """
    before, after = (
        [BLANK if c == " " else (c, style) for text, style in line for c in text] for line in (old, new)
    )
    pairs = zip_longest(before, after, fillvalue=BLANK)
    differing = [x for x, (one, other) in enumerate(pairs) if one != other]
    return (differing[0], differing[-1] + 1) if differing else (0, 0)
