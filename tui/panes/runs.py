"""Recent runs with their status and result; Enter shows one, live or ended."""

from __future__ import annotations

from textual.app import ComposeResult, RenderResult
from textual.content import Content
from textual.events import Click

from lrtui.core.store import Run
from lrtui.tui.keys import bind
from lrtui.tui.panes.base import Pane
from lrtui.tui.panes.filter_line import Narrowed, filter_keys, holds
from lrtui.tui.render.columns import Column, fitted
from lrtui.tui.render.diagnosis import WORDS
from lrtui.tui.render.numbers import number
from lrtui.tui.render.wrapping import pad

LOW = 2  # lines that are too few for titles
COLUMNS = (
    Column("id", right=True),
    Column(""),
    Column("dataset", name=True),
    Column("result", 4, least=11),
    Column("epochs", 1, right=True, least=9),
    Column("test", 2, right=True, least=7),
    Column("acc", 3, right=True, least=4),
)


class RunsPane(Narrowed, Pane):
    """A list, newest first, that every process on the store fills."""

    NAME = "runs"
    BINDINGS = [
        bind("up,k", "move(-1)", "run up", show=False, id="runs.up"),
        bind("down,j", "move(1)", "run down", show=False, id="runs.down"),
        bind("home,g", "move(-9999)", "newest", show=False, id="runs.newest"),
        bind("end,G", "move(9999)", "oldest", show=False, id="runs.oldest"),
        bind("enter", "show", "show", key_display="⏎", id="runs.show"),
        *filter_keys(NAME),
    ]

    _here: int | None = None  # the run under the cursor; none: the first, whichever that is
    _place = 0  # where it stood, should it be listed no more
    _top = 0  # the first in view
    _titles = 0  # lines above it

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        yield self.make_filter(self.action_move)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a filter is typed, the keys are its own."""
        return self.hears(action)

    @property
    def runs(self) -> list[Run]:
        """The runs in the list."""
        runs = self.context.poller.runs
        if not self.wanted:
            return runs
        return [
            run
            for run in runs
            if holds(self.wanted, run.id, run.labels.name, run.source.label, *self._words(run))
        ]

    def _words(self, run: Run) -> tuple[str, ...]:
        """The doctor's verdict where there is one, and the status."""
        verdict = self.context.poller.verdicts.get(run.id)
        return (str(run.status),) if verdict is None else (WORDS[verdict], str(run.status))

    def narrow(self) -> None:
        """Runs by number, dataset, status or verdict."""
        self._to(0)

    @property
    def index(self) -> int:
        """Where the cursor stands: on its run, while others begin above it and some are listed no more."""
        if self._here is None:
            return 0
        numbers = [run.id for run in self.runs]
        place = numbers.index(self._here) if self._here in numbers else self._place
        return max(0, min(place, len(numbers) - 1))

    def _to(self, place: int) -> None:
        runs = self.runs
        self._place = max(0, min(place, len(runs) - 1))
        self._here = runs[self._place].id if self._place else None
        self.refresh()

    def render(self) -> RenderResult:
        """A run a line: number, dataset, what became of it, epochs, test loss, accuracy; titles above."""
        width, height = self.content_size
        height -= self.filter_rows
        if not self.runs:
            return Content(" No such run." if self.wanted else " No run yet.")
        rows = [self._cells(run) for run in self.runs]
        table = fitted(COLUMNS, rows, width - 2, self.glyphs.ellipsis)
        self._titles = int(height > LOW)
        shown = [Content.styled(f"  {table.head}", "dim")] * self._titles
        height -= self._titles
        shown_run, cursor = self.session.run, self.index
        self._top = max(min(self._top, cursor), cursor - height + 1, 0)
        for index, run in list(enumerate(self.runs))[self._top : self._top + height]:
            here = index == cursor and self.has_focus_within
            is_shown = shown_run is not None and shown_run.id == run.id
            marks = (self.glyphs.cursor if here else " ") + (self.glyphs.shown if is_shown else " ")
            text = f"{marks}{pad(table.line(rows[index]), width - len(marks))}"
            shown.append(Content.styled(text, "reverse" if here else "bold" if is_shown else ""))
        return Content("\n").join(shown)

    def _cells(self, run: Run) -> dict[str, str]:
        measured = run.measured or {}
        return {
            "id": str(run.id),
            "": self.glyphs.status(run.status),
            "dataset": self.glyphs.safe(run.title),
            "result": self._words(run)[0],  # what became of it the mark says
            "epochs": f"{run.epoch:,}",
            "test": number(None if run.watched else measured.get("test_loss")),
            "acc": number(measured.get("test_accuracy"), 2)[:4],
        }

    def copied(self) -> tuple[str, str]:
        """The line under the cursor, in full."""
        if not self.runs:
            return "the runs", ""
        run = self.runs[self.index]
        return f"the line of run {run.id}", " ".join(filter(None, self._cells(run).values()))

    def wheel(self, by: int) -> None:
        """The wheel moves the cursor."""
        self.action_move(by)

    def action_move(self, by: int) -> None:
        """To another run."""
        self._to(self.index + by)

    def action_show(self) -> None:
        """Show the run under the cursor."""
        if self.runs:
            self.context.show_run(self.runs[self.index].id)

    def on_click(self, event: Click) -> None:
        """A click chooses a run, a second one shows it."""
        spot = event.get_content_offset(self)
        if spot is None:
            return
        if spot.y < self._titles:
            return
        chosen = self._top + spot.y - self._titles
        if chosen == self.index or event.chain > 1:
            self._to(chosen)
            self.action_show()
        self.action_move(chosen - self.index)
