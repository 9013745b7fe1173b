"""Taking a run away: which format, and where to."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from lrtui.core.errors import LrtuiError
from lrtui.core.export.formats import FORMATS
from lrtui.core.store import Run
from lrtui.datasets.text import quote
from lrtui.tui.context import Context
from lrtui.tui.keys import bind
from lrtui.tui.pictures import save_picture
from lrtui.tui.render.wrapping import fit, wrapped
from lrtui.tui.screens.base import Sheet
from lrtui.tui.screens.lists import MARK, PagedList
from lrtui.tui.taking_away import Export, Outcome

SAID = 7  # lines of an answer, at most
WIDTH, NAME = 76, 14  # columns of the sheet, and of the name of a format
PICTURES = {"pane": "the pane with the focus, as a picture", "screen": "the whole screen, as a picture"}
SVG = (".svg",)
Picture = Callable[[str], str]
"""From ``pane`` or ``screen`` to its SVG."""


class ExportScreen(Sheet[None]):
    """A format under the cursor, a path below it; Enter writes it there."""

    BINDINGS = [
        bind("enter", "write", "write it", key_display="⏎", id="export.write"),
        bind("up", "move(-1)", "format", key_display="↑↓", id="export.up"),
        bind("down", "move(1)", "the next format", show=False, id="export.down"),
        bind("pageup", "move(-99)", "the first", show=False, id="export.first"),
        bind("pagedown", "move(99)", "the last", show=False, id="export.last"),
        Binding("escape", "dismiss", "close", id="export.close"),
    ]
    DEFAULT_CSS = """
    ExportScreen {
        Horizontal { height: 1; }
        #to { width: auto; height: 1; }
        Input { width: 1fr; height: 1; border: none; padding: 0; background: $background; }
        OptionList { height: auto; }
        #said { height: auto; }
        #said.-wrong { color: $error; text-style: bold; }
    }
    """

    def __init__(self, context: Context, run: Run, export: Export, picture: Picture) -> None:
        """``export`` writes a format of the run; ``picture`` draws what lies below this sheet."""
        super().__init__(context)
        self._run, self._export, self._picture = run, export, picture
        fit_for = [one for one in FORMATS.values() if one.scripts or not run.watched]
        self._names = [*(one.name for one in fit_for), *PICTURES]
        self._proposed = self._proposed_for = ""
        self._writing = False
        self._said = ""

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = f"Take run {self._run.id} away"
            yield PagedList(mark=self.glyphs.cursor, markup=False, compact=True)
            with Horizontal():
                yield Static("to ", id="to", markup=False)
                yield Input(id="path", compact=True)
            yield Static("", id="said", markup=False)
        yield self.key_bar()

    def on_mount(self) -> None:
        """What is typed is the path; the arrow keys move."""
        super().on_mount()
        self.query_one(OptionList).can_focus = False
        self._fill()
        self._path.focus()
        self._propose()

    def on_resize(self) -> None:
        """Path and answer are seen at any size; the list has the rest."""
        self._fill()

    def _fill(self) -> None:
        width, height = self.app.size
        room = min(WIDTH, width) - NAME - 6 - MARK  # border, padding, scroll bar, blank, cursor
        does = {one.name: one.does for one in FORMATS.values()} | PICTURES
        lines = [f"{name:<{NAME}}{fit(does[name], room, self.glyphs.ellipsis)}" for name in self._names]
        names, said = self.query_one(OptionList), self.query_one("#said", Static)
        at = names.highlighted or 0
        names.set_options([Option(Content(line)) for line in lines])
        names.highlighted = at
        lines = self._said.split("\n")
        answer = sum(len(wrapped(line, max(min(WIDTH, width) - 4, 16))) for line in lines)
        answer = min(answer, SAID, height // 3)
        said.styles.max_height = max(answer, 1)
        names.styles.max_height = max(1, height - 4 - answer)  # border, keys, path

    @property
    def _path(self) -> Input:
        return self.query_one(Input)

    @property
    def _chosen(self) -> str:
        return self._names[self.query_one(OptionList).highlighted or 0]

    @property
    def _suffixes(self) -> tuple[str, ...]:
        return SVG if self._chosen in PICTURES else FORMATS[self._chosen].suffixes

    def on_option_list_option_highlighted(self) -> None:
        """Another format has another name, and one that was typed another suffix."""
        self._propose()

    def action_move(self, by: int) -> None:
        """To another format."""
        names = self.query_one(OptionList)
        names.highlighted = min(max((names.highlighted or 0) + by, 0), len(self._names) - 1)
        self._propose()

    def _propose(self) -> None:
        typed, own = self._path.value, self._chosen
        if own == self._proposed_for:
            return
        self._proposed_for = own
        stem = own if own in PICTURES else FORMATS[own].stem
        if typed in ("", self._proposed):
            typed = f"run-{self._run.id}-{stem}{self._suffixes[0]}"
        elif os.path.splitext(typed)[1].lower() not in self._suffixes:
            typed = os.path.splitext(typed)[0] + self._suffixes[0]
        else:
            return
        self._proposed = typed
        self._path.value = typed
        self._path.cursor_position = len(typed)
        self._say("")

    def _say(self, words: str, *, wrong: bool = False) -> None:
        said = self.query_one("#said", Static)
        said.set_class(wrong, "-wrong")
        said.update(Content(words))
        self._said = words
        self._fill()

    def action_write(self) -> None:
        """Write what is under the cursor to the path."""
        if self._writing:
            return
        text = self._path.value.strip()
        if not text:
            self._say("No path is given. Type one.", wrong=True)
            return
        path = Path(os.path.abspath(os.path.expanduser(text)))
        if self._chosen in PICTURES:
            self._save(path)
            return
        self._writing = True
        self._say(f"Writing {self._chosen}{self.glyphs.ellipsis}")
        self.app.run_worker(self._written(self._chosen, path), exit_on_error=False)

    def _save(self, path: Path) -> None:
        try:
            saved = save_picture(self._picture(self._chosen), path)
        except LrtuiError as error:
            self._say(str(error), wrong=True)
        else:
            self._say(f"Written to {quote(str(saved))}.")

    async def _written(self, name: str, path: Path) -> None:
        """Wait for it; where the sheet was closed meanwhile, the banner says what came of it."""
        home = self.context.session.store.path.parent
        found: Outcome = await self._export(self._run.id, name, path, home)
        self._writing = False
        if self.is_attached and self.is_current:
            self._say(found.words, wrong=not found.done)
        else:
            self.context.tell(found.words.split("\n")[0])
