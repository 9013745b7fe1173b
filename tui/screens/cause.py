"""The page of a cause over the dashboard or the letter: what you see, why, the proof, what to do."""

from __future__ import annotations

from textual.binding import Binding
from textual.content import Content

from lrtui.core.doctor.pages import page_of, title_of
from lrtui.tui.context import Context
from lrtui.tui.render.cause_page import page_lines
from lrtui.tui.screens.base import PageSheet


class CauseScreen(PageSheet[None]):
    """Scrolls with the arrow keys; Esc, q or Enter closes."""

    BINDINGS = [
        Binding("up,k", "scroll(-1)", "scroll", key_display="↑↓", tooltip="a line up", id="cause.up"),
        Binding("down,j", "scroll(1)", "a line down", show=False, id="cause.down"),
        Binding("escape,q,enter", "dismiss", "back", key_display="Esc", id="cause.close"),
    ]
    DEFAULT_CLASSES = "-whole"

    def __init__(self, context: Context, cause: str) -> None:
        super().__init__(context)
        self._cause = cause

    def on_mount(self) -> None:
        """Say what it is about."""
        super().on_mount()
        self.set_title(title_of(self._cause))

    def lines(self, width: int) -> list[Content]:
        """The page, with a blank column at either side."""
        page = page_of(self._cause)
        found = [] if page is None else page_lines(page, max(width - 2, 10))
        return [Content.assemble(" ", *line) for line in found]
