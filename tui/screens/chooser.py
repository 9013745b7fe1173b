"""Choosing a dataset: a filter over the catalogue, and a place to type a file's path."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from lrtui.core.errors import DatasetError
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.source import Source
from lrtui.datasets.text import safe
from lrtui.tui.screens.base import Sheet
from lrtui.tui.text import fit, share


class ChooserScreen(Sheet[Source | None]):
    """Type to filter, or a path; Enter takes the dataset under the cursor or the file."""

    BINDINGS = [
        Binding("escape", "dismiss", "close", id="chooser.close"),
        Binding("up", "move(-1)", show=False, id="chooser.up", priority=True),
        Binding("down", "move(1)", show=False, id="chooser.down", priority=True),
    ]
    DEFAULT_CSS = """
    ChooserScreen {
        & > .sheet { height: 100%; max-height: 34; width: 100; }
        Input { height: 1; border: none; padding: 0; }
        OptionList { height: 1fr; border: none; padding: 0; background: $background; scrollbar-size: 1 1; }
        #target-row { display: none; height: 1; }
        #shows { height: auto; max-height: 2; }
        #why { height: auto; color: $error; text-style: bold; }
        #hint { height: auto; color: $foreground; text-style: dim; }
    }
    """

    def __init__(self, current: Source) -> None:
        super().__init__()
        self._current = current

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = "Choose a dataset"
            yield Input(placeholder="filter, or the path of a CSV file", id="filter", compact=True)
            yield Input(placeholder="target column", id="target", compact=True)
            yield Input(placeholder="positive value (empty: the rarer)", id="positive", compact=True)
            yield OptionList(id="names", markup=False, compact=True)
            yield Static("", id="shows", markup=False)
            yield Static("", id="why", markup=False)
            yield Static(Content("Enter takes it   Up/Down move   Tab next field   Esc closes"), id="hint")

    def on_mount(self) -> None:
        """Begin with the whole catalogue and the cursor on what is on the desk."""
        super().on_mount()
        self._fill("")
        names = self.query_one("#names", OptionList)
        base = self._current.name.partition(":")[0]
        if base in CATALOGUE:
            names.highlighted = list(CATALOGUE).index(base)
        if self._current.is_file:
            typed = (self._current.name, self._current.target or "", self._current.positive or "")
            for name, text in zip(("filter", "target", "positive"), typed, strict=True):
                # An input shows its text as it is: what could harm a terminal is not put into one.
                self._input(name).value = text if safe(text) == text else ""
        self._show_file_fields()
        self._input("filter").focus()

    def _input(self, name: str) -> Input:
        return self.query_one(f"#{name}", Input)

    @property
    def _typed_file(self) -> bool:
        """Whether the text means a file and no name of the catalogue."""
        text = self._input("filter").value.strip()
        return bool(text) and not self._matches(text) and ":" not in text

    def _matches(self, text: str) -> list[str]:
        wanted = text.lower().partition(":")[0]
        return [
            name
            for name, entry in CATALOGUE.items()
            if wanted in name or (len(wanted) > 2 and wanted in entry.shows.lower())
        ]

    def _fill(self, text: str) -> None:
        glyphs = self.dashboard.glyphs
        room = min(100, self.app.size.width) - 44
        options = []
        for name in self._matches(text):
            entry = CATALOGUE[name]
            shape = f"{entry.rows:,}{glyphs.times}{entry.columns}"
            facts = f"{name:<21} {shape:>9}  {share(entry.base_rate):>5}  "
            shows = fit(entry.shows, max(room, 8), glyphs.ellipsis)
            options.append(Option(Content(f"{facts}{shows}"), id=name))
        names = self.query_one("#names", OptionList)
        names.clear_options()
        names.add_options(options)
        if options:
            names.highlighted = 0

    def _show_file_fields(self) -> None:
        shown = self._typed_file
        for name in ("target", "positive"):
            self._input(name).display = shown
        self.query_one("#names").display = not shown
        self.query_one("#shows").display = not shown

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as the person types."""
        if event.input.id == "filter":
            self._fill(event.value.strip())
            self._show_file_fields()
        self.query_one("#why", Static).update("")

    def action_move(self, by: int) -> None:
        """Move in the list while the filter keeps the focus."""
        names = self.query_one("#names", OptionList)
        if not names.display:
            (self.focus_next if by > 0 else self.focus_previous)()
        elif by > 0:
            names.action_cursor_down()
        else:
            names.action_cursor_up()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """The whole description of the dataset under the cursor."""
        entry = CATALOGUE[str(event.option.id)]
        self.query_one("#shows", Static).update(Content(entry.shows))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click in the list."""
        self.dismiss(Source(str(event.option.id)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a field: take what stands there, or say what is wrong."""
        text = self._input("filter").value.strip()
        names = self.query_one("#names", OptionList)
        try:
            if not self._typed_file and ":" not in text and names.highlighted is not None:
                name = names.get_option_at_index(names.highlighted).id
                self.dismiss(Source(str(name)))
                return
            target = self._input("target").value.strip() or None
            source = Source.parse(text, target, self._input("positive").value.strip() or None)
            if source.is_file and target is None:
                self._input("target").focus()
                self.query_one("#why", Static).update(
                    "Which column is the target? Type its name and press Enter."
                )
                return
            self.dismiss(source)
        except DatasetError as error:
            self.query_one("#why", Static).update(Content(f"{error.what} {error.fix}"))
