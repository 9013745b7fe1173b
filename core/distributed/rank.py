"""``python -m lrtui.core.distributed.rank``: a rank that another process started, or torchrun.

It trains with the others until rank 0 has come to its end, or one of them cannot go on.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from threading import Event, Thread
from types import FrameType

from lrtui.core.distributed.place import Place
from lrtui.core.errors import LrtuiError, RanksError
from lrtui.core.lean_torch import import_torch
from lrtui.core.lost_folder import leave_lost_folder

OFFENCE, TERMINATED = 1, 143
GRACE_SECONDS = 1.0  # for rank 0, which may have met the same, and says it better
FAREWELL_SECONDS = 3.0  # for rank 0 to put the run down, where all were told to end
_met = Event()


def main() -> int:
    """Train with the others; returns the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a person's Ctrl+C is for rank 0
    leave_lost_folder()
    try:
        place = Place.from_environment()
        import_torch()
        from lrtui.core.distributed.meeting import meet

        group = meet(place)
        _met.set()
    except LrtuiError as error:
        print(f"lrtui: {error.what}\n       {error.fix}", file=sys.stderr)  # noqa: T201 - a person's terminal
        return OFFENCE
    signal.signal(signal.SIGTERM, _on_term)
    from lrtui.core.distributed.following import END, Follower

    follower = Follower(group)
    try:
        while True:
            what, details = group.heard()
            if what == END:
                group.close()
                return 0
            follower.follow(what, details)
    except LrtuiError as error:
        if not isinstance(error, RanksError):
            time.sleep(GRACE_SECONDS)
        group.give_up(error)
        verdict = group.heartbeat.verdict
        # Where rank 0 is gone, nobody else can say it.
        if verdict is not None and verdict.rank == 0 and group.rank == 1 and not verdict.said:
            print(f"lrtui: {verdict.what}\n       {verdict.fix}", file=sys.stderr)  # noqa: T201
        return OFFENCE


def _leave_with_starter() -> None:
    """End where the process that started this one is gone before all met: later signs of life tell."""
    sys.stdin.buffer.read()
    if not _met.is_set():
        os._exit(OFFENCE)


def _on_term(_number: int, _frame: FrameType | None) -> None:
    """End in a moment, if rank 0 does not."""

    def leave() -> None:
        time.sleep(FAREWELL_SECONDS)
        os._exit(TERMINATED)

    Thread(target=leave, daemon=True).start()


def leave(code: int) -> None:
    """End this process without waiting for connections to ranks that do not answer."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


if __name__ == "__main__":
    Thread(target=_leave_with_starter, daemon=True).start()
    leave(main())
