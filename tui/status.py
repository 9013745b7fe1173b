"""The lines around the panes: what is on the desk, how it goes, and what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from lrtui.core.store import Run, Status
from lrtui.core.store.loads import Load
from lrtui.datasets.text import safe, width
from lrtui.tui.desk import NAME_TARGET
from lrtui.tui.panes.dataset import DatasetPane
from lrtui.tui.panes.metrics import summary
from lrtui.tui.text import clock, fit, in_lines
from lrtui.tui.trouble import remark, trouble

if TYPE_CHECKING:
    from lrtui.tui.dashboard import Dashboard

WIDE = 60  # columns
LONGEST = 400  # characters of a sentence here
LINES = 3  # of the banner
WORDS = {
    Status.QUEUED: "starting",
    Status.RUNNING: "training",
}


class _Line(Widget):
    """One line that shows the state of the app."""

    DEFAULT_CSS = "_Line { height: 1; width: 100%; }"

    @property
    def dashboard(self) -> Dashboard:
        """The app, by its own type."""
        return cast("Dashboard", self.app)

    def update(self) -> None:
        """Show the present state."""
        self.refresh()


class StatusLine(_Line):
    """The name, the dataset, and at the right what is going on."""

    DEFAULT_CSS = "StatusLine { text-style: bold; }"

    def render(self) -> RenderResult:
        """Left the dataset, right the state."""
        room = self.size.width
        right = self._state()
        pane = self.dashboard.body.panes["dataset"]
        left = " lrtui  " + self.dashboard.glyphs.safe(self.dashboard.desk.source.label)
        if isinstance(pane, DatasetPane):
            left += f"  {pane.shape_text()}"
        left = fit(left, room - len(right) - 3, self.dashboard.glyphs.ellipsis)
        return Content(f"{left}{' ' * max(1, room - width(left) - len(right) - 1)}{right} ")

    def _state(self) -> str:
        run = self.dashboard.desk.run
        load = self.dashboard.desk.load
        if load is not None:
            number = f"run {run.id}  " if run is not None and self.size.width >= WIDE else ""
            return number + loading_words(load)
        if run is None:
            return "untrained"
        word = WORDS.get(run.status, str(run.status))
        mark = self.dashboard.glyphs.status(run.status)
        if run.diverged_at is not None and not run.status.live:
            word, mark = "diverged", self.dashboard.glyphs.failed
        device = ""
        if run.problem is not None and run.problem.device != "cpu":
            device = f" on {run.problem.device}"
        number = f"run {run.id}  " if self.size.width >= WIDE else ""
        return f"{number}{mark} {word}{device} {clock(run.seconds)}"


def loading_words(load: Load) -> str:
    """``reading 42 %  0:07 left``: how far the engine is with the data."""
    left = "" if load.left is None else f"  {clock(load.left)} left"
    return f"{load.what} {load.share:.0%}{left}".replace("%", " %")


class SummaryLine(_Line):
    """The metrics in one line, while their pane has no room."""

    def update(self) -> None:
        """Hidden while the pane is on the screen or the screen is very low."""
        self.display = not self.dashboard.body.shows("metrics") and self.app.size.height >= 16
        self.refresh()

    def render(self) -> RenderResult:
        """Losses, accuracy, AUC and speed, each in its place."""
        view = self.dashboard.watcher.view
        return Content(" " + summary(view.run, view.measurement, self.size.width - 1))


class Banner(_Line):
    """The trouble in a sentence, just above the keys; remarks stand here when there is none."""

    DEFAULT_CSS = f"""
    Banner {{ height: auto; min-height: 1; max-height: {LINES}; padding: 0 1; }}
    Banner.-trouble {{ color: $error; text-style: bold; }}
    """

    def text(self) -> str:
        """What the banner says now."""
        wrong = self._trouble()
        desk = self.dashboard.desk
        said = safe(" ".join(filter(None, (desk.notice, desk.engine_word))), LONGEST)
        if said and wrong and said not in wrong:
            mark, _, trouble_alone = wrong.partition(" ")
            return f"{mark} {said}" if trouble_alone in said else f"{said} {wrong}"
        return wrong or said or safe(self._advice())

    def _advice(self) -> str:
        """What the engine noted about the run that is shown, and what the doctor did."""
        view = self.dashboard.watcher.view
        if view.run is None:
            return ""
        note = "" if view.run.problem is None else view.run.problem.note
        return note or remark(view.run, view.diagnosed)

    def _trouble(self) -> str | None:
        view = self.dashboard.watcher.view
        run: Run | None = view.run
        found = self._dataset_trouble() if run is None else trouble(run, view.measurement, view.diagnosed)
        return None if found is None else f"{self.dashboard.glyphs.trouble} {safe(found, LONGEST)}"

    def _dataset_trouble(self) -> str | None:
        """Why what lies on the desk cannot be trained on, so far as that is known."""
        source, described = self.dashboard.desk.source, self.dashboard.description
        if described is not None and described.error is not None:
            return f"{described.error.what} {described.error.fix}"
        if self.dashboard.desk.needs_target:
            return f"{source.label} needs a target to train on. {NAME_TARGET}"
        return None

    def update(self) -> None:
        """As high as the text needs."""
        self.set_class(self._trouble() is not None, "-trouble")
        self.refresh(layout=True)

    def render(self) -> RenderResult:
        """The sentence."""
        ellipsis = self.dashboard.glyphs.ellipsis
        return Content(in_lines(self.text(), self.app.size.width - 2, LINES, ellipsis))
