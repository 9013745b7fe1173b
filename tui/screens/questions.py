"""What is asked before something is done: when a person quits, and of a fix of many changes."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from lrtui.core.store import Run, Status
from lrtui.datasets.text import width
from lrtui.tui.context import Context
from lrtui.tui.fix import Fix
from lrtui.tui.render.wrapping import pad
from lrtui.tui.screens.base import Sheet


class Question(Sheet[str | None]):
    """A text, and keys that answer it."""

    def __init__(self, context: Context, title: str, text: str, below: str = "") -> None:
        super().__init__(context)
        self._title, self._text, self._below = title, text, below

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with Vertical(classes="sheet") as sheet:
            sheet.border_title, sheet.border_subtitle = self._title, self._below
            yield Static(Content(self._text))

    def action_answer(self, answer: str) -> None:
        """Close with what was chosen."""
        self.dismiss(answer or None)


class QuitScreen(Question):
    """Let the run go on (``leave``), ``stop`` it, or stay."""

    BINDINGS = [
        Binding("enter,l,y", "answer('leave')", "let it run on", key_display="⏎", id="quit.leave"),
        Binding("s,x", "answer('stop')", "stop it", id="quit.stop"),
        Binding("escape,n,q", "answer('')", "stay", id="quit.stay"),
    ]

    def __init__(self, context: Context, run: Run) -> None:
        first = "let it run on; the next lrtui shows it"
        if run.status is Status.PAUSED:
            first = "leave it paused; the next lrtui can resume it"
        text = (
            f"Run {run.id} is {run.status} at epoch {run.epoch:,} of {run.config.epochs:,}.\n\n"
            f"  Enter  {first}\n"
            "  s      stop it and keep what it learned\n"
            "  Esc    stay here"
        )
        super().__init__(context, "Quit", text)


class FixScreen(Question):
    """Field, value before and value after, a line each; Enter applies them all."""

    BINDINGS = [
        Binding("enter,f,y", "answer('apply')", "apply and start", key_display="⏎", id="fix.apply"),
        Binding("escape,n,q", "answer('')", "leave it", id="fix.leave"),
    ]

    def __init__(self, context: Context, fix: Fix) -> None:
        arrow = context.glyphs.arrow
        label = max(len(c.label) for c in fix.changes)
        before = max(width(c.before) for c in fix.changes)
        rows = (
            f"  {c.label:<{label}}  {pad(c.before, before, right=True)} {arrow} {c.after}"
            for c in fix.changes
        )
        text = "\n".join(["The next run differs from the form in:", "", *rows, ""])
        super().__init__(context, f"Fix run {fix.run_id}", text, "Enter applies, Esc leaves it")
