"""What every pane has: a title with its key, focus, lines of text, and the glyphs of the terminal."""

from __future__ import annotations

from typing import ClassVar, Self

from textual.binding import BindingType
from textual.content import Content
from textual.events import MouseScrollDown, MouseScrollUp
from textual.geometry import Region
from textual.widget import Widget

from lrtui.tui.context import Context
from lrtui.tui.keys import bind
from lrtui.tui.layout import PANE_KEYS
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.session_state import SessionState


def tidy(text: str) -> str:
    """A text without the blanks that only fill its lines."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


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


class Steady(Widget):
    """A widget of text that is drawn anew only where the text is another: drawing costs far more."""

    _drawn: Content | None = None

    def refresh(self, *regions: Region, **more: bool) -> Self:
        """Draw anew, for whatever reason."""
        self._drawn = None
        return super().refresh(*regions, **more)

    def update(self) -> None:
        """Show the present state."""
        shown, drawn = self.render(), self._drawn
        if not (isinstance(shown, Content) and drawn is not None and shown.is_same(drawn)):
            self.refresh()
            self._drawn = shown if isinstance(shown, Content) else None


class Pane(Wheeled, Steady, can_focus=True):
    """A bordered part of the screen."""

    # Here and not on the app: the screen's own Tab would come before the app's.
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("tab", "app.focus_pane(1)", "next pane", show=False, id="pane.next"),
        bind("shift+tab", "app.focus_pane(-1)", "pane before", show=False, id="pane.previous"),
    ]
    ALLOW_MAXIMIZE = False  # Textual's own way hides the other panes and never gives them back
    NAME: ClassVar[str]
    _head_text = _foot_text = ""  # as they stand in the border

    DEFAULT_CSS = """
    Pane {
        position: absolute;
        border: round $quiet-frame;
        border-title-color: $foreground;
        border-title-style: none;
        border-subtitle-color: $foreground;
        padding: 0;
        &:focus { border: round $accent; border-title-style: bold; border-title-color: $accent; }
        &.-ascii { border: ascii $quiet-frame; }
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

    def copied(self) -> tuple[str, str]:
        """What ``y`` copies: in words, and the text; of a pane without a cursor that is what it shows."""
        shown = self.render()
        return f"the pane {self.NAME}", tidy(shown.plain if isinstance(shown, Content) else "")

    def set_title(self, *more: str) -> None:
        """The title: key and name, and what else fits, separated by spaced dashes."""
        name = f"{PANE_KEYS[self.NAME]} {self.NAME.capitalize()}"
        text = self.glyphs.dash.join([name, *(m for m in more if m)])
        if text != self._head_text:  # to set it draws the pane anew
            self._head_text, self.border_title = text, Content(text)

    def set_foot(self, words: str) -> None:
        """What stands in the lower border."""
        if words != self._foot_text:
            self._foot_text, self.border_subtitle = words, Content(words)
