"""``lrtui [DATASET]``: opens the dashboard where there is a terminal to show it on."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Any

import click

from lrtui.core.config import Config, changed
from lrtui.core.config.proposal import leaves_open
from lrtui.core.errors import EngineError, LrtuiError
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.source import Source
from lrtui.tui.cli.completing import datasets
from lrtui.tui.cli.defaults import Origin, origin_of
from lrtui.tui.cli.known_options import variable_of
from lrtui.tui.cli.options import form_options, take_all_values
from lrtui.tui.cli.printing import complaint, echo
from lrtui.tui.cli.source_options import STDIN, source_options, take_source
from lrtui.tui.cli.suggested import refuse_suggested
from lrtui.tui.cli.types import Once
from lrtui.tui.cli.user_config import UserConfig
from lrtui.tui.preferences import Preferences


class TerminalError(LrtuiError):
    """There is no terminal that could show the dashboard."""

    title = "Terminal"


@dataclass(frozen=True)
class Opening:
    """What a dashboard opens on: ``config`` where one is given, else ``base``; ``own``: how to train."""

    source: Source | None
    config: Config | None
    base: Config
    own: bool


@click.command(
    "dashboard", epilog="\b\nExamples:\n  lrtui moons --lr 0.01 --start\n  lrtui data.csv --target churned"
)
@click.argument("dataset", required=False, shell_complete=datasets)
@source_options
@click.option("--start", is_flag=True, help="Begin to train at once.")
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with plain ASCII alone.")
@click.option("--theme", cls=Once, metavar="NAME", help="Colours; else those chosen in the dashboard last.")
@form_options
@click.pass_obj
def dashboard(
    user: UserConfig,
    /,
    dataset: str | None,
    start: bool,
    ascii_only: bool,
    theme: str | None,
    **options: Any,
) -> int:
    """Open the dashboard, on DATASET if one is given."""
    refuse_stdin(dataset)  # which is no terminal either, but that is not what is wrong
    check_terminal()
    opening = opening_of(dataset, options, start=start)
    from lrtui.tui.app import run_dashboard  # `lrtui -h` needs no dashboard
    from lrtui.tui.render.glyphs import wants_ascii
    from lrtui.tui.unexpected_error import DashboardFailedError

    try:
        return run_dashboard(
            opening.source,
            opening.config,
            base=opening.base,
            own=opening.own,
            start=start,
            ascii_only=ascii_only or wants_ascii(),
            preferences=preferences_of(user, theme),
        )
    except DashboardFailedError as error:  # nothing that the person gave is wrong, so it is not 2
        echo(complaint(error), err=True)
        return 1


def opening_of(dataset: str | None, options: dict[str, Any], *, start: bool) -> Opening:
    """What stands behind ``lrtui``.

    Raises:
        LrtuiError: no dashboard can open on it.
    """
    refuse_stdin(dataset)
    source = None if dataset is None else take_source(dataset, options)
    if source is not None and source.is_file and source.target is None and start:
        raise EngineError("A file needs a target to train on.", "Give --target COLUMN.")
    refuse_suggested(options)
    values = take_all_values(options)
    base = changed(Config(), **values.standing)
    config = changed(base, **values.given) if values.given else None
    return Opening(source, config, base, own=not leaves_open(values.all))


def refuse_stdin(dataset: str | None) -> None:
    """Keys come from there.

    Raises:
        DatasetError: a table was to.
    """
    if dataset == STDIN:
        raise DatasetError(
            "The dashboard reads its keys from standard input, so no table can come that way.",
            "Write the table to a file and give its path, or use lrtui train -.",
        )


def preferences_of(user: UserConfig, theme: str | None) -> Preferences:
    """Theme and keys, and what is wrong in the config file."""
    places = {
        Origin.CALL: "--theme",
        Origin.VARIABLE: variable_of("theme"),
        Origin.FILE: user.place_of("theme"),
    }
    given = None if theme is None else (theme, places[origin_of("theme")])
    return Preferences(user.keys, given, tuple(f"{fault.what} {fault.fix}" for fault in user.faults))


def is_terminal() -> bool:
    """Whether there is one that can show the dashboard."""
    # Textual draws on stderr, so that stdout stays free; all three must be the terminal.
    return all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)) and not is_dumb()


def is_dumb() -> bool:
    """Whether it is one that can do nothing."""
    return os.environ.get("TERM", "dumb") in ("dumb", "")


def check_terminal() -> None:
    """Refuse politely where no dashboard can be shown.

    Raises:
        TerminalError: stdin or stdout is no terminal, or the terminal is a dumb one.
    """
    hint = "lrtui train DATASET does the same work without a screen."
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        raise TerminalError("The dashboard needs a terminal to draw on.", hint)
    if is_dumb():
        raise TerminalError("This terminal (TERM=dumb) cannot show the dashboard.", hint)
