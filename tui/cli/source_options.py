"""The options that say what a table is and how its file is read, and the source that they mean."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from lrtui.core.errors import ConfigError
from lrtui.datasets.column_names import read_names
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.formats import OPTIONS
from lrtui.datasets.reading.opening import DEVICE, sort_of
from lrtui.datasets.reading.spooling import spool
from lrtui.datasets.source import Source
from lrtui.datasets.source_validation import parse_source
from lrtui.datasets.text import quote
from lrtui.tui.cli.completing import files
from lrtui.tui.cli.defaults import told_of_flags
from lrtui.tui.cli.printing import echo
from lrtui.tui.cli.types import Once

Command = TypeVar("Command", bound=Callable[..., Any])
STDIN = "-"
SILENT_SECONDS = 2.0  # without a byte on standard input, until that is said

# field of a source → metavar and help, in the order of the help
SOURCE_OPTIONS = {
    "target": ("COLUMN", "Target column of a table."),
    "positive": ("VALUE", "Value of the target that counts as 1; else the rarer."),
    "columns": ("COLUMNS", "The only columns to learn from, with commas between."),
    "weights": ("COLUMN", "Column with the weight of each row in the loss."),
    "group": ("COLUMN", "Column whose equal values stay together in one part."),
    "time": ("COLUMN", "Column by which the latest rows are the test part."),
    "test": ("FILE", "A file that is the test part, in place of a split."),
    "format": ("FORMAT", "Format of the file, where its name does not tell."),
    "separator": ("CHARACTER", "What stands between the values of a text file; else found out."),
    "quote": ("CHARACTER", "What stands around values of a text file; else found out."),
    "encoding": ("NAME", "Encoding of a text file; else found out."),
    "header": ("yes|no|ROW", "Whether the first line names the columns, or which; else found out."),
    "skip_rows": ("N", "Lines above the table; else found out."),
    "comment": ("CHARACTER", "What begins lines that are comments; else # and % where the first does."),
}


READING = ("format", *OPTIONS)  # those that say how a file is read


def reading_options(command: Command, names: Iterable[str] = READING) -> Command:
    """``--format`` and the other options that say how a file is read."""
    for name in reversed(tuple(names)):
        metavar, text = SOURCE_OPTIONS[name]
        # click parses "format" well; as a parameter it would only hide the built-in.
        flag = f"--{name.replace('_', '-')}"
        complete = files if metavar == "FILE" else None
        command = click.option(flag, name, cls=Once, metavar=metavar, help=text, shell_complete=complete)(
            command
        )
    return command


def source_options(command: Command) -> Command:
    """``--target`` and the other options that say what a table holds, and how its file is read."""
    command = reading_options(command, SOURCE_OPTIONS)
    return click.option(
        "--multiclass", is_flag=True, help="Every value of the target is a class: softmax regression."
    )(command)


def take_source(name: str, options: dict[str, Any]) -> Source:
    """The source that a name and the options of a table mean; takes them out of ``options``.

    ``-`` is standard input, which is kept in the store's folder.

    Raises:
        ConfigError: a list of columns is wrong. DatasetError: the source is not to be had.
        StoreError: standard input cannot be kept.
    """
    given = {field: options.pop(field, None) for field in SOURCE_OPTIONS}
    if given["columns"] is not None:
        try:
            given["columns"] = read_names(given["columns"])
        except ValueError as error:
            raise ConfigError(
                f"--columns {quote(given['columns'])} is no list of columns: {error}.",
                "Give names with commas between, such as age,income.",
            ) from None
        if not given["columns"]:
            raise ConfigError("--columns names no column.", "Give names, or leave the option out.")
    multiclass = options.pop("multiclass", False) or None
    with told_of_flags(*SOURCE_OPTIONS, "multiclass"):
        return parse_source(_spooled() if name == STDIN else name, multiclass=multiclass, **given)


def _spooled() -> str:
    """The path of a file that holds what comes on standard input."""
    stream = sys.stdin.buffer
    if stream.isatty():
        raise DatasetError("Nothing is piped in.", "Pipe a table in: lrtui train - < data.csv.")
    if sort_of(os.fstat(0).st_mode) == DEVICE and not os.path.samestat(os.fstat(0), os.stat(os.devnull)):
        raise DatasetError("Standard input is a device, not a file.", "Copy what you need of it to a file.")
    if not select.select([0], [], [], SILENT_SECONDS)[0]:
        echo("Waiting for a table on standard input; Ctrl+C calls it off.", err=True)
    from lrtui.core.store.home import make_home  # with all of the store

    return str(spool(stream, make_home() / "stdin"))
