"""The options that train and dashboard share: one for each hyperparameter, made from the config."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from lrtui.core.config import Config, format_value, knobs, limits_text, parse_value
from lrtui.core.config.presets import find_preset
from lrtui.core.config.steps import Emptying
from lrtui.core.doctor.suggested import FIELDS, WORD
from lrtui.core.errors import ConfigError
from lrtui.core.sweep.plan import Axis, parse_values
from lrtui.datasets.numbers import is_grouped
from lrtui.tui.cli.completing import files, preset_names, values_of
from lrtui.tui.cli.defaults import Origin, origin_of, told_of
from lrtui.tui.cli.types import Once, OnceHere

Command = TypeVar("Command", bound=Callable[..., Any])
YES = {"shuffle", "stop_on_divergence"}


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
