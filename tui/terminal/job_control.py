"""Whether a shell waits behind this program, to which Ctrl+Z can lead and from which ``fg`` comes back."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path


def has_shell() -> bool:
    """Whether a stopped program would be continued by anybody.

    As the kernel decides it: somebody of our process group must have a parent in another group of our
    session. Started by ``ssh host lrtui``, in a container, or in place of a shell, there is none.
    """
    pid, group, session = os.getpid(), os.getpgrp(), os.getsid(0)
    with suppress(OSError):  # one that has ended meanwhile
        while (pid := _parent(pid)) > 0 and os.getsid(pid) == session:
            if os.getpgid(pid) != group:
                return True
    return False


def _parent(pid: int) -> int:
    """The parent of a process; 0 where that is not known."""
    if pid == os.getpid():
        return os.getppid()
    stat = Path(f"/proc/{pid}/stat")
    if stat.exists():  # the name before the last bracket may hold anything
        return int(stat.read_bytes().rpartition(b")")[2].split()[1])
    found = subprocess.run(  # noqa: S603 - no argument of anybody's
        ["/bin/ps", "-o", "ppid=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return int(found.stdout.strip() or 0)
