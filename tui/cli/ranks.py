"""Training by many processes: ``--processes`` on this machine, or torchrun on as many as there are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from lrtui.core.config import idle_text
from lrtui.core.distributed.launch import leading, ranks_here
from lrtui.core.distributed.place import Place, hush_torch
from lrtui.core.distributed.rank import leave
from lrtui.core.distributed.rank import main as follow
from lrtui.core.errors import ConfigError, EngineError, LrtuiError, RanksError
from lrtui.core.lean_torch import import_torch
from lrtui.core.store import Run, Store
from lrtui.datasets.cores import cores
from lrtui.datasets.source import Source
from lrtui.tui.cli import leaving
from lrtui.tui.cli.printing import complaint, echo
from lrtui.tui.cli.types import OnceHere, Processes

if TYPE_CHECKING:
    from lrtui.core.config import Config
    from lrtui.core.distributed.group import Group
    from lrtui.datasets.preparing.problem import Problem

WORTH = 1_000_000  # numbers of a batch for each process, which take a core a third of a millisecond
TORCHRUN = "torchrun"  # the origin of a run that its restarts go on with
processes_option = click.option(
    "--processes", cls=OnceHere, type=Processes(), metavar="N", help="Train by so many processes here. [1]"
)
_joined: list[Group] = []  # what torchrun started this process for: at most one


@contextmanager
def _leaving_broken() -> Iterator[None]:
    """What waits for a rank that does not answer is not waited for at the end of this process."""
    try:
        yield
    except RanksError:
        leaving.at_once = True
        raise


@contextmanager
def company(processes: int | None, *, quiet: bool) -> Iterator[Group | None]:
    """The ranks that train with this process, which leads them; ``None`` where it is alone.

    Raises:
        ConfigError: so many there cannot be. RanksError: they do not meet.
    """
    if _joined:
        if processes is not None:
            raise ConfigError(
                "torchrun says how many processes there are, and so does --processes.",
                "Leave out --processes.",
            )
        with _leaving_broken(), leading(_joined[0]) as group:
            yield group
    elif processes is None or processes == 1:
        yield None
    else:
        hush_torch()
        import_torch()
        with _leaving_broken(), ranks_here(processes) as group:
            if processes > cores() and not quiet:
                echo(f"{processes} processes share {cores()} cores: they take turns.", err=True)
            yield group


def refuse_measured(names: Sequence[str], processes: int | None) -> None:
    """What is measured on the whole table before training is not measured by ranks.

    Raises:
        ConfigError: a field is to be suggested.
    """
    for name in names if _joined or (processes or 1) > 1 else ():
        raise ConfigError(
            f"--{name.replace('_', '-')} suggested is measured on the whole table, which no rank has.",
            "Give a number, or train in one process.",
        )


def check_rows(problem: Problem, group: Group | None) -> None:
    """See that there are rows for the ranks.

    Raises:
        ConfigError: there are more ranks than rows.
    """
    if group is not None and group.world > problem.rows:
        raise ConfigError(
            f"{group.world} processes are more than the {problem.rows} rows of {problem.source.label}.",
            f"Give at most {problem.rows}: small data trains fastest in one.",
        )


def tell_meetings(problem: Problem, config: Config, group: Group | None, *, quiet: bool) -> None:
    """Say where processes wait for each other longer than they save: of small batches each has little."""
    rows = config.batch_size
    if group is None or quiet or not 0 < rows < problem.rows or idle_text("batch_size", config):
        return
    if rows * problem.X_train.shape[1] < WORTH * group.world:
        echo(
            f"{group.world} processes meet after each batch of {rows:,} rows: one alone is likely faster, "
            "or --batch-size 0.",
            err=True,
        )


def origin() -> str | None:
    """Where a run comes from, if torchrun started this process."""
    return TORCHRUN if _joined else None


def begun_before(store: Store, source: Source) -> Run | None:
    """The run that torchrun began before it restarted these processes: the newest of the same data.

    ``None`` at the first start, and where it never began.
    """
    if not _joined or not int(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")):
        return None
    for run in store.runs.recent():
        if run.origin == TORCHRUN and run.source == source:
            return run if run.resumable else None
    return None


def from_torchrun(arguments: Sequence[str]) -> None:
    """``torchrun … -m lrtui.train``: one of its processes. Ends this process."""
    hush_torch()
    try:
        place = Place.from_environment()
        if place.rank > 0:
            leave(follow())
        import_torch()
        from lrtui.core.distributed.meeting import meet

        _joined.append(meet(place))
    except LrtuiError as error:
        echo(complaint(error), err=True)
        leave(2)
    from lrtui.tui.cli.group import main

    resumes = arguments[:1] == ["--resume"]
    try:
        main(["resume", *arguments[1:]] if resumes else ["train", *arguments])
    except SystemExit as end:
        _close()
        leave(end.code if isinstance(end.code, int) else 2)


def _close() -> None:
    """Tell the others to end, where the command did not come so far as to lead them."""
    group = _joined[0]
    if not group.over:
        group.give_up(EngineError("it has ended before it began.", "See what it said."))
