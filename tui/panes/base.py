"""What every pane has: a numbered title, focus, lines of text, and the glyphs of the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from lrtui.tui.desk import Desk
from lrtui.tui.glyphs import Glyphs
from lrtui.tui.keys import bind

if TYPE_CHECKING:
    from lrtui.tui.dashboard import Dashboard

Part = str | tuple[str, str]


def line(*parts: Part) -> Content:
    """One line of text; a part is plain text, or text with a style. Nothing is read as markup."""
    return Content.assemble(*parts)


def lines(found: Iterable[Content]) -> Content:
    """Lines one under the other."""
    return Content("\n").join(found)


class Pane(Widget, can_focus=True):
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

    def __init__(self) -> None:
        super().__init__(id=self.NAME)
        self.set_class(self.glyphs.ascii_only, "-ascii")
        self.set_title()

    @property
    def dashboard(self) -> Dashboard:
        """The app, by its own type."""
        return cast("Dashboard", self.app)

    @property
    def desk(self) -> Desk:
        """What lies on the desk."""
        return self.dashboard.desk

    @property
    def glyphs(self) -> Glyphs:
        """The marks that this terminal can show."""
        return self.dashboard.glyphs

    def set_title(self, *more: str) -> None:
        """The title: number and name, and what else fits, separated by spaced dashes."""
        dash = " - " if self.glyphs.ascii_only else " ─ "
        text = dash.join([f"{self.NUMBER} {self.NAME.capitalize()}", *(m for m in more if m)])
        self.border_title = Content(text)

    def update(self) -> None:
        """Show what the desk and the watched run say now."""
        self.refresh()
