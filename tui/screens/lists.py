"""Lists whose cursor is seen without colour: a mark stands before the line that has it."""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from textual.command import CommandList
from textual.strip import Strip
from textual.widgets import OptionList

MARK = 2  # columns for it, with a blank


def marked(names: OptionList, y: int, line: Strip, mark: str) -> Strip:
    """A line of a list behind the mark, where the cursor is on it, or behind blanks."""
    number = names.scroll_offset.y + y
    first = next(iter(line), None)
    if first is None or not 0 <= number < len(names._lines):
        return line
    option, part = names._lines[number]
    shown = mark if option == names.highlighted and part == 0 else " "
    return Strip([Segment(f"{shown} ", first.style), *line], line.cell_length + MARK)


class PagedList(OptionList):
    """A list whose page keys do nothing before there is room: there Textual raises ``KeyError``."""

    def __init__(self, *options: Any, mark: str, **more: Any) -> None:
        super().__init__(*options, **more)
        self._mark = mark

    def _get_left_gutter_width(self) -> int:
        return MARK

    def render_line(self, y: int) -> Strip:
        """The line, with the mark of the cursor."""
        return marked(self, y, super().render_line(y), self._mark)

    def action_page_up(self) -> None:
        """A page up."""
        if self.scrollable_content_region:
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        """A page down."""
        if self.scrollable_content_region:
            super().action_page_down()  # type: ignore[no-untyped-call]


class MarkedCommands(CommandList, can_focus=False):
    """The commands of the palette."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self._mark = mark

    def _get_left_gutter_width(self) -> int:
        return MARK

    def render_line(self, y: int) -> Strip:
        """The line, with the mark of the cursor."""
        return marked(self, y, super().render_line(y), self._mark)
