"""Scripts that somebody wants to have watched: each in a process of its own, beside whatever trains."""

from __future__ import annotations

import subprocess
import sys
import time

from lrtui.core.engine.background_task import DETAILS
from lrtui.core.errors import StoreError
from lrtui.core.store import Failure, Status, Store
from lrtui.core.store.messages import RunMessage, Stop, WatchScript

Begun = dict[int, subprocess.Popen[bytes]]
"""Processes by the run whose script they watch."""

DIED = Failure("Engine", "The process that was to watch this script ended at once.", DETAILS)


def begin(run_id: int, token: str) -> subprocess.Popen[bytes]:
    """Start the process that watches the script of a run; ``token``: who has the run until then."""
    return subprocess.Popen(  # noqa: S603 - our own module, our own arguments
        # -P: the person's working directory must not shadow modules.
        [sys.executable, "-P", "-m", "lrtui.core.engine.script", str(run_id), token],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def begin_waiting(token: str) -> Begun:
    """Begin what waits already, before the engine has imported what is heavy: no script needs that."""
    try:
        with Store() as store:
            waiting = store.commands.take(token, WatchScript.kind)
    except StoreError:  # the engine itself says what is wrong
        return {}
    messages = [command.message for command in waiting]
    return {m.run_id: begin(m.run_id, token) for m in messages if isinstance(m, WatchScript)}


class ScriptStarter:
    """Starts the processes, and looks after them until they hold their runs themselves."""

    def __init__(self, store: Store, token: str) -> None:
        self._store, self._token = store, token
        self._begun: Begun = {}

    def begin(self, run_id: int) -> None:
        """Watch the script of a run."""
        self._begun[run_id] = begin(run_id, self._token)

    def adopt(self, begun: Begun) -> None:
        """Look after processes that were begun before."""
        self._begun |= begun

    def hand_on(self, message: RunMessage) -> None:
        """A message that came before the process held its run: to it, or the run does not begin."""
        run = self._store.runs.get(message.run_id)
        if run.owner not in (None, self._token):
            self._store.commands.send(run.owner, message)
        elif isinstance(message, Stop) and run.status is Status.QUEUED:
            self._store.runs.update(run.id, status=Status.STOPPED, ended=time.time(), owner=None)

    def holds(self, run_id: int) -> bool:
        """Whether the script of a run was begun here."""
        return run_id in self._begun

    def look(self) -> None:
        """A process that ended before it took its run over leaves it failed."""
        for run_id, process in list(self._begun.items()):
            if process.poll() is None:
                continue
            del self._begun[run_id]
            if self._store.runs.owner_of(run_id) == self._token:
                self._store.runs.fail(run_id, DIED)
