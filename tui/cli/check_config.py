"""The config file and the variables: what is wrong in them, for a check."""

from __future__ import annotations

import os
from collections.abc import Iterator

import click

from lrtui.core.system.record import Check, State
from lrtui.tui.cli.config import wrong_in_the_dashboard, wrong_variables
from lrtui.tui.cli.known_options import PREFIX, KnownOptions
from lrtui.tui.cli.user_config import UserConfig, read_user_config

TOPIC = "config"
ALL = "lrtui config --check names all."


def config_checks(context: click.Context) -> Iterator[Check]:
    """The file, and the variables, with which every command would begin."""
    from lrtui.tui.cli.group import Group  # which imports this module

    group = context.find_root().command
    assert isinstance(group, Group), "it is lrtui itself"
    options = KnownOptions(context.command, group.every_command)
    yield _file(read_user_config(options))
    set_ones = sorted(name for name in os.environ if name.startswith(PREFIX))
    wrong = list(wrong_variables(options))  # which only what would heed them refuses
    if wrong:
        yield _faulty("variables", wrong, State.NOTE)
    else:
        yield Check(TOPIC, "variables", ", ".join(set_ones) or f"none that begins with {PREFIX}")


def _file(found: UserConfig) -> Check:
    if found.faults:
        return _faulty("file", [(one.what, one.fix) for one in found.faults], State.PROBLEM)
    if found.keys or "theme" in found.defaults:
        try:
            wrong = list(wrong_in_the_dashboard(found))  # which imports Textual
        except ImportError as error:
            what = f"{found.path}; keys and theme are not looked at: {error}"
            return Check(TOPIC, "file", what, State.NOTE)
        if wrong:  # the dashboard goes by the rest
            return _faulty("file", wrong, State.NOTE)
    return Check(TOPIC, "file", f"{found.path}{'' if found.document is not None else ' (not there)'}")


def _faulty(name: str, wrong: list[tuple[str, str]], state: State) -> Check:
    what, fix = wrong[0]
    if len(wrong) == 1:
        return Check(TOPIC, name, what, state, fix)
    return Check(TOPIC, name, f"{len(wrong)} faults, the first: {what}", state, f"{fix} {ALL}")
