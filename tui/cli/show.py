"""``lrtui show``: one run, whole."""

from __future__ import annotations

import click

from lrtui.core.branching import nearest_snapshot
from lrtui.core.errors import ConfigError, UnreadableError
from lrtui.core.reproduce import config_toml
from lrtui.core.results import fits, result, script_result, summary
from lrtui.core.store import Run, SnapshotRow, Status, Store
from lrtui.tui.cli.completing import runs
from lrtui.tui.cli.printing import echo, echo_json, echo_source
from lrtui.tui.cli.remarks import open_store
from lrtui.tui.cli.runs import find, settle
from lrtui.tui.cli.types import Epoch, Here, OnceHere
from lrtui.tui.render.glyphs import terminal_glyphs
from lrtui.tui.render.run_report import details, report
from lrtui.tui.render.script_report import script_report

_EPILOG = """\b
Examples:
  lrtui show 12
  lrtui show last --json
  lrtui show 12 --epoch 40
  lrtui show 12 --config > run.toml
"""


@click.command(epilog=_EPILOG)
@click.argument("run", shell_complete=runs)
@click.option(
    "--epoch", cls=OnceHere, type=Epoch(), metavar="N", help="As it was at the epoch kept nearest to N."
)
@click.option("--config", "as_toml", cls=Here, is_flag=True, help="Print its hyperparameters as TOML.")
@click.option("--json", "as_json", is_flag=True, help="Print the object that train --json prints.")
def show(run: str, epoch: int | None, as_toml: bool, as_json: bool) -> None:
    """Show RUN: a number or a name from `lrtui runs`, or `last`."""
    _check(as_toml=as_toml, as_json=as_json, epoch=epoch)
    with open_store() as store:
        settle(store)
        found = find(store, run)
        if found.status is Status.UNREADABLE and found.failure is not None:
            if as_json:
                echo_json(summary(found))
            raise UnreadableError(found.failure.what, found.failure.fix)
        if as_toml and found.watched:
            raise ConfigError(
                f"Run {found.id} is a script: its settings stand in it.", "Leave --config out."
            )
        at = None if epoch is None else _kept(store, found, epoch)
        if as_toml:
            echo_source(config_toml(found.config, [f"the hyperparameters of run {found.id}"]) + "\n")
        elif as_json:
            echo_json(script_result(store, found) if found.watched else result(store, found, at))
        elif found.watched:
            told = store.diagnoses.get(found.id)
            echo(script_report(found, store.scripts.get(found.id), told, terminal_glyphs()))
        else:
            glyphs = terminal_glyphs()
            echo(report(found, glyphs, at, epoch) + details(store, found, glyphs, at))


def _check(*, as_toml: bool, as_json: bool, epoch: int | None) -> None:
    if as_toml and as_json:
        raise ConfigError("--config and --json are two ways to print it.", "Give one of them.")
    if as_toml and epoch is not None:
        raise ConfigError(
            "--config prints what the run was asked for, whatever the epoch.", "Leave --epoch out."
        )


def _kept(store: Store, run: Run, epoch: int) -> SnapshotRow:
    """What is kept of an epoch, or of the nearest."""
    if run.watched:
        raise ConfigError(f"Of run {run.id}, a script, no epochs are kept.", "Leave --epoch out.")
    found = nearest_snapshot(store, run, epoch)
    if not fits(run, found):
        raise UnreadableError(f"Epoch {found.epoch:,} of run {run.id} is damaged.", "Ask for another.")
    return found
