"""The command line: ``lrtui`` and its subcommands."""

from __future__ import annotations

import sys

from lrtui.tui.cli.front import answers_at_once

TYPE_CHECKING = False
if TYPE_CHECKING:  # asked for without typing, which takes as long as all of this
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """``lrtui`` as a process of its own; in another, ``group.main`` does the same."""
    from lrtui.core.garbage import collect_later

    collect_later()  # before the first large import
    try:
        from lrtui.tui.cli.group import main as run

        run(arguments)
    except KeyboardInterrupt:  # while that was imported
        import signal

        sys.exit(128 + signal.SIGINT)


def program() -> None:
    """What the installed command calls: ``main``, and away."""
    if answers_at_once(sys.argv[1:]):
        return
    try:
        main()
    except SystemExit as end:
        from lrtui.tui.cli.leaving import leave

        leave(end)
