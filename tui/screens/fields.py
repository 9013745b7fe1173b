"""Choosing the second field of a sweep."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from lrtui.core.config import Config, knob, knobs, shown_value
from lrtui.core.sweep.plan import GRID_STEPS, around
from lrtui.tui.context import Context
from lrtui.tui.screens.base import PagedList, Sheet


class FieldsScreen(Sheet[str | None]):
    """Every other field with the values that the grid would go through; Enter takes one."""

    BINDINGS = [
        Binding("escape,q", "dismiss", "close", id="fields.close"),
        Binding("j", "move(1)", show=False, id="fields.down"),
        Binding("k", "move(-1)", show=False, id="fields.up"),
    ]
    DEFAULT_CSS = "FieldsScreen OptionList { height: auto; max-height: 20; }"

    def __init__(self, context: Context, config: Config, first: str) -> None:
        super().__init__(context)
        self._config = config
        self._first = first

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = f"Sweep {knob(self._first).label} and {self.glyphs.ellipsis}"
            sheet.border_subtitle = "Enter takes it, Esc closes"
            yield PagedList(*self._options(), markup=False, compact=True)

    def _options(self) -> list[Option]:
        found = []
        for name, field in knobs().items():
            if name == self._first or field.sweep.refused:
                continue
            axis = around(self._config, name, GRID_STEPS)
            values = [shown_value(name, value) for value in axis.values]
            words = ", ".join(values)
            if axis.numeric:
                words = f"{values[0]} to {values[-1]}, {len(values)} values"
            found.append(Option(Content(f"{field.label:<18} {words}"), id=name))
        return found

    def on_mount(self) -> None:
        """The arrow keys move at once."""
        super().on_mount()
        names = self.query_one(OptionList)
        names.highlighted = 0
        names.focus()

    def action_move(self, by: int) -> None:
        """To another field."""
        names = self.query_one(OptionList)
        (names.action_cursor_down if by > 0 else names.action_cursor_up)()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click."""
        self.dismiss(str(event.option.id))
