"""The end of a process, without taking apart what ends with it."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from typing import NoReturn


def leave(end: SystemExit) -> NoReturn:
    """End the process with this code, once all that was asked to happen at its end has happened.

    Python would then free object after object, which after ``import torch`` takes a tenth as long as that
    did; the system takes all of it back at once. Where a thread still works, or something could not be
    written, it ends as ever.
    """
    others = (thread for thread in threading.enumerate() if thread is not threading.main_thread())
    if not isinstance(end.code, int) or not all(thread.daemon for thread in others):
        raise end
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        raise end from None
    os._exit(end.code)
