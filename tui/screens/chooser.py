"""Choosing a dataset: a filter over the catalogue, and folders to go through by typing or by arrow keys."""

from __future__ import annotations

import os

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from lrtui.core.errors import DatasetError
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.source import Source
from lrtui.datasets.source_validation import parse_source
from lrtui.datasets.text import safe
from lrtui.tui.browsing import HERE, SEP, Entry, above, entries, is_path
from lrtui.tui.context import Context
from lrtui.tui.inspection.choice import Chosen
from lrtui.tui.render.numbers import bytes_words, share
from lrtui.tui.render.wrapping import fit, pad
from lrtui.tui.screens.base import PagedList, Sheet
from lrtui.tui.screens.inspect import InspectScreen

MOST = 300  # entries shown of a folder; a filter finds the others
SIZE = 9
LOW = 16  # rows: a lower screen has no line for the keys
HINT = "Enter takes it  Up/Down move  Tab completes  Backspace goes up  Esc closes"


Row = str | Entry
"""A line of the list: a name of the catalogue, or an entry of a folder."""


class ChooserScreen(Sheet[Chosen | None]):
    """Type to filter, or a path; Enter takes a dataset, goes into a folder, or looks at a file."""

    BINDINGS = [
        Binding("escape", "dismiss", "close", id="chooser.close"),
        Binding("up", "move(-1)", show=False, id="chooser.up", priority=True),
        Binding("down", "move(1)", show=False, id="chooser.down", priority=True),
        Binding("pageup", "move(-10)", show=False, id="chooser.ten_up", priority=True),
        Binding("pagedown", "move(10)", show=False, id="chooser.ten_down", priority=True),
        Binding("tab", "complete", show=False, id="chooser.complete", priority=True),
        Binding("backspace,left", "above", show=False, id="chooser.above", priority=True),
    ]
    DEFAULT_CSS = """
    ChooserScreen {
        & > .sheet { height: 100%; max-height: 34; width: 100; }
        Input { height: 1; border: none; padding: 0; }
        OptionList { height: 1fr; }
        #shows { height: auto; max-height: 2; }
        #why { height: auto; color: $error; text-style: bold; }
        #hint { height: auto; color: $foreground; text-style: dim; }
    }
    """

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._current, self._dropped = context.session.source, context.session.config.drop_columns
        self._rows: list[Row] = []

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = "Choose a dataset"
            yield Input(placeholder=f"filter, or a path: {HERE} ~/ /", id="filter", compact=True)
            yield PagedList(id="names", markup=False, compact=True)
            yield Static("", id="shows", markup=False)
            yield Static("", id="why", markup=False)
            hint = Static(Content(HINT), id="hint")
            hint.display = self.app.size.height >= LOW
            yield hint

    def on_mount(self) -> None:
        """Begin with the catalogue or the folder of what is at hand, and the cursor on it."""
        super().on_mount()
        self._input.focus()
        self._fill("")
        name = self._current.name
        if self._current.is_file:
            folder = os.path.dirname(name) + SEP
            # An input shows its text as it is: what could harm a terminal is not put into one.
            if safe(folder) == folder:
                self._go(folder, os.path.basename(name))
                self._input.select_all()
            return
        base = name.partition(":")[0]
        if base in CATALOGUE:
            self._names.highlighted = 1 + list(CATALOGUE).index(base)

    @property
    def _input(self) -> Input:
        return self.query_one("#filter", Input)

    @property
    def _names(self) -> OptionList:
        return self.query_one("#names", OptionList)

    @property
    def _row(self) -> Row | None:
        """The line under the cursor."""
        here = self._names.highlighted
        return None if here is None or here >= len(self._rows) else self._rows[here]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Under an inspection no key is this screen's; a filter is edited as any text."""
        if action == "above" and self.is_current:
            field = self._input
            at_end = field.selection.is_empty and field.cursor_position == len(field.value)
            return at_end and field.value.endswith(SEP)
        return super().check_action(action, parameters)

    # --- the list ---

    def _fill(self, text: str) -> None:
        """The lines for a text."""
        self._rows, why = [], ""
        if not is_path(text):
            self._rows += matches(text)
        try:
            found = [] if ":" in text and not is_path(text) else entries(text) if text else []
            exact = [e for e in found if e.name == text and not e.is_folder]
            self._rows = [*exact, *self._rows, *(e for e in found if e.name != text or e.is_folder)]
        except DatasetError as error:
            why = f"{error.what} {error.fix}" if is_path(text) else ""
        if not text:
            self._rows.insert(0, Entry("the files in this folder", HERE, True))
        more = len(self._rows) - MOST
        self._rows = self._rows[:MOST]
        names = self._names
        names.clear_options()
        names.add_options([Option(Content(self._text(row))) for row in self._rows])
        if self._rows:
            names.highlighted = 0 if text else 1
        self._say("#shows", f"{more:,} more; type to find them" if more > 0 else "")
        self._say("#why", self.glyphs.safe(why, 400))

    def _text(self, row: Row) -> str:
        glyphs = self.glyphs
        room = min(100, self.app.size.width) - 7  # border, padding, scroll bar
        if isinstance(row, str):
            entry = CATALOGUE[row]
            shape = f"{entry.rows:,}{glyphs.times}{entry.columns}"
            facts = f"{row:<21} {shape:>9}  {share(entry.base_rate):>5}  "
            return facts + fit(entry.shows, max(room - 38, 8), glyphs.ellipsis)
        if row.text == HERE:
            return f"{HERE:<21} {row.name}"
        if row.is_folder:
            return fit(glyphs.safe(row.name + SEP), room, glyphs.ellipsis)
        size = row.size
        shown = "" if size is None else bytes_words(size)
        name = fit(glyphs.safe(row.name), max(room - SIZE - 1, 8), glyphs.ellipsis)
        return f"{pad(name, max(room - SIZE - 1, 8))} {shown:>{SIZE}}"

    def _say(self, where: str, text: str) -> None:
        self.query_one(where, Static).update(Content(text))

    def _go(self, text: str, name: str = "") -> None:
        """To another folder, with the cursor on an entry of it."""
        field = self._input
        with field.prevent(Input.Changed):
            field.value = text
        field.cursor_position = len(text)
        self._fill(text)
        places = (i for i, row in enumerate(self._rows) if isinstance(row, Entry) and row.name == name)
        if self._rows:
            self._names.highlighted = next(places, 0)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as the person types."""
        self._fill(event.value.strip())

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """The whole description of the dataset under the cursor."""
        row = self._row
        if isinstance(row, str):
            self._say("#shows", CATALOGUE[row].shows)
        elif len(self._rows) < MOST:
            self._say("#shows", "")

    # --- the keys ---

    def action_move(self, by: int) -> None:
        """Move in the list while the filter keeps the focus."""
        names = self._names
        if self._rows:
            here = 0 if names.highlighted is None else names.highlighted
            last = len(self._rows) - 1
            names.highlighted = (here + by) % (last + 1) if abs(by) == 1 else min(max(here + by, 0), last)

    def action_complete(self) -> None:
        """The name under the cursor, as far as it goes without leaving."""
        row = self._row
        text = row.text if isinstance(row, Entry) else row
        if text is not None and safe(text) == text:
            self._go(text)

    def action_above(self) -> None:
        """To the folder above, with the cursor on the one that was left."""
        self._go(*above(self._input.value.strip()))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click in the list."""
        self._take()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: take what is under the cursor or stands in the field, or say what is wrong."""
        self._take()

    def _take(self) -> None:
        row, text = self._row, self._input.value.strip()
        try:
            if isinstance(row, Entry) and row.is_folder:
                self._enter(row)
            elif isinstance(row, Entry):
                self._look_at(parse_source(row.text))
            elif row is not None and ":" not in text:
                self.dismiss(Chosen(Source(row)))
            else:
                self._look_at(parse_source(text))
        except DatasetError as error:
            self._say("#why", self.glyphs.safe(f"{error.what} {error.fix}", 400))

    def _enter(self, folder: Entry) -> None:
        if safe(folder.text, 4000) != folder.text:
            raise DatasetError(
                "The name of this folder holds characters that a field cannot show.",
                "Start lrtui in that folder, or rename it.",
            )
        self._go(folder.text)

    def _look_at(self, source: Source) -> None:
        """A table is looked at first; Esc there comes back here."""
        if not source.is_table:
            self.dismiss(Chosen(source))
            return
        again = source.name == self._current.name

        def left(chosen: Chosen | None) -> None:
            if chosen is not None:
                self.dismiss(chosen)

        shown = (self._current, self._dropped) if again else (source, ())
        self.app.push_screen(InspectScreen(self.context, *shown), left)


def matches(text: str) -> list[str]:
    """The names of the catalogue that a text finds, by themselves or by what they show."""
    wanted = text.lower().partition(":")[0]
    return [
        name
        for name, entry in CATALOGUE.items()
        if wanted in name or (len(wanted) > 2 and wanted in entry.shows.lower())
    ]
