"""What the banner says while a sheet lies over it: the same words, at the bottom of whatever is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.screen import SystemModalScreen
from textual.widgets import Static

from lrtui.datasets.text import safe
from lrtui.tui.status import LINES
from lrtui.tui.text import in_lines

if TYPE_CHECKING:
    from lrtui.tui.dashboard import Dashboard

LONGEST = 400  # characters


class NoticeLine(Static):
    """A sentence below everything else on a screen."""

    DEFAULT_CSS = f"""
    NoticeLine {{
        dock: bottom; overlay: screen; width: 100%; height: auto; max-height: {LINES}; padding: 0 1;
        background: $background; color: $error; text-style: bold;
    }}
    """


class Notices:
    """Follows the banner: what is told while a sheet is open, and trouble for as long as it lasts."""

    def __init__(self, dashboard: Dashboard) -> None:
        self._dashboard = dashboard
        self._known: str | None = None  # what the banner said when the sheet was opened

    def look(self) -> None:
        """Show what is new on the screen that a person sees."""
        desk, stack = self._dashboard.desk, self._dashboard.screen_stack
        notice = desk.notice
        if len(stack) == 1 or notice is None:
            self._known = notice
        if len(stack) == 1:
            return
        told = notice if desk.store.lost or notice != self._known else None
        words = safe(" ".join(filter(None, (told, desk.engine_word))), LONGEST)
        words = in_lines(words, self._dashboard.size.width - 2, LINES, self._dashboard.glyphs.ellipsis)
        lines = stack[-1].query(NoticeLine)
        for line in lines:
            line.update(Content(words))
            line.display = bool(words)
        if words and not lines and stack[-1].is_mounted:
            line = NoticeLine(Content(words))
            if isinstance(stack[-1], SystemModalScreen):  # the palette: at least 20 rows, on any terminal
                line.styles.dock = "top"
            stack[-1].mount(line, before=0)
