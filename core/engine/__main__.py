"""``python -m lrtui.core.engine TOKEN LOCK WHEN``: the engine process."""

from __future__ import annotations

import logging
import os
import select
import sys

from lrtui.core.engine import AT_ONCE, WATCHES
from lrtui.core.garbage import collect_later
from lrtui.core.lean_torch import import_torch
from lrtui.core.lost_folder import leave_lost_folder
from lrtui.datasets.errors import LrtuiError
from lrtui.datasets.memory_limit import ENGINE, EXIT_CODE, check_memory, memory_error
from lrtui.datasets.text import harmless

FIRST_FRAME_SECONDS = 0.5
FORMAT = "%(asctime)s %(name)s %(levelname)s %(message)s"


class HarmlessFormatter(logging.Formatter):
    """Lines with every character escaped that could harm a terminal; tracebacks quote what files hold."""

    def format(self, record: logging.LogRecord) -> str:
        """The message, and the traceback below it."""
        return harmless(super().format(record))


def begin_log() -> None:
    """Write to stderr from here on, which the launcher has turned into the log."""
    handler = logging.StreamHandler()
    handler.setFormatter(HarmlessFormatter(FORMAT))
    logging.basicConfig(handlers=[handler])


def main() -> None:
    """Train for the dashboard that started this process until it is gone and the work is done."""
    collect_later()
    token, lock, when = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    os.set_inheritable(lock, False)
    begun = {}
    if when == WATCHES:
        from lrtui.core.engine.script_starter import begin_waiting  # opens the store

        begun = begin_waiting(token)
    if when != AT_ONCE:
        select.select([sys.stdin], [], [], FIRST_FRAME_SECONDS)  # until the dashboard has drawn, or is gone
    leave_lost_folder()
    try:
        check_memory(*ENGINE)
        import_torch()  # only where there is memory for it
        from lrtui.core.engine.loop import Engine
    except (LrtuiError, MemoryError, ImportError, OSError, RuntimeError) as error:
        short = error if isinstance(error, LrtuiError) else memory_error(error)
        if short is None:
            raise
        print(short, file=sys.stderr)  # noqa: T201 - which is the log
        sys.exit(EXIT_CODE)
    begin_log()
    engine = Engine(token)
    engine.scripts.adopt(begun)
    engine.run()


if __name__ == "__main__":
    main()
