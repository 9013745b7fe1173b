"""Choosing the second field of a sweep."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from lrtui.core.config import Config, knob, knobs, shown_value
from lrtui.core.sweep.plan import GRID_STEPS, around, idle_along
from lrtui.tui.context import Context
from lrtui.tui.keys import bind
from lrtui.tui.panes.filter_line import Narrowed, filter_keys, holds
from lrtui.tui.render.wrapping import fit
from lrtui.tui.screens.base import Sheet
from lrtui.tui.screens.lists import MARK, PagedList

WIDTH, LABEL = 76, 18  # columns of the sheet, and of the name of a field


class FieldsScreen(Narrowed, Sheet[str | None]):
    """Every other field with the values that the grid would go through; Enter takes one."""

    BINDINGS = [
        bind("up,k", "move(-1)", "field", key_display="↑↓", id="fields.up"),
        bind("down,j", "move(1)", "down", show=False, id="fields.down"),
        bind("home,g", "first", "the first", show=False, id="fields.first"),
        bind("end,G", "last", "the last", show=False, id="fields.last"),
        bind("enter", "take", "take it", key_display="⏎", id="fields.take"),
        *filter_keys("fields"),
        bind("escape,q", "dismiss", "close", id="fields.close"),
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
            yield PagedList(mark=self.glyphs.cursor, markup=False, compact=True)
            yield self.make_filter(self.action_move)
        yield self.key_bar()

    def _options(self) -> list[Option]:
        """A line each; what does nothing whatever the first field is says why, and cannot be chosen."""
        room = (
            min(WIDTH, self.app.size.width) - LABEL - 6 - MARK
        )  # border, padding, scroll bar, blank, cursor
        found = []
        for name, field in knobs().items():
            if name == self._first or field.sweep.refused or not holds(self.wanted, field.label, name):
                continue
            why = idle_along(name, self._config, self._first)
            words = fit(why or self._values(name), room, self.glyphs.ellipsis)
            text = f"{field.label:<{LABEL}} {words}"
            found.append(Option(Content.styled(text, "dim" if why else ""), id=name, disabled=bool(why)))
        return found

    def _values(self, name: str) -> str:
        axis = around(self._config, name, GRID_STEPS)
        values = [shown_value(name, value) for value in axis.values]
        return f"{values[0]} to {values[-1]}, {len(values)} values" if axis.numeric else ", ".join(values)

    def on_mount(self) -> None:
        """The arrow keys move at once."""
        super().on_mount()
        names = self.query_one(OptionList)
        names.add_options(self._options())
        names.highlighted = 0
        names.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a filter is typed, the keys are its own."""
        return self.is_current and self.hears(action)

    def narrow(self) -> None:
        """Fields by their labels, or the names that the command line has for them."""
        names = self.query_one(OptionList)
        names.clear_options()
        names.add_options(self._options())
        names.highlighted = 0

    def to_list(self) -> None:
        """The arrow keys move in the list."""
        self.set_focus(self.query_one(OptionList), scroll_visible=False)

    def on_resize(self) -> None:
        """As much of each line as there is room for."""
        names = self.query_one(OptionList)
        here = names.highlighted
        if here is not None:
            names.clear_options()
            names.add_options(self._options())
            names.highlighted = here

    def action_move(self, by: int) -> None:
        """To another field."""
        names = self.query_one(OptionList)
        (names.action_cursor_down if by > 0 else names.action_cursor_up)()

    def action_first(self) -> None:
        """To the first that can be chosen."""
        self.query_one(OptionList).action_first()

    def action_last(self) -> None:
        """To the last."""
        self.query_one(OptionList).action_last()

    def action_take(self) -> None:
        """Enter."""
        self.query_one(OptionList).action_select()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """What was chosen, by Enter or a click."""
        self.dismiss(str(event.option.id))
