"""A run as the one line that trains it again, and its hyperparameters as a TOML file."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from functools import partial

from lrtui.core.config import Config, format_value, knobs
from lrtui.core.config.steps import Value
from lrtui.core.store import Run, Store
from lrtui.core.store.reading import attempted
from lrtui.datasets.column_names import write_names
from lrtui.datasets.source import Source

ALWAYS = ("epochs", "optimizer")  # where one of them is given, nothing is proposed for a large table


def line_of(store: Store, run: Run) -> str | None:
    """The line that trains a run again; ``None`` where the run is gone with whose weights it began."""
    if run.branch is None:
        return command_line(run)
    parent = attempted(partial(store.runs.get, run.branch.run))
    return None if parent is None else command_line(run, parent)


def command_line(run: Run, parent: Run | None = None) -> str:
    """``lrtui train …`` with all that is not as it is built in, quoted for a shell.

    It gives the same bits on the same machine, where nothing was changed on the way; a script that was
    watched is run again by ``lrtui watch``, without its arguments. ``parent`` is the run with whose weights
    it began: its data and config are taken, so that what differs is told, and what may change in it yet.
    """
    if run.watched:
        return shlex.join(["lrtui", "watch", run.source.name])
    if parent is not None:
        return shlex.join(["lrtui", "train", f"--from={run.branch}", *_beside(run.config, parent.config)])
    return shlex.join(["lrtui", "train", *_of_source(run.source), *_of_config(run.config)])


def _of_source(source: Source) -> list[str]:
    given = source.to_dict()
    words = [given.pop("name"), *(["--multiclass"] if given.pop("multiclass", False) else [])]
    for name, value in given.items():
        text = write_names(tuple(value)) if isinstance(value, tuple | list) else str(value)
        words.append(f"--{name.replace('_', '-')}={text}")
    return words


def _of_config(config: Config) -> list[str]:
    words, built_in = [], Config()
    for name in knobs():
        value = getattr(config, name)
        if name in ALWAYS or value != getattr(built_in, name):
            words.append(_option(name, value))
    return words


def _beside(config: Config, other: Config) -> list[str]:
    names = [
        name for name, knob in knobs().items() if knob.live or getattr(config, name) != getattr(other, name)
    ]
    return [_option(name, getattr(config, name)) for name in names]


def _option(name: str, value: Value) -> str:
    return f"--{name.replace('_', '-')}={format_value(name, value)}"


def config_toml(config: Config, heading: Sequence[str] = ()) -> str:
    """Every hyperparameter, one a line, as ``--config`` reads them; what is empty stands as a comment."""
    lines = [f"# {line}" for line in heading]
    for name in knobs():
        value = getattr(config, name)
        if value is None:
            lines.append(f"# {name} is empty")
        elif isinstance(value, tuple):
            lines.append(f"{name} = {json.dumps(format_value(name, value), ensure_ascii=False)}")
        else:
            lines.append(f"{name} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines)
