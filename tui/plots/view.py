"""The widget that shows finished lines and sends the terminal only those that changed."""

from __future__ import annotations

from rich.segment import Segment
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from lrtui.tui.plots.canvas import Frame, Line


class PlotView(Widget):
    """Shows a frame. Its owner draws to ``frame_size``, and anew on ``Resized``."""

    COMPONENT_CLASSES = {
        "plot--axis", "plot--train", "plot--test", "plot--class0", "plot--class1",
        "plot--threshold", "plot--mark", "plot--text",
    }  # fmt: skip
    DEFAULT_CSS = """
    PlotView {
        width: 1fr; height: 1fr;
        .plot--axis { color: $foreground; text-style: dim; }
        .plot--train { color: ansi_cyan; }
        .plot--test { color: ansi_yellow; }
        .plot--class0 { color: ansi_yellow; }
        .plot--class1 { color: ansi_blue; }
        .plot--threshold { color: $foreground; }
        .plot--mark { color: ansi_magenta; }
        .plot--text { color: $foreground; text-style: dim; }
    }
    """

    class Resized(Message):
        """There is another size to draw to."""

    def __init__(self) -> None:
        super().__init__()
        self._frame: Frame = []

    @property
    def frame_size(self) -> tuple[int, int]:
        """Columns and rows to draw."""
        return self.content_size.width, self.content_size.height

    def on_resize(self) -> None:
        """The owner draws anew."""
        self.post_message(self.Resized())

    def show(self, frame: Frame) -> None:
        """Show a frame; only lines that differ are repainted."""
        before, self._frame = self._frame, frame
        if len(before) != len(frame):
            self.refresh()
            return
        width = self.size.width
        changed = [Region(0, y, width, 1) for y, line in enumerate(frame) if line != before[y]]
        if changed:
            self.refresh(*changed)

    def render_line(self, y: int) -> Strip:
        """One line of the frame, exactly as wide as the widget."""
        line: Line = self._frame[y] if y < len(self._frame) else ()
        plain = self.rich_style
        segments = [
            Segment(text, plain + self.get_component_rich_style(f"plot--{style}", partial=True))
            if style
            else Segment(text, plain)
            for text, style in line
        ]
        return Strip(segments).adjust_cell_length(self.size.width, plain)
