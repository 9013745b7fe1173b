"""``lrtui replay``: a stored run as it went, in the dashboard."""

from __future__ import annotations

import click

from lrtui.core.config import Config
from lrtui.core.garbage import collect_again
from lrtui.tui.cli.completing import runs
from lrtui.tui.cli.dashboard import check_terminal, preferences_of
from lrtui.tui.cli.printing import complaint, echo
from lrtui.tui.cli.remarks import open_store
from lrtui.tui.cli.runs import find, settle
from lrtui.tui.cli.types import Once, OnceHere
from lrtui.tui.cli.user_config import UserConfig

_EPILOG = """\b
Examples:
  lrtui replay last
  lrtui replay 12 --speed 10x
  lrtui replay baseline --speed 0.5x
"""


@click.command(epilog=_EPILOG)
@click.argument("run", shell_complete=runs)
@click.option(
    "--speed",
    cls=OnceHere,
    metavar="N",
    help="So many times as fast as it went; else it lasts ten seconds.",
)
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with plain ASCII alone.")
@click.option("--theme", cls=Once, metavar="NAME", help="Colours; else those chosen in the dashboard last.")
@click.pass_obj
def replay(user: UserConfig, /, run: str, speed: str | None, ascii_only: bool, theme: str | None) -> int:
    """Show RUN as it went: a number or a name from `lrtui runs`, or `last`.

    Loss, predictions and metrics unroll in the dashboard, with every change at its epoch; at the end stands
    the run as it is. The store keeps how long a run trained in all, so every epoch gets the same time.
    """
    from lrtui.tui.replay import check_replayable, speed_of

    fast = 0.0 if speed is None else speed_of(speed)
    with open_store() as store:
        settle(store)
        found = find(store, run)
        check_replayable(found)
    check_terminal()
    from lrtui.tui.app import run_dashboard  # `lrtui replay -h` needs no dashboard
    from lrtui.tui.render.glyphs import wants_ascii
    from lrtui.tui.unexpected_error import DashboardFailedError

    collect_again()
    try:
        return run_dashboard(
            None,
            None,
            base=Config(),
            own=False,
            start=False,
            ascii_only=ascii_only or wants_ascii(),
            preferences=preferences_of(user, theme),
            replay=(found.id, fast),
        )
    except DashboardFailedError as error:
        echo(complaint(error), err=True)
        return 1
