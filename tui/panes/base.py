"""What every pane has: a numbered title, focus, lines of text, and the glyphs of the terminal."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.events import MouseScrollDown, MouseScrollUp
from textual.widget import Widget

from lrtui.tui.context import Context
from lrtui.tui.keys import bind
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.session_state import SessionState


class Wheeled(Widget):
    """A widget that hears the mouse wheel."""

    def wheel(self, by: int) -> None:
        """What the wheel does, 1 down and -1 up; nothing, where nothing can be moved."""

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Towards the person."""
        event.stop()
        self.wheel(1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Away from the person."""
        event.stop()
        self.wheel(-1)


class Pane(Wheeled, can_focus=True):
    """A bordered part of the screen."""

    # Here and not on the app: the screen's own Tab would come before the app's.
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("tab", "app.focus_pane(1)", "next pane", show=False, id="pane.next"),
        bind("shift+tab", "app.focus_pane(-1)", "pane before", show=False, id="pane.previous"),
    ]
    NUMBER: ClassVar[int]
    NAME: ClassVar[str]

    DEFAULT_CSS = """
    Pane {
        position: absolute;
        border: round ansi_bright_black;
        border-title-color: $foreground;
        border-title-style: none;
        border-subtitle-color: $foreground;
        padding: 0;
        &:focus { border: round $accent; border-title-style: bold; border-title-color: $accent; }
        &.-ascii { border: ascii ansi_bright_black; }
        &.-ascii:focus { border: ascii $accent; }
        &:nocolor:focus { border-title-style: bold reverse; }
    }
    """

    def __init__(self, context: Context) -> None:
        super().__init__(id=self.NAME)
        self.context = context
        self.set_class(self.glyphs.ascii_only, "-ascii")
        self.set_title()

    @property
    def session(self) -> SessionState:
        """What is chosen."""
        return self.context.session

    @property
    def glyphs(self) -> Glyphs:
        """The marks that this terminal can show."""
        return self.context.glyphs

    def set_title(self, *more: str) -> None:
        """The title: number and name, and what else fits, separated by spaced dashes."""
        text = self.glyphs.dash.join([f"{self.NUMBER} {self.NAME.capitalize()}", *(m for m in more if m)])
        self.border_title = Content(text)

    def update(self) -> None:
        """Show what the session and the watched run say now."""
        self.refresh()
