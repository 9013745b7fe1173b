"""Where the tour is: the page, and what of it was seen already."""

from __future__ import annotations

import re
from math import inf

from lrtui.core.config import Config, changed
from lrtui.core.doctor.pages import causes_with_page, title_of
from lrtui.core.errors import ConfigError
from lrtui.core.store import Status
from lrtui.core.training.measurement import Measurement
from lrtui.datasets.numbers import is_digits
from lrtui.datasets.source import Source
from lrtui.datasets.text import quote
from lrtui.tui.demo.chapters import CHAPTERS, Chapter, Healed, Read, Step, Verdict
from lrtui.tui.render.key_names import key_name
from lrtui.tui.run_poller import RunView
from lrtui.tui.session_state import SessionState


def place_of(text: str) -> int:
    """The place of a page, from 0, by its number or name.

    Raises:
        ConfigError: there is none.
    """
    if is_digits(text) and 1 <= int(text[:9]) <= len(CHAPTERS):
        return int(text[:9]) - 1
    names = [chapter.name for chapter in CHAPTERS]
    if text in names:
        return names.index(text)
    raise ConfigError(
        f"The demo has no page {quote(text)}.", f"lrtui demo --list names them, from 1 to {len(CHAPTERS)}."
    )


class Guide:
    """The page at hand.

    Attributes:
        at: its place. done: how many of its steps were seen.
        big: only what can be read from the back row is shown.
        keep: what is trained stays in the person's own store.
    """

    def __init__(self, at: int = 0, *, big: bool = False, keep: bool = False) -> None:
        self.at, self.done, self.big, self.keep = at, 0, big, keep

    @property
    def chapter(self) -> Chapter:
        """The page."""
        return CHAPTERS[self.at]

    @property
    def step(self) -> Step | None:
        """What is to be pressed and seen next; nothing once all was seen."""
        return self.chapter.steps[self.done] if self.done < len(self.chapter.steps) else None

    def begin(self, session: SessionState) -> None:
        """Lay the dataset and the values of the page on the form; what trains here ends."""
        self.done = 0
        if (run := session.own_live_run) is not None:
            session.end(run)
        session.choose(Source(self.chapter.dataset))
        session.change(changed(Config(), **self.chapter.values))
        session.begin_anew()  # what was changed belongs to another page
        session.notice = None

    def turn(self, by: int, session: SessionState) -> None:
        """To another page; at the last one it says so."""
        if not 0 <= self.at + by < len(CHAPTERS):
            session.notice = "That was the last page; q leaves." if by > 0 else "This is the first page."
            return
        self.at += by
        self.begin(session)

    def read(self) -> None:
        """The doctor's letter is open now."""
        if self.step is not None and isinstance(self.step.seen, Read):
            self.done += 1

    def look(self, session: SessionState) -> bool:
        """Whether what is to be seen was seen now: then the page turns to what comes next on it.

        Who has seen a later step need not go back for an earlier one.
        """
        view, steps = session.poller.view, self.chapter.steps
        if view.run is None or view.run.source.name != self.chapter.dataset:
            return False
        for place in reversed(range(self.done, len(steps))):
            if session.poller.playing is None and _holds(steps[place].seen, view, session.before):
                self.done = place + 1
                return True
        return False


def _holds(sought: Verdict | Healed | Read, view: RunView, before: RunView | None) -> bool:
    if isinstance(sought, Read):
        return False  # which is told by ``read``
    if isinstance(sought, Healed):
        return before is not None and _healed(sought.field, view, before)
    letter = None if view.diagnosed is None else view.diagnosed.letter
    if letter is None or letter.status is not sought.health:
        return False
    return tuple(finding.cause for finding in letter.findings) == sought.causes


def _healed(field: str, view: RunView, before: RunView) -> bool:
    """Whether a run with another value has ended, and is better than the one before its fix."""
    run, sick = view.run, before.run
    if run is None or sick is None or run.status is not Status.FINISHED:
        return False
    return getattr(run.config, field) != getattr(sick.config, field) and is_better(
        view.measurement, before.measurement
    )


def is_better(after: Measurement | None, before: Measurement | None) -> bool:
    """Whether one measurement of test rows is better than another: in the loss, or in the labels."""
    if after is None or before is None:
        return False
    labels = after.test_balanced_accuracy > before.test_balanced_accuracy
    return labels or after.test_loss < (before.test_loss if before.test_loss == before.test_loss else inf)


def worded(text: str) -> str:
    """A text of a page with the keys in force, and causes by the names that the doctor has for them."""

    def word(found: re.Match[str]) -> str:
        name = found[1]
        return title_of(name) if name in causes_with_page() else key_name(name)

    return re.sub(r"<([\w.-]+)>", word, text)
