"""Asked when a person quits while a run goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from lrtui.core.store import Run, Status
from lrtui.tui.screens.base import Sheet

if TYPE_CHECKING:
    from lrtui.tui.dashboard import Dashboard

Answer = Literal["leave", "stop"]


class QuitScreen(Sheet[Answer | None]):
    """Let the run go on, stop it, or stay."""

    BINDINGS = [
        Binding("enter,l,y", "answer('leave')", "let it run on", key_display="⏎", id="quit.leave"),
        Binding("s,x", "answer('stop')", "stop it", id="quit.stop"),
        Binding("escape,n,q", "answer('')", "stay", id="quit.stay"),
    ]

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        run = self._run
        first = (
            "let it run on; the next lrtui shows it"
            if run.status is not Status.PAUSED
            else "leave it paused; the next lrtui can resume it"
        )
        text = (
            f"Run {run.id} is {run.status} at epoch {run.epoch:,} of {run.config.epochs:,}.\n\n"
            f"  Enter  {first}\n"
            "  s      stop it and keep what it learned\n"
            "  Esc    stay here"
        )
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = "Quit"
            yield Static(Content(text))

    def action_answer(self, answer: str) -> None:
        """Close with what was chosen."""
        self.dismiss("leave" if answer == "leave" else "stop" if answer == "stop" else None)


def leave(dashboard: Dashboard) -> None:
    """End the dashboard; where its engine holds a run, ask first what is to become of it."""
    run = dashboard.desk.own_live_run
    if run is None or isinstance(dashboard.screen, QuitScreen):
        dashboard.exit(0)
        return

    def answered(answer: Answer | None) -> None:
        if answer == "stop" and run.owner is not None:
            owner = run.owner
            dashboard.attempt(lambda: dashboard.desk.store.commands.send(owner, "stop", run.id))
        if answer is not None:
            dashboard.exit(0)

    dashboard.push_screen(QuitScreen(run), answered)
