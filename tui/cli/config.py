"""``lrtui config``: where the config file lies, what holds and why, and what is wrong in it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lrtui.core.config import Config, format_value, knobs, parse_value
from lrtui.core.doctor.suggested import FIELDS, WORD
from lrtui.core.errors import ConfigError, LrtuiError
from lrtui.datasets.storage.folder import size_of_text
from lrtui.datasets.text import quote, safe, width
from lrtui.tui.cli.known_options import NOT_KEPT, OTHER_VARIABLES, PREFIX, KnownOptions, variable_of
from lrtui.tui.cli.options import config_file_option
from lrtui.tui.cli.printing import echo, echo_json
from lrtui.tui.cli.user_config import UserConfig, checked, config_path, read_user_config
from lrtui.tui.preferences import remembered_theme
from lrtui.tui.render.wrapping import pad

if TYPE_CHECKING:
    from lrtui.tui.cli.group import Group

BUILT_IN = "built in"
_EPILOG = """\b
Examples:
  lrtui config --show
  lrtui config --check
  $EDITOR "$(lrtui config --path)"
"""


@dataclass(frozen=True)
class Row:
    """One setting: what holds, and who says so."""

    name: str
    value: str
    origin: str


@click.command(epilog=_EPILOG)
@click.option("--path", "wanted", flag_value="path", help="Print the path of the config file.")
@click.option("--show", "wanted", flag_value="show", help="Print what holds, and where it comes from.")
@click.option("--check", "wanted", flag_value="check", help="Say what is wrong; exit code 2 then.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of what holds.")
@config_file_option
@click.pass_context
def config(context: click.Context, wanted: str | None, as_json: bool, config_file: str | None) -> int:
    """Show the defaults that hold: of the config file, of variables, and those built in.

    An option comes first, then its variable (LRTUI_LR for --lr), then --config, then the config file.
    """
    if wanted == "path":
        echo(str(config_path()))
        return 0
    group: Group = context.find_root().command  # type: ignore[assignment]
    options = KnownOptions(context.command, group.every_command)
    found = read_user_config(options)
    wrong = list(_wrong(found, options, config_file))
    if wanted == "check":
        for what, fix in wrong:
            echo(f"lrtui: {what}\n       {fix}", err=True)
        if not wrong:
            there = "" if found.document is not None else ", which is not there,"
            echo(f"{quote(str(found.path))}{there} and the environment are in order.")
        return 2 if wrong else 0
    rows = _rows(found, options, {} if wrong or config_file is None else _project(config_file))
    if as_json:
        echo_json([{"name": row.name, "value": row.value, "from": row.origin} for row in rows])
    else:
        _print(found, rows)
    for what, fix in wrong:
        echo(f"lrtui: {what}\n       {fix}", err=True)
    return 0


def _project(path: str) -> dict[str, Any]:
    from lrtui.core.config.toml import read_toml  # as options.py does

    return read_toml(Path(path))


def _rows(found: UserConfig, options: KnownOptions, project: Mapping[str, Any]) -> list[Row]:
    rows = []
    for name in options.all:
        if name in NOT_KEPT:
            continue
        shown = name.replace("_", "-")
        if text := os.environ.get(variable_of(name)):
            rows.append(Row(shown, text, variable_of(name)))
        elif name in project:
            rows.append(Row(shown, format_value(name, project[name]), "--config"))
        elif name in found.defaults:
            rows.append(Row(shown, _text(found.defaults[name]), found.place_of(name)))
        elif name == "theme" and (remembered := remembered_theme()):
            rows.append(Row(shown, remembered, "chosen in the dashboard"))
        else:
            default = format_value(name, getattr(Config(), name)) if name in knobs() else ""
            rows.append(Row(shown, default, BUILT_IN))
    return rows + list(_keys(found))


def _keys(found: UserConfig) -> Iterator[Row]:
    """Every action with its keys."""
    from lrtui.tui.keymap import every_binding, keymap_of  # Textual, for this alone

    keymap, _ = keymap_of(found.keys)
    keys: dict[str, str] = {}
    for bindings in every_binding().values():
        keys |= {one.id: one.key.replace(",", " ") for one in bindings if one.id is not None}
    for action, key in keys.items():
        if action in keymap:
            yield Row(f"keys {action}", keymap[action].replace(",", " "), found.place("keys", action))
        else:
            yield Row(f"keys {action}", key, BUILT_IN)


def _text(default: str | bool) -> str:
    return ("yes" if default else "no") if isinstance(default, bool) else default


def _print(found: UserConfig, rows: list[Row]) -> None:
    there = "" if found.document is not None else "  (not there)"
    echo(f"{safe(str(found.path))}{there}\n")
    shown = [(row.name, safe(row.value) or "–", row.origin) for row in rows]
    first, second = (max(width(row[column]) for row in shown) for column in (0, 1))
    for name, value, origin in [("option", "value", "from"), *shown]:
        echo(f"{pad(name, first)}  {pad(value, min(second, 24))}  {origin}")


def _wrong(found: UserConfig, options: KnownOptions, config_file: str | None) -> Iterator[tuple[str, str]]:
    """Everything that is wrong: in the file, in its keys and theme, in the environment, in ``--config``."""
    yield from ((fault.what, fault.fix) for fault in found.faults)
    yield from wrong_in_the_dashboard(found)
    yield from wrong_variables(options)
    if limit := os.environ.get("LRTUI_CACHE_LIMIT"):
        try:
            size_of_text(limit)
        except LrtuiError as error:
            yield error.what, error.fix
    if config_file is not None:
        try:
            _project(config_file)
        except ConfigError as error:
            yield error.what, error.fix


def wrong_variables(options: KnownOptions) -> Iterator[tuple[str, str]]:
    """Of each variable that gives an option, or none that there is, what is wrong and what to do."""
    for name in os.environ:
        if name.startswith(PREFIX) and name not in OTHER_VARIABLES:
            yield from _wrong_variable(name, options)


def wrong_in_the_dashboard(found: UserConfig) -> Iterator[tuple[str, str]]:
    """Of keys and theme, what is wrong and what to do."""
    from lrtui.tui.keymap import keymap_of  # Textual, for this alone
    from lrtui.tui.wishes import wrong_theme

    file = quote(str(found.path))
    for action, what, fix in keymap_of(found.keys)[1]:
        yield f"{file}, {_line(found.place('keys', action), action)}: {what}", fix
    place, kept = _line(found.place_of("theme"), "theme"), _text(found.defaults.get("theme", ""))
    variable = variable_of("theme")
    for theme, where in ((os.environ.get(variable), variable), (kept, f"{file}, {place}")):
        if theme and (said := wrong_theme(theme)) is not None:
            yield f"{where}: {said[0]}", said[1]


def _line(place: str, name: str) -> str:
    """``line 3``, or the name where no line is known."""
    return place.partition(", ")[2] or safe(name)


def _wrong_variable(variable: str, options: KnownOptions) -> Iterator[tuple[str, str]]:
    name, text = variable.removeprefix(PREFIX).lower(), os.environ[variable]
    option = options.all.get(name)
    if option is None:
        near = get_close_matches(variable, [*map(variable_of, options.all), *OTHER_VARIABLES], n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        fix = f"{hint}lrtui config --show names all options."
        yield f"{safe(variable)}: no option has this variable.", fix
    elif text:
        try:
            if name not in knobs():
                checked(option, text)
            elif not (name in FIELDS and text.strip() == WORD):
                parse_value(name, text)
        except LrtuiError as error:
            yield f"{variable}: {error.what}", error.fix
