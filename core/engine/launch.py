"""Starting an engine process from the dashboard, without importing what the engine needs."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field

from lrtui.core.engine.owner import new_owner
from lrtui.core.engine.process_state import ProcessState
from lrtui.core.engine.status_pipe import StatusReader
from lrtui.core.store.home import make_home

LOG_NAME = "engine.log"


@dataclass(frozen=True)
class EngineHandle:
    """An engine that this process started. Closing ``stdin`` tells it that nobody watches any more."""

    token: str
    process: subprocess.Popen[bytes]
    status: StatusReader = field(default_factory=StatusReader)
    state: ProcessState | None = None

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def let_go(self) -> None:
        """Leave the engine to finish what it is training; it leaves by itself afterwards."""
        if self.process.stdin is not None:
            self.process.stdin.close()


def start_engine() -> EngineHandle:
    """Start an engine in a session of its own, so that a dropped connection does not kill it.

    Call it before ``App.run()``: Textual replaces stderr, which breaks multiprocessing's starters.
    """
    owner = new_owner()
    log = os.open(make_home() / LOG_NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        process = subprocess.Popen(  # noqa: S603 - our own module, our own arguments
            # -P: the person's working directory must not shadow modules.
            [sys.executable, "-P", "-m", "lrtui.core.engine", owner.token, str(owner.lock)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,  # where it tells that it cannot write the store
            stderr=log,
            pass_fds=(owner.lock,),
            start_new_session=True,
        )
    finally:
        os.close(log)
        # From here on the child alone holds the lock: it ends with the child.
        os.close(owner.lock)
    told = None if process.stdout is None else process.stdout.fileno()
    return EngineHandle(owner.token, process, StatusReader(told), ProcessState(process.pid))
