"""Every key with what it does, made from the bindings, and every hyperparameter with its limits."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from lrtui.core.config import knobs, limits_text
from lrtui.tui.keys import key_text
from lrtui.tui.panes.base import lines
from lrtui.tui.screens.base import Sheet

Section = tuple[str, Iterable[Binding]]


class HelpScreen(Sheet[None]):
    """Scrolls with the arrow keys; Esc, q or ? leaves."""

    BINDINGS = [
        Binding("escape,q,question_mark", "dismiss", "close", id="help.close"),
        Binding("j", "scroll(1)", show=False, id="help.down"),
        Binding("k", "scroll(-1)", show=False, id="help.up"),
    ]

    def __init__(self, sections: list[Section]) -> None:
        super().__init__()
        self._sections = sections

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with VerticalScroll(classes="sheet") as sheet:
            sheet.border_title = "Help"
            sheet.border_subtitle = "Esc closes"
            yield Static(self._text())

    def on_mount(self) -> None:
        """The arrow keys scroll at once."""
        super().on_mount()
        self.query_one(VerticalScroll).focus()

    def _text(self) -> Content:
        ascii_only = self.dashboard.glyphs.ascii_only
        found: list[Content] = []
        for title, bindings in self._sections:
            found.append(Content.styled(title, "bold"))
            for binding in bindings:
                keys = key_text(binding, ascii_only=ascii_only, every=True)
                words = binding.tooltip or binding.description
                found.append(Content(f"  {keys:<22} {words}"))
            found.append(Content(""))
        found.append(Content.styled("Hyperparameters", "bold"))
        for name, knob in knobs().items():
            when = "applies at once" if knob.live else "applies at the next start"
            found.append(Content(f"  {knob.label:<18} {knob.help}"))
            found.append(Content.styled(f"  {'':<18} {limits_text(name)}; {when}", "dim"))
        return lines(found)

    def action_scroll(self, direction: int) -> None:
        """One line up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=direction, animate=False)
