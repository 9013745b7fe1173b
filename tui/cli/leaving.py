"""The end of a process, without taking apart what ends with it."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from typing import NoReturn

HANGUP = 128 + signal.SIGHUP  # what a terminal that went away leaves
at_once = False  # whether what still works waits for processes that do not answer: it is left there


def leave(end: SystemExit) -> NoReturn:
    """End the process with this code, once all that was asked to happen at its end has happened.

    Python would then free object after object, which after ``import torch`` takes a tenth as long as that
    did; the system takes all of it back at once. Where a thread still works, or something could not be
    written, it ends as ever.
    """
    others = (thread for thread in threading.enumerate() if thread is not threading.main_thread())
    waits = not at_once and not all(thread.daemon for thread in others)
    if not isinstance(end.code, int) or waits:
        raise end
    if not at_once:
        atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        raise end from None
    if end.code == HANGUP and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        os.kill(os.getpid(), signal.SIGHUP)  # it is on its way, but the line was seen gone before it came
    os._exit(end.code)
