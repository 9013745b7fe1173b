"""Looking after the engine: when it dies, say so, mark its run, and start a fresh one."""

from __future__ import annotations

import shutil
import time

from lrtui.core.engine.launch import start_engine
from lrtui.core.store.home import home
from lrtui.datasets.memory_limit import EXIT_CODE
from lrtui.datasets.text import quote
from lrtui.tui.desk import Desk

ORPHAN_SECONDS = 0.5
MANY_DEATHS = 3
DEATH_WINDOW = 20.0
LITTLE_BYTES = 100_000


class EngineWatch:
    """Notices dead engines within half a second: our own, and those behind other runs."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._looked_at = 0.0
        self._deaths: list[float] = []
        self._full = False
        self.given_up = False

    def look(self) -> bool:
        """Look, and act; returns whether anything changed."""
        now = time.monotonic()
        if not self.given_up and not self._desk.engine.alive:
            self._replace(now)
            return True
        if now - self._looked_at < ORPHAN_SECONDS:
            return False
        self._looked_at = now
        return self._desk.mark_orphans() or self._disk_is_full()

    def _disk_is_full(self) -> bool:
        """The engine waits while it cannot write; somebody has to tell the person why."""
        before, self._full = self._full, shutil.disk_usage(home()).free < LITTLE_BYTES
        if self._full:
            where = quote(str(home()))
            self._desk.notice = (
                f"The disk that holds {where} is full; training waits. Free some space, and it goes on."
            )
        elif before:
            self._desk.notice = None
        return self._full or before

    def _replace(self, now: float) -> None:
        code = self._desk.engine.process.returncode
        how = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
        self._desk.engine.let_go()
        self._desk.mark_orphans()
        if code == EXIT_CODE:  # the next one would find no more
            self.given_up = True
            self._desk.notice = (
                "There is too little memory for the engine, so nothing can be trained here. "
                "Raise the limit (ulimit -v unlimited), and start lrtui again."
            )
            return
        self._deaths = [t for t in self._deaths if now - t < DEATH_WINDOW] + [now]
        if len(self._deaths) >= MANY_DEATHS:
            self.given_up = True
            log = quote(str(home() / "engine.log"))
            self._desk.notice = (
                f"The engine died {MANY_DEATHS} times in a row ({how}). Read {log}, then start lrtui again."
            )
            return
        self._desk.engine = start_engine()
        self._desk.notice = f"The engine died ({how}); a fresh one is running."
