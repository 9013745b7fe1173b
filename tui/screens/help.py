"""Every key with what it does, made from the bindings, and every hyperparameter with its limits."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from textual.binding import Binding, BindingType
from textual.content import Content

from lrtui.core.config import knobs, limits_text
from lrtui.tui.context import Context
from lrtui.tui.keys import bind, in_force, key_text
from lrtui.tui.panes.base import Pane
from lrtui.tui.panes.filter_line import filter_keys, holds
from lrtui.tui.screens.base import PageSheet
from lrtui.tui.screens.compare import CompareScreen
from lrtui.tui.screens.doctor import DoctorScreen
from lrtui.tui.screens.inspect import InspectScreen
from lrtui.tui.screens.runs import RunsScreen
from lrtui.tui.screens.sweep import SweepScreen

Section = tuple[str, Iterable[Binding]]
Row = tuple[str, str, str]
"""What stands at the left, the words beside it, and their style; titles have nothing at the left."""

LEFT, NARROW = 20, 10  # columns for what stands at the left, and where there are not many
WIDE = 60


def sections(everywhere: Iterable[BindingType], panes: Iterable[Pane]) -> list[Section]:
    """Every key of the dashboard, its panes and its larger sheets, made from their bindings."""
    given: list[tuple[str, Iterable[BindingType]]] = [
        ("Everywhere", [*everywhere, *Pane.BINDINGS]),
        *((f"In {pane.NAME}", vars(type(pane)).get("BINDINGS", ())) for pane in panes),
        ("In the doctor's letter", DoctorScreen.BINDINGS),
        ("In an inspection", InspectScreen.BINDINGS),
        ("In a sweep", SweepScreen.BINDINGS),
        ("In the table of all runs", RunsScreen.BINDINGS),
        ("Beside one another", CompareScreen.BINDINGS),
    ]
    found = ((title, [b for b in bindings if isinstance(b, Binding)]) for title, bindings in given)
    return [(title, bindings) for title, bindings in found if bindings]


class HelpScreen(PageSheet[None]):
    """Scrolls with the arrow keys; Esc, q or ? leaves."""

    BINDINGS = [
        bind("up,k", "scroll(-1)", "scroll", key_display="↑↓", id="help.up"),
        bind("down,j", "scroll(1)", "a line down", show=False, id="help.down"),
        *filter_keys("help"),
        bind("escape,q,question_mark", "dismiss", "close", id="help.close"),
    ]

    def __init__(self, context: Context, sections: list[Section]) -> None:
        super().__init__(context)
        self._sections = sections

    def on_mount(self) -> None:
        """Say what it is."""
        super().on_mount()
        self.set_title("Help")

    def lines(self, width: int) -> list[Content]:
        """Rows of words beside their names; long ones go on below, where they began."""
        found = []
        room = LEFT if width >= WIDE else NARROW
        for left, words, style in self._narrowed(self._rows()):
            if not left:
                found.append(Content.styled(words, style))
                continue
            parts = wrap(words, max(width - room - 3, 10)) or [""]
            if len(left) > room:
                found.append(Content(f"  {left}"))
                left = ""
            for number, part in enumerate(parts):
                found.append(Content.assemble(f"  {left if number == 0 else '':<{room}} ", (part, style)))
        return found

    def _narrowed(self, rows: list[Row]) -> list[Row]:
        """The rows that hold what is typed, under their titles."""
        if not self.wanted:
            return rows
        found: list[Row] = []
        title: Row | None = None
        for left, words, style in rows:
            if not left:
                title = (left, words, style) if words else None
            elif holds(self.wanted, left, words, title and title[1]):
                found += [(left, words, style)] if title is None else [title, (left, words, style)]
                title = None
        return found or [("", "Nothing is called so.", "")]

    def _rows(self) -> list[Row]:
        ascii_only = self.glyphs.ascii_only
        found: list[Row] = []
        for title, bindings in self._sections:
            found.append(("", title, "bold"))
            for binding in in_force(bindings, self.app._keymap):
                keys = key_text(binding, ascii_only=ascii_only, every=True)
                found.append((keys, binding.tooltip or binding.description, ""))
            found.append(("", "", ""))
        found.append(("", "Hyperparameters", "bold"))
        for name, knob in knobs().items():
            when = "applies at once" if knob.live else "applies at the next start"
            found.append((knob.label, knob.help, ""))
            found.append((" ", f"{limits_text(name)}; {when}", "dim"))
        return found
