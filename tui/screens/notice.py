"""What the banner says while a sheet lies over it: the same words, at the bottom of whatever is open."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.screen import Screen, SystemModalScreen
from textual.widgets import Static

from lrtui.tui.render.wrapping import stacked
from lrtui.tui.session_state import SessionState
from lrtui.tui.status import LINES, passing


class NoticeLine(Static):
    """A sentence below everything else on a screen."""

    DEFAULT_CSS = f"""
    NoticeLine {{
        dock: bottom; overlay: screen; width: 100%; height: auto; max-height: {LINES}; padding: 0 1;
        margin: 0 0 1 0;  /* the keys stand below */
        background: $background; color: $error; text-style: bold;
    }}
    """


class Notices:
    """Follows the banner: what is told while a sheet is open, and trouble for as long as it lasts."""

    def __init__(self, session: SessionState, ellipsis: str) -> None:
        self._session = session
        self._ellipsis = ellipsis
        self._known: str | None = None  # what the banner said when the sheet was opened

    def look(self, stack: Sequence[Screen[object]], width: int) -> None:
        """Show what is new on the screen that a person sees, the last of the stack."""
        session = self._session
        notice = session.notice
        if len(stack) == 1 or notice is None:
            self._known = notice
        if len(stack) == 1:
            return
        told = passing(session, notice=session.store.lost or notice != self._known)
        words = stacked(told, width - 2, LINES, self._ellipsis)
        lines = stack[-1].query(NoticeLine)
        for line in lines:
            line.update(Content(words))
            line.display = bool(words)
        if words and not lines and stack[-1].is_mounted:
            line = NoticeLine(Content(words))
            if isinstance(stack[-1], SystemModalScreen):  # the palette: at least 20 rows, on any terminal
                line.styles.dock = "top"
                line.styles.margin = (1, 0, 0, 0)  # below the keys, where these stand there
            stack[-1].mount(line, before=0)
