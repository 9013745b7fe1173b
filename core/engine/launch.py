"""Starting an engine process from the dashboard, without importing what the engine needs."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from stat import S_ISREG

from lrtui.core.engine import AT_ONCE, LATER, WATCHES
from lrtui.core.engine.owner import new_owner
from lrtui.core.engine.status_pipe import StatusReader
from lrtui.core.errors import EngineError, StoreError
from lrtui.core.store.home import make_home
from lrtui.datasets.text import quote

LOG_NAME = "engine.log"


class ProcessState:
    """Follows one child; the kernel says when it is stopped and when it goes on."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._stopped = False

    def is_stopped(self) -> bool:
        """Whether it is stopped now; never where the system does not say."""
        if not hasattr(os, "waitid"):
            return False
        while True:
            try:
                found = os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WCONTINUED | os.WNOHANG)
            except ChildProcessError:
                return False
            if found is None:
                return self._stopped
            self._stopped = found.si_code in (os.CLD_STOPPED, os.CLD_TRAPPED)


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

    def begin(self) -> None:
        """Let an engine that waits for the first frame take the processor from here on."""
        if self.process.stdin is not None and not self.process.stdin.closed:
            with suppress(OSError):  # it died; that is told elsewhere
                self.process.stdin.write(b"\n")

    def let_go(self) -> None:
        """Leave the engine to finish what it is training; it leaves by itself afterwards."""
        if self.process.stdin is not None:
            self.process.stdin.close()


def start_engine(*, at_once: bool = True, watches: bool = False) -> EngineHandle:
    """Start an engine in a session of its own, so that a dropped connection does not kill it.

    Unless ``at_once`` it imports nothing heavy before ``begin``, or half a second: on two cores it would
    hold up the first frame. What the person does before that waits for the engine in any case; but a script
    that it ``watches`` begins before anything else.

    Call it before ``App.run()``: Textual replaces stderr, which breaks multiprocessing's starters.

    Raises:
        StoreError: its files cannot be made. EngineError: the system starts no process.
    """
    log = open_log(LOG_NAME)
    try:
        owner = new_owner()
    except StoreError:
        os.close(log)
        raise
    when = WATCHES if watches else AT_ONCE if at_once else LATER
    try:
        process = subprocess.Popen(  # noqa: S603 - our own module, our own arguments
            # -P: the person's working directory must not shadow modules.
            [sys.executable, "-P", "-m", "lrtui.core.engine", owner.token, str(owner.lock), when],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,  # where it tells that it cannot write the store
            stderr=log,
            pass_fds=(owner.lock,),
            start_new_session=True,
        )
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise EngineError(
            f"The engine cannot be started: {why}.", "Close other programs, and start lrtui again."
        ) from None
    finally:
        os.close(log)
        # From here on the child alone holds the lock: it ends with the child.
        os.close(owner.lock)
    told = None if process.stdout is None else process.stdout.fileno()
    return EngineHandle(owner.token, process, StatusReader(told), ProcessState(process.pid))


def open_log(name: str) -> int:
    """A log in the home, open to be written to at its end; a link is not followed, a pipe not waited for.

    Raises:
        StoreError: it cannot be, or is no file.
    """
    path = make_home() / name
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        log = os.open(path, flags, 0o600)
        if S_ISREG(os.fstat(log).st_mode):
            return log
        os.close(log)
        why = "it is no file"
    except OSError as error:
        why = "it is a link" if path.is_symlink() else (error.strerror or str(error)).lower()
    raise StoreError(
        f"The log {quote(str(path))} cannot be written: {why}.",
        "Move it away, or set LRTUI_HOME to another folder.",
    )
