"""The options that train and dashboard share: one for each hyperparameter, made from the config."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from lrtui.core.config import Config, format_value, knobs, limits_text, parse_value
from lrtui.core.config.names import read_names
from lrtui.core.config.presets import find_preset
from lrtui.core.config.steps import Emptying
from lrtui.core.doctor.suggested import FIELDS, WORD
from lrtui.core.errors import ConfigError
from lrtui.core.store.home import make_home
from lrtui.core.sweep.plan import Axis, parse_values
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.numbers import is_grouped
from lrtui.datasets.reading.formats import OPTIONS
from lrtui.datasets.reading.opening import DEVICE, sort_of
from lrtui.datasets.reading.spooling import spool
from lrtui.datasets.source import Source
from lrtui.datasets.source_validation import parse_source
from lrtui.datasets.text import quote
from lrtui.tui.cli.completing import files, preset_names, values_of
from lrtui.tui.cli.defaults import Origin, origin_of, told_of, told_of_flags
from lrtui.tui.cli.printing import echo
from lrtui.tui.cli.types import Once, OnceHere

Command = TypeVar("Command", bound=Callable[..., Any])
STDIN = "-"
SILENT_SECONDS = 2.0  # without a byte on standard input, until that is said
YES = {"shuffle", "stop_on_divergence"}


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


def config_file_option(command: Command) -> Command:
    """``--config``."""
    return click.option(
        "--config",
        "config_file",
        cls=Once,
        metavar="FILE.toml",
        help="Hyperparameters from a file, such as lr = 0.01; options win over it.",
        shell_complete=files,
    )(command)


def preset_option(command: Command) -> Command:
    """``--preset``."""
    return click.option(
        "--preset",
        cls=OnceHere,
        metavar="NAME",
        help="Hyperparameters by name: lrtui presets lists them; options win over them.",
        shell_complete=preset_names,
    )(command)


def form_options(command: Command, suggested: tuple[str, ...] = ()) -> Command:
    """``--preset``, ``--config`` and an option for every hyperparameter, as the form has them."""
    for name, knob in reversed(knobs().items()):
        flag = f"--{name.replace('_', '-')}"
        default = format_value(name, getattr(Config(), name)) or "empty"
        word = f", or {WORD}: by the data" if name in suggested else ""
        text = f"{knob.help} ({limits_text(name)}{word}) [{default}]"
        if name in YES:
            # A bare --shuffle and --no-shuffle, and also --shuffle=no.
            command = click.option(
                flag, name, cls=Once, metavar="[yes|no]", is_flag=False, flag_value="yes", help=text,
                shell_complete=values_of(name),
            )(command)  # fmt: skip
            off = f"--no-{name.replace('_', '-')}"
            command = click.option(off, f"no_{name}", is_flag=True, hidden=True)(command)
        else:
            command = click.option(
                flag, name, cls=Once, metavar="VALUE", help=text, shell_complete=values_of(name)
            )(command)
    return preset_option(config_file_option(command))


config_options = partial(form_options, suggested=FIELDS)
"""The same, some of which take ``suggested``."""


@dataclass(frozen=True)
class Values:
    """Hyperparameters by name: those of this call, and those of the environment and the config file."""

    given: dict[str, Any]
    standing: dict[str, Any]

    @property
    def all(self) -> dict[str, Any]:
        """What holds."""
        return {**self.standing, **self.given}


def take_values(options: dict[str, Any]) -> dict[str, Any]:
    """The hyperparameters that hold, by name; takes them out of ``options``.

    Raises:
        ConfigError: a value or the file is wrong.
    """
    return take_all_values(options).all


def take_all_values(options: dict[str, Any]) -> Values:
    """The same, told apart.

    An option comes first, then its variable, ``--preset``, ``--config``, and the person's own file.

    Raises:
        ConfigError: a value or the file is wrong.
    """
    found = Values({}, {})
    by_variable: dict[str, Any] = {}
    for name in knobs():
        text, origin = options.pop(name, None), origin_of(name)
        if options.pop(f"no_{name}", False):
            flag = name.replace("_", "-")
            if text is not None and origin is Origin.CALL and parse_value(name, text):
                raise ConfigError(f"--{flag} and --no-{flag} were both given.", "Give one of them.")
            text, origin = "no", Origin.CALL
        if text is None:
            continue
        with told_of(name, origin):
            value = parse_value(name, text)
        {Origin.CALL: found.given, Origin.VARIABLE: by_variable}.get(origin, found.standing)[name] = value
    named: dict[str, Any] = {}  # in this call, by a file or a preset
    if (path := options.pop("config_file", None)) is not None:
        from lrtui.core.config.toml import read_toml  # the way to the first screen is without

        whose = named if origin_of("config_file") is Origin.CALL else found.standing
        whose.update(read_toml(Path(path)))
    if (preset := options.pop("preset", None)) is not None:
        named.update(find_preset(preset).values)
    fresh = {name: value for name, value in named.items() if name not in by_variable}
    return Values({**fresh, **found.given}, {**found.standing, **by_variable})


def take_axes(options: dict[str, Any]) -> tuple[Axis, ...]:
    """The fields for which several values were given; takes them out of ``options``.

    Raises:
        ConfigError: a list or range is wrong.
    """
    axes = []
    for name, knob in knobs().items():
        text = options.get(name)
        if isinstance(knob.step, Emptying):
            continue  # its commas part the names of one list
        if text is not None and ("," in text or ":" in text) and not is_grouped(text):
            axes.append(Axis(name, parse_values(name, options.pop(name))))
    return tuple(axes)


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
    return str(spool(stream, make_home() / "stdin"))
