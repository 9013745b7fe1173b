"""The lines around the panes: what is at hand, how it goes, and what is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.app import RenderResult
from textual.content import Content

from lrtui.core.store import Run, Status
from lrtui.core.store.loads import Load
from lrtui.datasets.text import safe, width
from lrtui.tui.context import Context
from lrtui.tui.look_back import past_sentence
from lrtui.tui.panes.base import Steady
from lrtui.tui.render.dataset import shape_text
from lrtui.tui.render.metrics import summary
from lrtui.tui.render.numbers import clock, rough_clock
from lrtui.tui.render.status_message import is_mild, remark, status_message
from lrtui.tui.render.wrapping import fit, stacked
from lrtui.tui.replaying import state_words
from lrtui.tui.session_state import SessionState, name_target
from lrtui.tui.time_left import TimeLeft

WIDE = 60  # columns
LONGEST = 400  # characters of a sentence here
LINES = 3  # of the banner
WORDS = {Status.QUEUED: "starting", Status.RUNNING: "training"}


class _Line(Steady):
    """One line that shows the state of the app."""

    DEFAULT_CSS = "_Line { height: 1; width: 100%; }"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context


def passing(session: SessionState, *, notice: bool = True) -> list[str]:
    """What was said in passing if asked for, and what is wrong with the engine: a message each."""
    told = [*((session.notice or "").split("\n") if notice else ()), session.engine_word or ""]
    return [safe(text, LONGEST) for text in told if text]


class StatusLine(_Line):
    """The name, the dataset, and at the right what is going on."""

    DEFAULT_CSS = "StatusLine { text-style: bold; }"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._time_left = TimeLeft()

    def render(self) -> RenderResult:
        """Left the dataset, right the state."""
        room = self.size.width
        right = self._state()
        session, glyphs = self.context.session, self.context.glyphs
        shape = shape_text(session.source, session.run, self.context.described.found, glyphs.times)
        name = session.source.label
        if session.script is not None:
            name, shape = session.script.source.label, ""
        left = f" lrtui  {glyphs.safe(name)}  {shape}"
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
        if (replay := self.context.poller.playing) is not None:
            return number + state_words(replay, self.context.glyphs)
        word = WORDS.get(run.status, str(run.status))
        if run.watched and run.status is Status.RUNNING:
            word = "running"
        mark = self.context.glyphs.status(run.status)
        if run.diverged_at is not None and not run.status.live:
            word, mark = "diverged", self.context.glyphs.failed
        past, wide = self.context.poller.view.past, self.size.width >= WIDE
        if past is not None:
            word = f"{word}, {'shown: ' if wide else ''}epoch {past.epoch:,}"
        elif run.shown_best is not None:
            word = f"{word}, best{' epoch' if wide else ''} {run.shown_best.epoch:,}"
        device = ""
        if run.problem is not None and run.problem.device != "cpu":
            device = f" on {run.problem.device}"
        return f"{number}{mark} {word}{device} {self._times(run)}"

    def _times(self, run: Run) -> str:
        """How long it took, and how long it still takes; on a narrow screen the one or the other."""
        left = None if run.watched else self._time_left.left(run, time.monotonic())
        if left is None:
            return clock(run.seconds)
        words = f"{rough_clock(left)} left"
        return f"{clock(run.seconds)}  {words}" if self.size.width >= WIDE else words


def loading_words(load: Load) -> str:
    """``reading 42 %  0:07 left``: how far the engine is with the data."""
    left = "" if load.left is None else f"  {clock(load.left)} left"
    return f"{load.what} {load.share:.0%}{left}".replace("%", " %")


def fetched_words(context: Context) -> str:
    """`` 42 %``: how much of a table elsewhere is here; empty where nothing is known of that."""
    load = context.poller.loads.get(context.session.engine.token)
    if load is None or load.what != "fetching" or not load.share:
        return ""
    return f" {load.share:.0%}".replace("%", " %")


class SummaryLine(_Line):
    """The metrics in one line, while their pane has no room."""

    def __init__(self, context: Context, is_needed: Callable[[], bool]) -> None:
        super().__init__(context)
        self._is_needed = is_needed

    def update(self) -> None:
        """Hidden while the pane is on the screen or the screen is very low."""
        self.display = self._is_needed() and self.app.size.height >= 16
        super().update()

    def render(self) -> RenderResult:
        """Losses, accuracy, AUC and speed, each in its place."""
        view, width = self.context.poller.view, self.size.width - 1
        past = None if view.past is None else view.past.epoch
        return Content(" " + summary(view.run, view.shown, width, self.context.glyphs, past))


class Banner(_Line):
    """The trouble in a sentence, just above the keys; remarks stand here when there is none."""

    DEFAULT_CSS = f"""
    Banner {{ height: auto; min-height: 1; max-height: {LINES}; padding: 0 1; }}
    Banner.-trouble {{ color: $error; text-style: bold; }}
    Banner.-mild {{ color: $warning; text-style: bold; }}
    """

    _told: str | None = None  # as it was laid out

    def text(self) -> str:
        """What the banner says now, a message a line."""
        return "\n".join(self._messages())

    def _messages(self) -> list[str]:
        """What was just said and what is wrong with the engine, then what is wrong with the run."""
        wrong, said = self._trouble(), passing(self.context.session)
        if (older := past_sentence(self.context.poller.view)) is not None:
            return [*said, older]  # what is wrong with the run as it is would be said of another epoch
        if wrong is None:
            advice = safe(self._advice())
            return said or ([advice] if advice else [])
        mark, _, trouble_alone = wrong.partition(" ")
        said = [text for text in said if text not in wrong]
        if any(trouble_alone in text for text in said):
            return [f"{mark} {said[0]}", *said[1:]]
        return [*said, wrong]

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
            return f"{source.label} needs a target to train on. {name_target()}"
        return None

    def update(self) -> None:
        """As high as the text needs."""
        wrong = self._trouble() is not None
        wrong = wrong and self.context.poller.view.past is None
        self.set_class(wrong and not self._mild, "-trouble")
        self.set_class(wrong and self._mild, "-mild")
        if (text := self.text()) != self._told:  # a layout of the whole screen takes long
            self._told = text
            self.refresh(layout=True)

    def render(self) -> RenderResult:
        """The sentence."""
        ellipsis = self.context.glyphs.ellipsis
        return Content(stacked(self._messages(), self.app.size.width - 2, LINES, ellipsis))
