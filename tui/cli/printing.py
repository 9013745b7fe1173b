"""The one door from a command to the terminal: nothing that leaves here can do it harm."""

from __future__ import annotations

import json
import shutil
import sys

import click

from lrtui.datasets.errors import LrtuiError
from lrtui.datasets.text import harmless
from lrtui.tui.cli.streams import tell
from lrtui.tui.render.glyphs import in_ascii, wants_ascii

WIDEST, NARROWEST = 100, 40  # columns of a letter or a page


def page_width() -> int:
    """Columns for words that are read as a page, as wide as the terminal but within bounds."""
    return max(NARROWEST, min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST))


def complaint(error: LrtuiError) -> str:
    """What is wrong, and below it what to do."""
    return f"lrtui: {error.what}\n       {error.fix}"


def echo(text: str = "", *, err: bool = False) -> None:
    """Print lines for people, with ``err`` on stderr; what could harm a terminal is escaped."""
    lines = harmless(text)
    lines = in_ascii(lines) if wants_ascii() else lines
    if err:
        tell(f"{lines}\n")
    else:
        click.echo(lines)


def echo_source(text: str) -> None:
    """Print a patch: into a file or a pipe byte by byte, on a terminal without what harms it."""
    if sys.stdout.isatty():
        text = harmless(text)
    click.echo(text, nl=False)


def echo_json(found: object) -> None:
    """Print one JSON value on one line, in ASCII.

    Raises:
        ValueError: it holds a number that is not finite.
    """
    # JSON lets U+007F stand as it is; a terminal may delete by it.
    click.echo(json.dumps(found, allow_nan=False).replace("\x7f", "\\u007f"))
