"""Looking after the engine: say when it dies or does not answer; mark its run, and start a fresh one."""

from __future__ import annotations

import time

from lrtui.core.engine.launch import start_engine
from lrtui.core.engine.owner import is_alive
from lrtui.core.store.home import home
from lrtui.datasets.memory_limit import EXIT_CODE
from lrtui.datasets.text import quote
from lrtui.tui.session_state import SessionState

ORPHAN_SECONDS = 0.5
BUSY_SECONDS = 2.0  # that a command waits, before a person is told why nothing happens
MANY_DEATHS = 3
DEATH_WINDOW = 20.0


class EngineSupervisor:
    """Notices dead engines within half a second: our own, and those behind other runs."""

    def __init__(self, session: SessionState) -> None:
        self._session = session
        self._looked_at = 0.0
        self._deaths: list[float] = []
        self._busy: str | None = None
        self._given_up: str | None = None  # why there is no engine any more

    @property
    def given_up(self) -> bool:
        """No other engine is started; whatever is pressed, the reason stays in sight."""
        return self._given_up is not None

    def look(self) -> bool:
        """Look, and act; returns whether anything changed."""
        now = time.monotonic()
        if not self.given_up and not self._session.engine.alive and not self._session.store.lost:
            self._replace(now)
            self._hear()
            return True
        heard = self._hear()
        if now - self._looked_at < ORPHAN_SECONDS:
            return heard
        self._looked_at = now
        self._session.store.check()
        self._busy = self._waits()
        return self.mark_orphans() or heard

    def mark_orphans(self) -> bool:
        """Mark runs as interrupted whose process is gone; returns whether there were any."""
        store = self._session.store
        gone = store.runs.interrupt_orphans(is_alive)
        swept = store.sweeps.interrupt_orphans(is_alive)
        looked_at = store.diagnoses.drop_orphans(is_alive)
        if gone or looked_at:
            self._session.poller.poll(force=True)
        return bool(gone) or swept or looked_at

    def _hear(self) -> bool:
        """What is wrong with the engine: stopped, unable to write, or busy; returns whether that is new."""
        before = self._session.engine_word
        heard = self._stopped() or self._session.engine.status.look() or self._busy
        self._session.engine_word = self._given_up or heard
        return self._session.engine_word != before

    def _stopped(self) -> str | None:
        state = self._session.engine.state
        if state is None or not self._session.engine.alive or not state.is_stopped():
            return None
        return f"The engine is stopped and does not answer; kill -CONT {state.pid} lets it go on."

    def _waits(self) -> str | None:
        """A word where the engine has not taken a command for seconds, though it was ready once."""
        session = self._session
        since = session.store.engines.waiting_since(session.engine.token)
        waited = 0.0 if since is None else time.time() - since
        if waited < BUSY_SECONDS or not session.store.engines.knows(session.engine.token):
            return None
        return f"The engine is busy, and has not answered for {waited:.0f} s."

    def _replace(self, now: float) -> None:
        code = self._session.engine.process.returncode
        how = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
        self._session.engine.let_go()
        self.mark_orphans()
        self._session.notice = None  # that a fresh one is running
        if code == EXIT_CODE:  # the next one would find no more
            self._given_up = (
                "There is too little memory for the engine, so nothing can be trained here. "
                "Raise the limit (ulimit -v unlimited), and start lrtui again."
            )
            return
        self._deaths = [t for t in self._deaths if now - t < DEATH_WINDOW] + [now]
        if len(self._deaths) >= MANY_DEATHS:
            log = quote(str(home() / "engine.log"))
            self._given_up = (
                f"The engine died {MANY_DEATHS} times in a row ({how}). Read {log}, then start lrtui again."
            )
            return
        self._session.engine = start_engine()
        self._session.notice = f"The engine died ({how}); a fresh one is running."
