"""``lrtui show``: one run, whole."""

from __future__ import annotations

import click

from lrtui.core.errors import UnreadableError
from lrtui.core.results import result, script_result, summary
from lrtui.core.store import Status
from lrtui.tui.cli.completing import runs
from lrtui.tui.cli.printing import echo, echo_json
from lrtui.tui.cli.remarks import open_store
from lrtui.tui.cli.runs import find, settle
from lrtui.tui.render.glyphs import terminal_glyphs
from lrtui.tui.render.run_report import details, report
from lrtui.tui.render.script_report import script_report


@click.command(epilog="\b\nExamples:\n  lrtui show 12\n  lrtui show last --json")
@click.argument("run", shell_complete=runs)
@click.option("--json", "as_json", is_flag=True, help="Print the object that train --json prints.")
def show(run: str, as_json: bool) -> None:
    """Show RUN: a number or a name from `lrtui runs`, or `last`."""
    with open_store() as store:
        settle(store)
        found = find(store, run)
        if found.status is Status.UNREADABLE and found.failure is not None:
            if as_json:
                echo_json(summary(found))
            raise UnreadableError(found.failure.what, found.failure.fix)
        if as_json:
            echo_json(script_result(store, found) if found.watched else result(store, found))
        elif found.watched:
            told = store.diagnoses.get(found.id)
            echo(script_report(found, store.scripts.get(found.id), told, terminal_glyphs()))
        else:
            glyphs = terminal_glyphs()
            echo(report(found, glyphs) + details(store, found, glyphs))
