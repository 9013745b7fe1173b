"""``python -m lrtui.core.engine TOKEN LOCK``: the engine process."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Train for the dashboard that started this process until it is gone and the work is done."""
    token, lock = sys.argv[1], int(sys.argv[2])
    os.set_inheritable(lock, False)
    from lrtui.core.engine.loop import Engine

    Engine(token).run()


if __name__ == "__main__":
    main()
