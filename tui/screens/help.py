"""Every key with what it does, made from the bindings, and every hyperparameter with its limits."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import TYPE_CHECKING

from textual.app import ComposeResult, RenderResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from lrtui.core.config import knobs, limits_text
from lrtui.tui.keys import key_text
from lrtui.tui.panes.base import Pane, lines
from lrtui.tui.screens.base import Sheet
from lrtui.tui.screens.doctor import DoctorScreen
from lrtui.tui.screens.inspect import InspectScreen
from lrtui.tui.screens.sweep import SweepScreen

if TYPE_CHECKING:
    from lrtui.tui.dashboard import Dashboard

Section = tuple[str, Iterable[Binding]]


Row = tuple[str, str, str]
"""What stands at the left, the words beside it, and their style; titles have nothing at the left."""

LEFT = 20


def sections(dashboard: Dashboard) -> list[Section]:
    """Every key of the dashboard, its panes and its larger sheets, made from their bindings."""
    found: list[Section] = [("Everywhere", _own([*dashboard.BINDINGS, *Pane.BINDINGS]))]
    for pane in dashboard.body.panes.values():
        bindings = _own(vars(type(pane)).get("BINDINGS", ()))
        if bindings:
            found.append((f"In {pane.NAME}", bindings))
    found.append(("In the doctor's letter", _own(DoctorScreen.BINDINGS)))
    found.append(("In an inspection", _own(InspectScreen.BINDINGS)))
    return [*found, ("In a sweep", _own(SweepScreen.BINDINGS))]


def _own(bindings: Iterable[BindingType]) -> list[Binding]:
    return [binding for binding in bindings if isinstance(binding, Binding)]


class HelpText(Widget):
    """Rows of words beside their names; long ones go on below, where they began."""

    DEFAULT_CSS = "HelpText { height: auto; }"

    def __init__(self, rows: list[Row]) -> None:
        super().__init__()
        self._rows = rows

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the words need."""
        return len(self._lines(width))

    def render(self) -> RenderResult:
        """All of it."""
        return lines(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        found = []
        for left, words, style in self._rows:
            if not left:
                found.append(Content.styled(words, style))
                continue
            parts = wrap(words, max(width - LEFT - 3, 10)) or [""]
            if len(left) > LEFT:
                found.append(Content(f"  {left}"))
                left = ""
            for number, part in enumerate(parts):
                found.append(Content.assemble(f"  {left if number == 0 else '':<{LEFT}} ", (part, style)))
        return found


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
            yield HelpText(self._rows())

    def on_mount(self) -> None:
        """The arrow keys scroll at once."""
        super().on_mount()
        self.query_one(VerticalScroll).focus()

    def _rows(self) -> list[Row]:
        ascii_only = self.dashboard.glyphs.ascii_only
        found: list[Row] = []
        for title, bindings in self._sections:
            found.append(("", title, "bold"))
            for binding in bindings:
                keys = key_text(binding, ascii_only=ascii_only, every=True)
                found.append((keys, binding.tooltip or binding.description, ""))
            found.append(("", "", ""))
        found.append(("", "Hyperparameters", "bold"))
        for name, knob in knobs().items():
            when = "applies at once" if knob.live else "applies at the next start"
            found.append((knob.label, knob.help, ""))
            found.append((" ", f"{limits_text(name)}; {when}", "dim"))
        return found

    def action_scroll(self, direction: int) -> None:
        """One line up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=direction, animate=False)
