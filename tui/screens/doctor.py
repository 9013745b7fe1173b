"""The doctor's whole letter over the dashboard, for screens without room for its pane."""

from __future__ import annotations

from typing import Literal

from textual.app import ComposeResult, RenderResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from lrtui.tui.keys import KeyBar
from lrtui.tui.letter import letter_lines, state_word
from lrtui.tui.panes.base import lines
from lrtui.tui.screens.base import Sheet
from lrtui.tui.watch import View


class LetterText(Widget):
    """The letter, as high as it is long."""

    DEFAULT_CSS = "LetterText { height: auto; }"

    def __init__(self, sheet: DoctorScreen) -> None:
        super().__init__()
        self._sheet = sheet

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the words need."""
        return len(self._lines(width))

    def render(self) -> RenderResult:
        """All of it."""
        return lines(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        view = self._sheet.view
        return letter_lines(view.run, view.diagnosed, width, self._sheet.dashboard.glyphs)


class DoctorScreen(Sheet[Literal["fix"] | None]):
    """Scrolls with the arrow keys; f applies the fix; Esc, q or d closes. Follows what the doctor does."""

    BINDINGS = [
        Binding("up,k", "scroll(-1)", "scroll", key_display="↑↓", tooltip="a line up", id="letter.up"),
        Binding("down,j", "scroll(1)", "a line down", show=False, id="letter.down"),
        Binding("f", "fix", "fix it", tooltip="apply the fix and start the run", id="letter.fix"),
        Binding("d,escape,q", "dismiss", "close", id="letter.close"),
    ]
    DEFAULT_CSS = """
    DoctorScreen {
        layout: vertical; align: left top; background: $background;
        & > .sheet { width: 100%; height: 1fr; padding: 0; scrollbar-size: 1 1; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._seen: tuple[object, ...] = ()

    @property
    def view(self) -> View:
        """What the dashboard shows."""
        return self.dashboard.watcher.view

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with VerticalScroll(classes="sheet"):
            yield LetterText(self)
        yield KeyBar(lambda binding: binding.description, ascii_only=self.dashboard.glyphs.ascii_only)

    def on_mount(self) -> None:
        """The arrow keys scroll at once."""
        super().on_mount()
        self.query_one(VerticalScroll).focus()
        self.look()
        self.follow(self.look)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There may be nothing to fix."""
        return action != "fix" or not self.dashboard.desk.idle("fix")

    def look(self) -> None:
        """Show what is new."""
        view = self.view
        run = view.run
        stamp = (None if run is None else (run.id, run.status), view.doctor_stamp)
        if stamp != self._seen:
            self._seen = stamp
            name = "Doctor" if run is None else f"Doctor on run {run.id}"
            dash = " - " if self.dashboard.glyphs.ascii_only else " ─ "
            sheet = self.query_one(".sheet")
            sheet.border_title = Content(f"{name}{dash}{state_word(run, view.diagnosed)}")
            self.query_one(LetterText).refresh(layout=True)
            self.refresh_bindings()

    def action_scroll(self, direction: int) -> None:
        """One line up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=direction, animate=False, immediate=True)

    def action_fix(self) -> None:
        """Close, and apply the fix."""
        self.dismiss("fix")
