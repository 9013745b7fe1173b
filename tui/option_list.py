"""Lists as Textual's, but page keys do nothing before there is room (there Textual raises ``KeyError``)."""

from __future__ import annotations

from textual.command import CommandList, CommandPalette
from textual.widgets import OptionList


class PagedList(OptionList):
    """A list on one of our own screens."""

    def action_page_up(self) -> None:
        """A page up."""
        if self.scrollable_content_region:
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        """A page down."""
        if self.scrollable_content_region:
            super().action_page_down()  # type: ignore[no-untyped-call]


class Palette(CommandPalette):
    """The command palette, which hands its keys on to a list that may not be drawn yet."""

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)
