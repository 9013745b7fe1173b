"""A person's own config file: defaults for the options, and keys; what is wrong is told line by line."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from lrtui.core.errors import ConfigError, LrtuiError
from lrtui.datasets.storage.folder import config_folder
from lrtui.datasets.text import quote, safe
from lrtui.tui.cli.known_options import KnownOptions, name_of

if TYPE_CHECKING:
    from lrtui.core.config.toml import Document

NAME = "config.toml"
DEFAULTS, KEYS = "defaults", "keys"
UNKNOWN = ""  # what a fault is about where it is about a name that nothing has
EXAMPLE = 'Give lr = 0.1 or quiet = true under [defaults], and "run.step" = "n" under [keys].'


class Fault(NamedTuple):
    """Something wrong in the file.

    ``about`` is the option that it is about, ``UNKNOWN`` where there is no such option, and ``None`` where
    nothing of the file can be used.
    """

    what: str
    fix: str
    about: str | None = None


@dataclass
class UserConfig:
    """What the file says, so far as it is sound.

    Attributes:
        defaults: by the name of the option: a text as it would be typed, or whether a flag is given.
        keys: by the id of the action, as written.
    """

    path: Path
    document: Document | None = None
    defaults: dict[str, str | bool] = field(default_factory=dict)
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, table: str, key: str) -> str:
        """``config.toml, line 3``."""
        line = None if self.document is None else self.document.line_of(table, key)
        return NAME if line is None else f"{NAME}, line {line}"

    def place_of(self, name: str) -> str:
        """Where the default of an option stands."""
        spellings = (name, name.replace("_", "-"))
        lines = [self.place(DEFAULTS, spelling) for spelling in spellings]
        return max(lines, key=len)


def config_path() -> Path:
    """The person's config file.

    Raises:
        DatasetError: there is no home folder.
    """
    return config_folder() / NAME


def read_user_config(options: KnownOptions) -> UserConfig:
    """The person's file; one that is not there says nothing, and one that is wrong has faults."""
    try:
        found = UserConfig(config_path())
    except LrtuiError:  # there is no home: whoever keeps files says so
        return UserConfig(Path(NAME))
    try:
        if not os.path.lexists(found.path):
            return found
        from lrtui.core.config.toml import read_document  # without a file, the first screen is sooner there

        found.document = document = read_document(found.path, EXAMPLE)
    except ConfigError as error:
        found.faults.append(Fault(error.what, error.fix))
        return found
    except (OSError, ValueError):  # a path that is none
        return found
    for key, value in document.content.items():
        if key == DEFAULTS and isinstance(value, dict):
            _read_defaults(found, value, options)
        elif key == KEYS and isinstance(value, dict):
            _read_keys(found, value)
        else:
            found.faults.append(_stray(found, key, options))
    return found


def _read_defaults(found: UserConfig, given: dict[str, Any], options: KnownOptions) -> None:
    from lrtui.core.config.toml import twice

    for key, value in given.items():
        name, where = key.replace("-", "_"), f"{quote(str(found.path))}, {_at(found, DEFAULTS, key)}"
        option = options.find(name)
        try:
            if name in found.defaults:
                raise twice(where, name)
            if option is None:
                raise _unknown(key, options)
            found.defaults[name] = _default(name, value, option)
        except LrtuiError as error:
            what = error.what if error.what.startswith(where) else f"{where}: {error.what}"
            found.faults.append(Fault(what, error.fix, UNKNOWN if option is None else name))


def _default(name: str, value: Any, option: click.Option) -> str | bool:
    """A default as its option takes it."""
    from lrtui.core.config import format_value, knobs  # of which whoever sets nothing needs nothing

    if name in knobs():
        from lrtui.core.config.toml import read_value

        return format_value(name, read_value(name, value))
    if option.is_flag:
        if not isinstance(value, bool):
            raise ConfigError(f"{quote(name)} is given or not.", "Write true or false.")
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ConfigError(f"{quote(name)} takes a text or a number.", f'Write it like {name} = "…".')
    checked(option, str(value))
    return str(value)


def checked(option: click.Option, text: str) -> None:
    """Refuse what an option that is no hyperparameter cannot be.

    Raises:
        ConfigError: it cannot be that. DatasetError: no file can be read so.
    """
    from lrtui.datasets.reading.formats import OPTIONS
    from lrtui.datasets.source_validation import check_reading

    if name_of(option) in ("format", *OPTIONS):
        check_reading(name_of(option), text)
    try:
        option.type.convert(text, option, None)
    except click.BadParameter as error:
        raise ConfigError(f"{safe(error.message)}.", "lrtui -h tells what it takes.") from None


def _read_keys(found: UserConfig, given: dict[str, Any]) -> None:
    for action, value in given.items():
        if isinstance(value, dict):  # run.step = "n", without quotes, is a table to TOML
            _read_keys(found, {f"{action}.{name}": inner for name, inner in value.items()})
            continue
        keys = value if isinstance(value, list) else [value]
        if keys and all(isinstance(key, str) and key for key in keys):
            found.keys[action] = tuple(keys)
        else:
            where = f"{quote(str(found.path))}, {_at(found, KEYS, action)}"
            what = f"{where}: an action has a key, or a list of keys."
            found.faults.append(Fault(what, 'Write "run.step" = "n" or "run.step" = ["n", "S"].', KEYS))


def _at(found: UserConfig, table: str, key: str) -> str:
    """``line 3``, or the key where no line is known."""
    line = None if found.document is None else found.document.line_of(table, key)
    return f"[{table}] {safe(key)}" if line is None else f"line {line}"


def _unknown(key: str, options: KnownOptions) -> ConfigError:
    near = options.nearest(key)
    hint = f"Did you mean {near}? " if near else ""
    what = f"there is no option called {quote(key)}."
    return ConfigError(what, f"{hint}lrtui config --show names them all.")


def _stray(found: UserConfig, key: str, options: KnownOptions) -> Fault:
    where = f"{quote(str(found.path))}, {_at(found, '', key)}"
    if key in (DEFAULTS, KEYS):
        return Fault(f"{where}: {quote(key)} is a table of its own.", EXAMPLE, UNKNOWN)
    if options.find(key.replace("-", "_")) is not None:
        return Fault(f"{where}: {quote(key)} stands in no table.", "Put it under [defaults].", UNKNOWN)
    what = f"{where}: there is {quote(key)}, and only [defaults] and [keys] mean something."
    return Fault(what, EXAMPLE, UNKNOWN)
