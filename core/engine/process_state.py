"""Whether a child process is stopped (SIGSTOP, a debugger): it lives, and answers nothing."""

from __future__ import annotations

import os


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
