"""``lrtui record``: lrtui in a terminal of its own, recorded for asciinema."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import click

from lrtui.core.errors import LrtuiError
from lrtui.datasets.text import quote, safe
from lrtui.tui.cli.completing import files
from lrtui.tui.cli.dashboard import is_dumb
from lrtui.tui.cli.printing import echo
from lrtui.tui.cli.types import Here, OnceHere, Whole

_EPILOG = """\b
Examples:
  lrtui record out.cast                          the dashboard, until you quit
  lrtui record out.cast train moons
  lrtui record out.cast replay last --speed 2x
  lrtui record --columns 80 --rows 24 out.cast train moons < /dev/null
"""
CONTEXT = {"ignore_unknown_options": True, "allow_interspersed_args": False}
LARGEST = 1000  # columns or rows
TERM = "xterm-256color"  # where there is no terminal that says what it is


@click.command(epilog=_EPILOG, context_settings=CONTEXT)
@click.option("--force", cls=Here, is_flag=True, help="Record over an earlier recording.")
@click.option(
    "--columns", cls=OnceHere, type=Whole(), metavar="N", help="Of the terminal; else as this one."
)
@click.option("--rows", cls=OnceHere, type=Whole(), metavar="N", help="Of the terminal; else as this one.")
@click.argument("out", metavar="OUT.cast", shell_complete=files)
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="[COMMAND]...")
def record(force: bool, columns: int | None, rows: int | None, out: str, command: tuple[str, ...]) -> int:
    """Run lrtui in a terminal of its own and record what it shows into OUT.cast, an asciicast v2 file.

    COMMAND is any line that lrtui takes; without one it is the dashboard. Keys are not recorded. The exit
    code is that of the command.
    """
    from lrtui.tui.terminal.cast import Cast, CastError, new_file
    from lrtui.tui.terminal.recording import Recorder

    _check_name(out)
    size = _size(columns, rows)
    env = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    if is_dumb() and not sys.stdin.isatty():
        env["TERM"] = TERM
    file = new_file(Path(out), force=force)
    with file:
        cast = Cast(file, *size, shlex.join(["lrtui", *command]), env)
        recorder = Recorder(cast, *size, follow=columns is None and rows is None)
        code = recorder.run([sys.executable, "-P", "-m", "lrtui.tui", *command], env)
    if cast.failure is not None:
        why = (cast.failure.strerror or str(cast.failure)).lower()
        raise CastError(f"The recording ends early: {why}.", "Free some space, or record elsewhere.")
    echo(f"Recorded {cast.seconds:.1f} s in {safe(shlex.quote(out))}.", err=True)
    return code


class RecordError(LrtuiError):
    """What is to be recorded is not said, or cannot be."""

    title = "Terminal"


def _size(columns: int | None, rows: int | None) -> tuple[int, int]:
    """Columns and rows: as given, else those of the terminal on stdin."""
    for name, value in (("--columns", columns), ("--rows", rows)):
        if value is not None and value > LARGEST:
            raise RecordError(f"{name} {value} is too many.", f"Give at most {LARGEST}.")
    if columns is not None and rows is not None:
        return columns, rows
    if not sys.stdin.isatty():
        raise RecordError(
            "There is no terminal to be recorded, and no size is given.", "Give --columns 80 --rows 24."
        )
    found = os.get_terminal_size(sys.stdin.fileno())
    return columns or found.columns or 80, rows or found.lines or 24


def _check_name(out: str) -> None:
    """Refuse a command in place of the file: what was meant would become a file of that name."""
    from lrtui.tui.cli.front import COMMANDS

    if out in COMMANDS or out.startswith("-"):
        raise RecordError(
            f"{quote(out)} is no file to record into.", "Give one first: lrtui record out.cast train moons."
        )
