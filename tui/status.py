"""The lines around the panes: what is at hand, how it goes, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from lrtui.core.store import Status
from lrtui.core.store.loads import Load
from lrtui.datasets.text import safe, width
from lrtui.tui.context import Context
from lrtui.tui.render.dataset import shape_text
from lrtui.tui.render.metrics import summary
from lrtui.tui.render.numbers import clock
from lrtui.tui.render.status_message import is_mild, remark, status_message
from lrtui.tui.render.wrapping import fit, in_lines
from lrtui.tui.session_state import NAME_TARGET

WIDE = 60  # columns
LONGEST = 400  # characters of a sentence here
LINES = 3  # of the banner
WORDS = {Status.QUEUED: "starting", Status.RUNNING: "training"}


class _Line(Widget):
    """One line that shows the state of the app."""

    DEFAULT_CSS = "_Line { height: 1; width: 100%; }"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context

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
        session, glyphs = self.context.session, self.context.glyphs
        shape = shape_text(session.source, session.run, self.context.described.found, glyphs.times)
        left = f" lrtui  {glyphs.safe(session.source.label)}  {shape}"
        left = fit(left, room - len(right) - 3, self.context.glyphs.ellipsis)
        return Content(f"{left}{' ' * max(1, room - width(left) - len(right) - 1)}{right} ")

    def _state(self) -> str:
        run = self.context.session.run
        load = self.context.session.load
        number = f"run {run.id}  " if run is not None and self.size.width >= WIDE else ""
        if load is not None:
            return number + loading_words(load)
        if run is None:
            return "untrained"
        word = WORDS.get(run.status, str(run.status))
        mark = self.context.glyphs.status(run.status)
        if run.diverged_at is not None and not run.status.live:
            word, mark = "diverged", self.context.glyphs.failed
        device = ""
        if run.problem is not None and run.problem.device != "cpu":
            device = f" on {run.problem.device}"
        return f"{number}{mark} {word}{device} {clock(run.seconds)}"


def loading_words(load: Load) -> str:
    """``reading 42 %  0:07 left``: how far the engine is with the data."""
    left = "" if load.left is None else f"  {clock(load.left)} left"
    return f"{load.what} {load.share:.0%}{left}".replace("%", " %")


class SummaryLine(_Line):
    """The metrics in one line, while their pane has no room."""

    def __init__(self, context: Context, is_needed: Callable[[], bool]) -> None:
        super().__init__(context)
        self._is_needed = is_needed

    def update(self) -> None:
        """Hidden while the pane is on the screen or the screen is very low."""
        self.display = self._is_needed() and self.app.size.height >= 16
        self.refresh()

    def render(self) -> RenderResult:
        """Losses, accuracy, AUC and speed, each in its place."""
        view = self.context.poller.view
        return Content(" " + summary(view.run, view.measurement, self.size.width - 1))


class Banner(_Line):
    """The trouble in a sentence, just above the keys; remarks stand here when there is none."""

    DEFAULT_CSS = f"""
    Banner {{ height: auto; min-height: 1; max-height: {LINES}; padding: 0 1; }}
    Banner.-trouble {{ color: $error; text-style: bold; }}
    Banner.-mild {{ color: $warning; text-style: bold; }}
    """

    _told: str | None = None  # as it was laid out

    def text(self) -> str:
        """What the banner says now."""
        wrong = self._trouble()
        session = self.context.session
        said = safe(" ".join(filter(None, (session.notice, session.engine_word))), LONGEST)
        if said and wrong and said not in wrong:
            mark, _, trouble_alone = wrong.partition(" ")
            return f"{mark} {said}" if trouble_alone in said else f"{said} {wrong}"
        return wrong or said or safe(self._advice())

    def _advice(self) -> str:
        """What the engine noted about the run that is shown, and what the doctor did."""
        view = self.context.poller.view
        if view.run is None:
            return ""
        note = "" if view.run.problem is None else view.run.problem.note
        return note or remark(view.run, view.diagnosed)

    def _trouble(self) -> str | None:
        view = self.context.poller.view
        if view.run is None:
            found = self._dataset_trouble()
        else:
            found = status_message(view.run, view.measurement, view.diagnosed)
        if found is None:
            return None
        glyphs = self.context.glyphs
        return f"{glyphs.improvable if self._mild else glyphs.trouble} {safe(found, LONGEST)}"

    @property
    def _mild(self) -> bool:
        """Whether what is said is that something can be made better."""
        view = self.context.poller.view
        return view.run is not None and is_mild(view.run, view.diagnosed)

    def _dataset_trouble(self) -> str | None:
        """Why what is chosen cannot be trained on, so far as that is known."""
        source, described = self.context.session.source, self.context.described.found
        if described is not None and described.failure is not None:
            return f"{described.failure.what} {described.failure.fix}"
        if self.context.session.needs_target:
            return f"{source.label} needs a target to train on. {NAME_TARGET}"
        return None

    def update(self) -> None:
        """As high as the text needs."""
        wrong = self._trouble() is not None
        self.set_class(wrong and not self._mild, "-trouble")
        self.set_class(wrong and self._mild, "-mild")
        if (text := self.text()) != self._told:  # a layout of the whole screen takes long
            self._told = text
            self.refresh(layout=True)

    def render(self) -> RenderResult:
        """The sentence."""
        ellipsis = self.context.glyphs.ellipsis
        return Content(in_lines(self.text(), self.app.size.width - 2, LINES, ellipsis))
