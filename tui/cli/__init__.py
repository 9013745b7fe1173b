"""The command line: ``lrtui`` and its subcommands."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

from lrtui.core.garbage import collect_later


def main(arguments: Sequence[str] | None = None) -> None:
    """``lrtui`` as a process of its own; in another, ``group.main`` does the same."""
    collect_later()  # before the first large import
    try:
        from lrtui.tui.cli.group import main as run

        run(arguments)
    except KeyboardInterrupt:  # while that was imported
        sys.exit(128 + signal.SIGINT)


def program() -> None:
    """What the installed command calls: ``main``, and away."""
    try:
        main()
    except SystemExit as end:
        from lrtui.tui.cli.leaving import leave

        leave(end)
