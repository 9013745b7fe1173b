"""``/`` narrows a list to what holds the words that are typed; Enter keeps that, Esc shows all again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from lrtui.tui.keys import bind

if TYPE_CHECKING:
    from textual.widget import Widget

    Mixin = Widget
else:
    Mixin = object


def filter_keys(name: str, *, show: bool = True) -> list[BindingType]:
    """The keys of a list that can be narrowed, for the pane or sheet of this name.

    ``show`` is of ``/``; how to leave a narrowed list is always told. Esc comes before what else it does
    there: what was narrowed is wide again first.
    """
    return [
        bind("slash", "filter", "filter", key_display="/", show=show,
             tooltip="show only what holds the words that are typed", id=f"{name}.filter"),
        bind("escape", "widen", "all", key_display="Esc", tooltip="show the whole list again",
             id=f"{name}.all"),
    ]  # fmt: skip


def holds(wanted: str, *texts: object) -> bool:
    """Whether every word that is typed stands somewhere in the texts."""
    text = " ".join(map(str, texts)).lower()
    return all(word in text for word in wanted.lower().split())


class FilterInput(Input):
    """What is typed; up and down move in the list meanwhile."""

    BINDINGS = [
        bind(
            "enter,tab,shift+tab",
            "keep",
            "keep",
            key_display="⏎",
            tooltip="back to the list",
            id="filter.keep",
        ),
        bind("escape", "drop", "all", key_display="Esc", tooltip="show the whole list", id="filter.drop"),
        bind("up", "step(-1)", "move", key_display="↑↓", tooltip="a line up", id="filter.up"),
        bind("down", "step(1)", "a line down", show=False, id="filter.down"),
    ]

    def __init__(self, line: FilterLine) -> None:
        super().__init__(compact=True, select_on_focus=False)
        self.can_focus = (
            False  # until it is asked for: a screen gives the focus to the first that can have it
        )
        self._line = line

    def action_keep(self) -> None:
        """Enter."""
        self._line.keep()

    def action_drop(self) -> None:
        """Esc."""
        self._line.drop()

    def action_step(self, by: int) -> None:
        """An arrow key."""
        self._line.step(by)


class FilterLine(Horizontal):
    """One line below a list; it stays in sight for as long as the list is narrowed."""

    DEFAULT_CSS = """
    FilterLine {
        dock: bottom; display: none; height: 1; background: $background;
        Static { width: 3; height: 1; text-style: bold; }
        Input { width: 1fr; height: 1; border: none; padding: 0; background: $background; }
    }
    """

    def __init__(self, owner: Narrowed, step: Callable[[int], None]) -> None:
        """``owner`` has the list, and ``step`` moves in it."""
        super().__init__()
        self._owner, self.step = owner, step

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        yield Static(" / ", markup=False)
        yield FilterInput(self)

    def open(self) -> None:
        """Type, or go on with what was typed."""
        field = self.query_one(FilterInput)
        self.display = field.can_focus = True
        self.screen.set_focus(field)

    def on_input_changed(self, event: Input.Changed) -> None:
        """The list follows every letter."""
        event.stop()
        self._owner.show_only(event.value.strip())

    def keep(self) -> None:
        """Back to the list, as it is narrowed."""
        if not self._owner.wanted:
            self.drop()
            return
        self._owner.to_list()
        self.query_one(FilterInput).can_focus = False

    def drop(self) -> None:
        """Back to the whole list."""
        field = self.query_one(FilterInput)
        with field.prevent(Input.Changed):
            field.value = ""
        self._owner.show_only("")
        self._owner.to_list()
        self.display = field.can_focus = False


class Narrowed(Mixin):
    """What a pane or a sheet with a list needs for its filter."""

    wanted = ""  # what the list is narrowed to
    _filter: FilterLine | None = None

    def make_filter(self, step: Callable[[int], None]) -> FilterLine:
        """The line, to be composed below the list; ``step`` moves in that."""
        self._filter = FilterLine(self, step)
        return self._filter

    @property
    def filter_rows(self) -> int:
        """Lines that the filter takes from the list."""
        return int(self._filter is not None and self._filter.display)

    def show_only(self, wanted: str) -> None:
        """Show only what holds these words; all, where there are none."""
        self.wanted = wanted
        self.narrow()
        self.refresh_bindings()  # Esc shows all of it, or closes the sheet again

    def narrow(self) -> None:
        """Show what ``wanted`` leaves of the list."""
        raise NotImplementedError

    def to_list(self) -> None:
        """Give the focus to what shows the list."""
        self.screen.set_focus(self, scroll_visible=False)

    def hears(self, action: str) -> bool:
        """Whether a key of the list is heard: not while something is typed, nor Esc with all in view."""
        typing = self._filter is not None and self._filter.has_focus_within
        return not typing and (action != "widen" or bool(self.wanted))

    def action_filter(self) -> None:
        """Type what the list is to hold."""
        if self._filter is not None:
            self._filter.open()

    def action_widen(self) -> None:
        """Show the whole list again."""
        if self._filter is not None:
            self._filter.drop()
