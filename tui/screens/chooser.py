"""Choosing a dataset: a filter over the catalogue, and folders to go through by typing or by arrow keys."""

from __future__ import annotations

import os
import shlex
from operator import itemgetter

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from lrtui.core.errors import DatasetError, EngineError
from lrtui.core.store.scripts import Asked
from lrtui.datasets.address import bared, scheme_of
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.source import Source
from lrtui.datasets.source_validation import parse_source
from lrtui.datasets.text import safe
from lrtui.tui.browsing import HERE, SCRIPT, SEP, Entry, above, entries, is_path
from lrtui.tui.context import Context
from lrtui.tui.inspection.choice import Chosen
from lrtui.tui.keys import bind
from lrtui.tui.render.key_names import key_name
from lrtui.tui.render.numbers import bytes_words, share
from lrtui.tui.render.wrapping import fit, pad
from lrtui.tui.screens.base import Sheet
from lrtui.tui.screens.inspect import InspectScreen
from lrtui.tui.screens.lists import MARK, PagedList
from lrtui.tui.script_keys import asked_of

ELSEWHERE = "{} looks at what stands at this address."
MOST = 300  # entries shown of a folder; a filter finds the others
SIZE = 9
NAME, SHAPE, SHARE, SHOWS = 21, 10, 7, 16  # columns for a dataset: its name, then what there is room for


Row = str | Entry
"""A line of the list: a name of the catalogue, or an entry of a folder."""


class ChooserScreen(Sheet[Chosen | Asked | None]):
    """Type to filter, or a path; Enter takes a dataset, goes into a folder, or looks at a file.

    A script, which may be typed with its arguments, is what it closes with as it is to be run.
    """

    BINDINGS = [
        bind("enter", "take", "take it", key_display="⏎", id="chooser.take"),
        bind("up", "move(-1)", "move", key_display="↑↓", id="chooser.up"),
        bind("down", "move(1)", "", show=False, id="chooser.down"),
        Binding("pageup", "move(-10)", show=False, id="chooser.ten_up", priority=True),
        Binding("pagedown", "move(10)", show=False, id="chooser.ten_down", priority=True),
        bind("tab", "complete", "complete", id="chooser.complete"),
        bind("backspace,left", "above", "folder above", key_display="Backspace", id="chooser.above"),
        Binding("escape", "dismiss", "close", id="chooser.close"),
    ]
    DEFAULT_CSS = """
    ChooserScreen {
        & > .sheet { height: 100%; max-height: 34; width: 100; }
        Input { height: 1; border: none; padding: 0; }
        OptionList { height: 1fr; }
        #titles { height: 1; text-style: dim; }
        #shows { height: auto; max-height: 2; }
        #why { height: auto; color: $error; text-style: bold; }
    }
    """

    def __init__(self, context: Context, *, scripts: bool = False) -> None:
        """``scripts``: there is nothing but scripts to choose from."""
        super().__init__(context)
        session, self._scripts = context.session, scripts
        self._current, self._dropped = session.source, session.config.drop_columns
        self._codes = session.config.missing_codes
        self._rows: list[Row] = []

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = "Watch a script" if self._scripts else "Choose a dataset"
            hint = "a script, and its arguments" if self._scripts else f"filter, or a path: {HERE} ~/ /"
            yield Input(placeholder=hint, id="filter", compact=True)
            yield Static("", id="titles", markup=False)
            yield PagedList(id="names", mark=self.glyphs.cursor, markup=False, compact=True)
            yield Static("", id="shows", markup=False)
            yield Static("", id="why", markup=False)
        yield self.key_bar()

    def on_mount(self) -> None:
        """Begin with the catalogue or the folder of what is at hand, and the cursor on it."""
        super().on_mount()
        self._input.focus()
        if self._scripts:
            self._go(HERE)
            return
        self._fill("")
        name = self._current.name
        if self._current.is_elsewhere:
            if safe(name, len(name)) == name:
                self._go(name)
                self._input.select_all()
            return
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

    @property
    def _first(self) -> int:
        """Where the cursor begins: on the first line, or the first script."""
        rows = enumerate(self._rows if self._scripts else ())
        return next((at for at, row in rows if isinstance(row, Entry) and row.is_script), 0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Under an inspection no key is this screen's; a filter is edited as any text."""
        if action == "above" and self.is_current:
            field = self._input
            at_end = field.selection.is_empty and field.cursor_position == len(field.value)
            return at_end and field.value.endswith(SEP) and field.value != SEP  # which nothing is above
        return super().check_action(action, parameters)

    # --- the list ---

    def _fill(self, text: str) -> None:
        """The lines for a text."""
        files, why = list[Entry](), ""
        address = scheme_of(text) is not None
        try:
            files = [] if address or (":" in text and not is_path(text)) else entries(text) if text else []
        except DatasetError as error:
            why = f"{error.what} {error.fix}" if is_path(text) else ""
        self._rows = list(files) if is_path(text) else found(text, files)
        if self._scripts:
            self._rows = [file for file in files if file.is_folder or file.is_script]
        elif not text:
            self._rows.insert(0, Entry("the files in this folder", HERE, True))
        more = len(self._rows) - MOST
        self._rows = self._rows[:MOST]
        names = self._names
        names.clear_options()
        names.add_options([Option(Content(self._text(row))) for row in self._rows])
        self._show_titles()
        if self._rows:
            names.highlighted = self._first if text else 1
        below = f"{more:,} more; type to find them" if more > 0 else ""
        self._say("#shows", ELSEWHERE.format(key_name("chooser.take")) if address else below)
        self._say("#why", self.glyphs.safe(why, 400))

    def _text(self, row: Row) -> str:
        glyphs = self.glyphs
        room = self._room
        if isinstance(row, str):
            entry = CATALOGUE[row]
            shape = f"{entry.rows:,}{glyphs.times}{entry.columns}"
            return self._in_columns(row, shape, share(entry.base_rate), entry.shows)
        if row.text == HERE:
            wide = f"{HERE:<{NAME}} {row.name}"
            return wide if len(wide) <= room else fit(f"{HERE} {row.name}", room, glyphs.ellipsis)
        if row.is_folder:
            return fit(glyphs.safe(row.name + SEP), room, glyphs.ellipsis)
        size = row.size
        shown = "" if size is None else bytes_words(size)
        name = fit(glyphs.safe(row.name), max(room - SIZE - 1, 8), glyphs.ellipsis)
        return f"{pad(name, max(room - SIZE - 1, 8))} {shown:>{SIZE}}"

    @property
    def _room(self) -> int:
        return min(100, self.app.size.width) - 5 - MARK  # border, padding, scroll bar, cursor

    def _in_columns(self, name: str, shape: str, ones: str, shows: str) -> str:
        """One line, of as many cells as find room."""
        text, dots = pad(fit(name, min(NAME, self._room), self.glyphs.ellipsis), NAME), self.glyphs.ellipsis
        for cell, columns in ((shape, SHAPE), (ones, SHARE)):
            if len(text) + columns > self._room:
                return text
            text += pad(cell, columns, right=True)
        room = self._room - len(text) - 2
        return f"{text}  {fit(shows, room, dots)}" if room >= SHOWS else text

    def _show_titles(self) -> None:
        """What the columns of the catalogue are, where some of it is listed."""
        titles = self.query_one("#titles", Static)
        titles.display = any(isinstance(row, str) for row in self._rows)
        titles.update(
            Content(self._in_columns("dataset", f"rows{self.glyphs.times}cols", "are 1", "shows"))
        )

    def on_resize(self) -> None:
        """As much of each line as there is room for."""
        for place, row in enumerate(self._rows):
            self._names.replace_option_prompt_at_index(place, Content(self._text(row)))
        self._show_titles()

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
            self._names.highlighted = next(places, self._first)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as the person types."""
        self._fill(event.value.strip())
        self.refresh_bindings()

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

    def action_take(self) -> None:
        """Enter: take what is under the cursor or stands in the field, or say what is wrong."""
        self._take()

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

    def _take(self) -> None:
        row, text = self._row, self._input.value.strip()
        try:
            if isinstance(row, Entry) and row.is_folder:
                self._enter(row)
            elif asked := asked_of(shlex.quote(row.text) if isinstance(row, Entry) else text):
                self.dismiss(asked)
            elif self._scripts:
                self._say("#why", f"Give the path of a Python script: it ends with {SCRIPT}.")
            elif isinstance(row, Entry):
                self._look_at(parse_source(row.text))
            elif row is not None and ":" not in text:
                self.dismiss(Chosen(Source(row)))
            else:
                self._look_at(parse_source(text))
        except (DatasetError, EngineError) as error:
            if scheme_of(text) is not None:  # a password does not stay on the screen
                with self._input.prevent(Input.Changed):
                    self._input.value = bared(text)
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
        self.app.push_screen(InspectScreen(self.context, *shown, self._codes), left)


def found(text: str, files: list[Entry]) -> list[Row]:
    """What a text finds, the nearest first: what is called just that, then what begins with it.

    After these come names of the catalogue that hold it, and datasets whose description does. ``files`` are
    those whose names begin with it.
    """
    wanted = text.lower().partition(":")[0]
    ranked: list[tuple[int, Row]] = [
        (rank, name)
        for name, entry in CATALOGUE.items()
        if (rank := _rank(wanted, name, entry.shows.lower())) is not None
    ]
    ranked += [(0 if file.name == text and not file.is_folder else 1, file) for file in files]
    return [row for _, row in sorted(ranked, key=itemgetter(0))]


def _rank(wanted: str, name: str, shows: str) -> int | None:
    """How near a name of the catalogue is to what is typed; ``None`` where it is not meant."""
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    if wanted in name:
        return 2
    return 3 if len(wanted) > 2 and wanted in shows else None
