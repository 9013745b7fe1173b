"""Recent runs with their status and result; Enter shows one, live or ended."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.events import Click
from textual.reactive import reactive

from lrtui.core.store import Run
from lrtui.tui.keys import bind
from lrtui.tui.panes.base import Pane
from lrtui.tui.render.diagnosis import WORDS
from lrtui.tui.render.numbers import number
from lrtui.tui.render.wrapping import fit, pad


class RunsPane(Pane):
    """A list, newest first, that every process on the store fills."""

    NUMBER = 6
    NAME = "runs"
    BINDINGS = [
        bind("up,k", "move(-1)", "run up", show=False, id="runs.up"),
        bind("down,j", "move(1)", "run down", show=False, id="runs.down"),
        bind("home,g", "move(-9999)", "newest", show=False, id="runs.newest"),
        bind("end,G", "move(9999)", "oldest", show=False, id="runs.oldest"),
        bind("enter", "show", "show", key_display="⏎", id="runs.show"),
    ]

    index = reactive(0)
    _top = 0  # the first in view

    @property
    def runs(self) -> list[Run]:
        """The runs in the list."""
        return self.context.poller.runs

    def validate_index(self, index: int) -> int:
        """The cursor stays in the list."""
        return min(max(index, 0), max(0, len(self.runs) - 1))

    def render(self) -> RenderResult:
        """A run a line: number, status or the doctor's verdict, dataset, epochs, test loss and accuracy."""
        width, height = self.content_size
        if not self.runs:
            return Content(" No run yet.")
        shown_run = self.session.run
        self._top = max(min(self._top, self.index), self.index - height + 1, 0)
        shown = []
        for index, run in list(enumerate(self.runs))[self._top : self._top + height]:
            mark = self.glyphs.cursor if shown_run is not None and shown_run.id == run.id else " "
            text = f"{mark}{self._text(run, width - 1)}"
            here = index == self.index and self.has_focus
            shown.append(Content.styled(text, "reverse" if here else "bold" if mark != " " else ""))
        return Content("\n").join(shown)

    def _text(self, run: Run, width: int) -> str:
        measured = run.measured or {}
        accuracy = number(measured.get("test_accuracy"), 2)[:4]
        head = f"{run.id:>3} {self.glyphs.status(run.status)} "
        tail = f" {accuracy:>4}"
        verdict = self.context.poller.verdicts.get(run.id)
        word = run.status if verdict is None else WORDS[verdict]  # what became of it the mark says
        if width >= 52:
            tail = f" {word!s:<11} {run.epoch:>9,} {number(measured.get('test_loss')):>7}{tail}"
        elif width >= 32:
            tail = f" {word!s:<11}{tail}"
        room = width - len(head) - len(tail)
        name = fit(self.glyphs.safe(run.source.label), room, self.glyphs.ellipsis)
        return f"{head}{pad(name, room)}{tail}"

    def wheel(self, by: int) -> None:
        """The wheel moves the cursor."""
        self.action_move(by)

    def action_move(self, by: int) -> None:
        """To another run."""
        self.index += by
        self.refresh()

    def action_show(self) -> None:
        """Show the run under the cursor."""
        if self.runs:
            self.context.show_run(self.runs[self.index].id)

    def on_click(self, event: Click) -> None:
        """A click chooses a run, a second one shows it."""
        spot = event.get_content_offset(self)
        if spot is None:
            return
        chosen = self._top + spot.y
        if chosen == self.index or event.chain > 1:
            self.index = chosen
            self.action_show()
        self.action_move(chosen - self.index)
