"""The view of a run that the dashboard shows: asked of the engine while somebody looks, and followed."""

from __future__ import annotations

from dataclasses import replace

from lrtui.core.inside.record import Asked, Seen
from lrtui.core.store import Failure
from lrtui.core.store.messages import LookInside
from lrtui.tui.query import Query
from lrtui.tui.render.inside import step
from lrtui.tui.session_state import SessionState


class InsideQuery:
    """What is asked, and what came of it.

    Attributes:
        seen: the newest answer, or ``failure`` why there is none.
    """

    def __init__(self, session: SessionState) -> None:
        self.seen: Seen | None = None
        self.failure: Failure | None = None
        self._session = session
        self._query: Query[LookInside] = Query(session)
        self._view = ""
        self._asked = Asked()
        self._ahead = 0  # views that keys have gone on by before any was there
        self._when: tuple[object, ...] = ()  # how far the run was when the question was sent

    @property
    def waits(self) -> bool:
        """Whether an answer is still to come."""
        return self._query.waits

    def look(self, *, shown: bool) -> bool:
        """Ask where something is another, and read the answer; returns whether there is anything new."""
        if not shown:
            if self._query.waits or self.failure is not None:  # which may be mended meanwhile
                self._query.cancel()
                self._when = ()
            return False
        run, before = self._session.run, (self.seen, self.failure)
        if run is None or run.watched or not run.epoch:
            self._forget()
            return (self.seen, self.failure) != before
        if self.seen is not None and self.seen.run != run.id:
            self._forget()
        past = self._session.poller.view.past
        asked = replace(self._asked, threshold=self._session.config.threshold)
        question = LookInside(run.id, self._view, asked, None if past is None else past.epoch)
        when = (run.epoch, run.status)
        if question != self._query.question:
            self._ask(question, when)
        elif self._query.waits:
            self._read()
        elif when != self._when:
            self._ask(question, when)
        return (self.seen, self.failure) != before

    def turn(self, by: int) -> None:
        """To the next view, or one before."""
        seen = self.seen
        if seen is None:
            self._ahead += by
        elif seen.views:
            here = seen.views.index(self._view or seen.view)  # keys may be faster than answers
            self._view = seen.views[(here + by) % len(seen.views)]

    def step(self, of: str, by: int) -> bool:
        """To the next class or feature; False where there is none to go to."""
        found = None if self.seen is None else step(self.seen, self._asked, of, by)
        if found is not None:
            self._asked = found
        return found is not None

    def _ask(self, question: LookInside, when: tuple[object, ...]) -> None:
        self._when = when
        self._query.ask(question)

    def _read(self) -> None:
        found = self._query.read(Seen)
        if found is None:
            return
        if isinstance(found, Failure):
            self.failure = found
        else:
            self.seen, self.failure = found, None
            if self._ahead:
                by, self._ahead = self._ahead, 0
                self.turn(by)
        if isinstance(found, Failure) or not found.progress:
            self._query.close()

    def _forget(self) -> None:
        """Another run is shown: its classes and features are others."""
        if self._query.waits:
            self._query.cancel()
        self.seen = self.failure = self._query.question = None
        self._asked = Asked()
