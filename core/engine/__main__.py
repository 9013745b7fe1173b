"""``python -m lrtui.core.engine TOKEN LOCK``: the engine process."""

from __future__ import annotations

import os
import sys

from lrtui.datasets.errors import LrtuiError
from lrtui.datasets.memory_limit import ENGINE, EXIT_CODE, check_memory, memory_error


def main() -> None:
    """Train for the dashboard that started this process until it is gone and the work is done."""
    token, lock = sys.argv[1], int(sys.argv[2])
    os.set_inheritable(lock, False)
    try:
        check_memory(*ENGINE)
        from lrtui.core.engine.loop import Engine
    except (LrtuiError, MemoryError, ImportError, OSError, RuntimeError) as error:
        short = error if isinstance(error, LrtuiError) else memory_error(error)
        if short is None:
            raise
        print(short, file=sys.stderr)  # noqa: T201 - which is the log
        sys.exit(EXIT_CODE)
    Engine(token).run()


if __name__ == "__main__":
    main()
