"""What is asked before something is done: when a person quits, and of a fix of many changes."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from lrtui.core.store import Run, Status
from lrtui.datasets.text import width as columns
from lrtui.tui.context import Context
from lrtui.tui.fix import Fix
from lrtui.tui.render.key_names import key_name
from lrtui.tui.render.wrapping import pad, wrapped
from lrtui.tui.screens.base import PageText, Sheet

Row = tuple[str, str]
"""What stands at the left, and words that go on below where they began."""

MOST = 6  # runs that are told one by one


class Question(Sheet[str | None]):
    """Rows of text, and keys that answer them."""

    def __init__(self, context: Context, title: str, rows: list[Row]) -> None:
        super().__init__(context)
        self._title, self._rows = title, rows

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = self._title
            yield PageText(self._lines)
        yield self.key_bar()

    def _lines(self, width: int) -> list[Content]:
        found = (wrapped(words, max(width, 16), head, " " * columns(head)) for head, words in self._rows)
        return [Content(line) for lines in found for line in lines]

    def action_answer(self, answer: str) -> None:
        """Close with what was chosen."""
        self.dismiss(answer or None)


class QuitScreen(Question):
    """Let the runs go on (``leave``), ``stop`` them, or stay."""

    BINDINGS = [
        Binding("enter,y", "answer('leave')", "let it run on", key_display="⏎", id="quit.leave"),
        Binding("s,x", "answer('stop')", "stop it", id="quit.stop"),
        Binding("escape,n,q", "answer('')", "stay", id="quit.stay"),
    ]

    def __init__(self, context: Context, runs: list[Run]) -> None:
        it = "it" if len(runs) == 1 else "them"
        first = f"let {it} run on; the next lrtui shows {it}"
        if all(run.status is Status.PAUSED for run in runs):
            first = f"leave {it} paused; the next lrtui can resume {it}"
        self._words = {"quit.leave": first.partition(";")[0], "quit.stop": f"stop {it}"}
        own = context.session.engine.token
        here = (run.owner == own or run.watched for run in runs)
        where = ("" if own_one else ", in another process" for own_one in here)
        rows = [
            ("", f"Run {run.id} is {how_far(run)}{place}.")
            for run, place in zip(runs[:MOST], where, strict=False)
        ]
        if len(runs) > MOST:
            rows.append(("", f"{len(runs) - MOST} more go on."))
        stop = f"stop {it} and keep what was learned"
        answers = _answers({"quit.leave": first, "quit.stop": stop, "quit.stay": "stay here"})
        super().__init__(context, "Quit", [*rows, ("", ""), *answers])

    def words_for(self, binding: Binding) -> str:
        """Of one run or of several, as the question has it."""
        return self._words.get(binding.id or "", binding.description)


class ResetScreen(Question):
    """Go back to untrained, which ends a run that has trained for long; or stay."""

    BINDINGS = [
        Binding("enter,r,y", "answer('reset')", "reset", key_display="⏎", id="reset.reset"),
        Binding("escape,n,q", "answer('')", "stay", id="reset.stay"),
    ]

    def __init__(self, context: Context, run: Run) -> None:
        stop = "stop it, and go back to untrained; under Runs it can go on"
        rows = [
            ("", f"Run {run.id} is {how_far(run)}."),
            ("", ""),
            *_answers({"reset.reset": stop, "reset.stay": "stay here"}),
        ]
        super().__init__(context, "Reset", rows)


def _answers(words: dict[str, str]) -> list[Row]:
    """What can be answered, by the id of the action, with its key before it."""
    keys = {action: key_name(action) for action in words}
    room = max(map(columns, keys.values()))
    return [(f"  {pad(keys[action], room)}  ", does) for action, does in words.items()]


def how_far(run: Run) -> str:
    """``running at epoch 1,200 of 5,000``."""
    if run.watched:
        return f"a script that runs, at step {run.epoch:,}"
    return f"{run.status} at epoch {run.epoch:,} of {run.config.epochs:,}"


class FixScreen(Question):
    """Field, value before and value after, a line each; Enter applies them all."""

    BINDINGS = [
        Binding("enter,f,y", "answer('apply')", "apply and start", key_display="⏎", id="fix.apply"),
        Binding("escape,n,q", "answer('')", "leave it", id="fix.leave"),
    ]

    def __init__(self, context: Context, fix: Fix) -> None:
        arrow = context.glyphs.arrow
        label = max(len(c.label) for c in fix.changes)
        before = max(columns(c.before) for c in fix.changes)
        rows = [
            (f"  {c.label:<{label}}  ", f"{pad(c.before, before, right=True)} {arrow} {c.after}")
            for c in fix.changes
        ]
        what = ("", "The next run differs from the form in:")
        super().__init__(context, f"Fix run {fix.run_id}", [what, ("", ""), *rows, ("", "")])
