"""The options of all commands by one name: ``--batch-size``, ``LRTUI_BATCH_SIZE``, ``batch_size``."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from functools import cached_property

import click

from lrtui.tui.cli.types import Here, YesNo

PREFIX = "LRTUI_"
OTHER_VARIABLES = ("LRTUI_HOME", "LRTUI_CACHE", "LRTUI_CACHE_LIMIT", "LRTUI_OPENML")  # that are no option
NOT_KEPT = ("config",)  # which is a file like the one that would name it


def name_of(option: click.Parameter) -> str:
    """``batch_size`` of ``--batch-size``; the parameter may be called otherwise."""
    return max(option.opts, key=len).lstrip("-").replace("-", "_")


def variable_of(name: str) -> str:
    """The environment variable that gives an option."""
    return f"{PREFIX}{name.upper()}"


def settable(command: click.Command) -> dict[str, click.Option]:
    """The options of a command that have a name elsewhere, by that name."""
    found = (option for option in command.params if isinstance(option, click.Option))
    return {name_of(option): option for option in found if not _is_for_one_call(option)}


def _is_for_one_call(option: click.Option) -> bool:
    """Whether it says what is to be done, such as ``--help`` and ``--path``."""
    if isinstance(option, Here):
        return True
    return option.hidden or option.is_eager or (option.is_flag and not option.is_bool_flag)


def heed_variables(command: click.Command) -> None:
    """Let each option of a command be given by its variable too."""
    for name, option in settable(command).items():
        option.envvar = variable_of(name)
        if option.is_bool_flag:
            option.type = YesNo()


class KnownOptions:
    """The options of one command, and where that is not enough, of all."""

    def __init__(self, command: click.Command, every: Callable[[], Iterable[click.Command]]) -> None:
        self.own = settable(command)
        self._every = every

    @cached_property
    def all(self) -> dict[str, click.Option]:
        """By name, the hyperparameters first; importing the commands takes a moment."""
        from lrtui.core.config import knobs  # pydantic's fields, which few commands need

        found: dict[str, click.Option] = {}
        for command in self._every():
            found |= {name: option for name, option in settable(command).items() if name not in found}
        return {**{name: found[name] for name in knobs()}, **found}

    def find(self, name: str) -> click.Option | None:
        """The option of this name that has a default of a person's own."""
        if name in NOT_KEPT:
            return None
        return self.own.get(name) or self.all.get(name)

    def nearest(self, name: str) -> str | None:
        """The option that a misspelled name most likely means."""
        from lrtui.core.config import knobs

        names = {known: known for known in self.all if known not in NOT_KEPT}
        names |= {knob.label.replace(" ", "_"): known for known, knob in knobs().items()}
        near = difflib.get_close_matches(name[:100].lower().replace("-", "_"), names, n=1)
        return names[near[0]] if near else None
