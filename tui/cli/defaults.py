"""Where the value of an option comes from: the call, its variable, or the person's config file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

import click
from click.core import ParameterSource

from lrtui.core.errors import ConfigError, LrtuiError
from lrtui.tui.cli.known_options import settable, variable_of
from lrtui.tui.cli.user_config import UNKNOWN, UserConfig


class Origin(Enum):
    """Who gives a value; the first that does wins."""

    CALL = "the command line"
    VARIABLE = "the environment"
    FILE = "the config file"
    BUILT_IN = "built in"


_ORIGINS = {
    ParameterSource.COMMANDLINE: Origin.CALL,
    ParameterSource.ENVIRONMENT: Origin.VARIABLE,
    ParameterSource.DEFAULT_MAP: Origin.FILE,
}


def origin_of(parameter: str) -> Origin:
    """Where the value of a parameter of the command that runs comes from."""
    context = click.get_current_context(silent=True)
    found = None if context is None else context.get_parameter_source(parameter)
    return Origin.BUILT_IN if found is None else _ORIGINS.get(found, Origin.BUILT_IN)


@contextmanager
def told_of(name: str, origin: Origin) -> Iterator[None]:
    """An error about the value of an option says which variable it stands in."""
    try:
        yield
    except ConfigError as error:
        if origin is not Origin.VARIABLE:
            raise
        raise ConfigError(f"{variable_of(name)}: {error.what}", error.fix) from None


@contextmanager
def told_of_flags(*names: str) -> Iterator[None]:
    """An error that names an option which nobody typed says where that stands."""
    try:
        yield
    except LrtuiError as error:
        for name in names:
            origin, flag = origin_of(name), f"--{name.replace('_', '-')}"
            if origin in (Origin.VARIABLE, Origin.FILE) and flag in str(error):
                place = variable_of(name) if origin is Origin.VARIABLE else _user_config().place_of(name)
                error.fix = f"{error.fix} {flag} stands in {place}."
        raise


def _user_config() -> UserConfig:
    found: UserConfig = click.get_current_context().obj
    return found


def usage_origin(error: click.UsageError) -> str:
    """``LRTUI_LIMIT: `` before what click says of a value from there."""
    option = error.param if isinstance(error, click.BadParameter) else None
    if error.ctx is None or option is None or option.name is None:
        return ""
    if error.ctx.get_parameter_source(option.name) is not ParameterSource.ENVIRONMENT:
        return ""
    return f"{option.envvar}: "


def default_map(command: click.Command, found: UserConfig) -> dict[str, Any]:
    """The defaults of a command's parameters, as click takes them."""
    options = {name: option for name, option in settable(command).items() if name in found.defaults}
    return {
        str(option.name): [found.defaults[name]] if option.multiple else found.defaults[name]
        for name, option in options.items()
    }


def refuse_faults(found: UserConfig, command: click.Command) -> None:
    """Do not run with other defaults than the person meant.

    Raises:
        ConfigError: something is wrong in the file that this command would heed.
    """
    options = settable(command)
    for fault in found.faults:
        meant = fault.about == UNKNOWN and "config" in options
        if fault.about is None or fault.about in options or meant:
            raise ConfigError(fault.what, fault.fix)
