"""``lrtui train`` and ``lrtui resume``: a run without a screen, in this process."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from lrtui.core.branching import branch
from lrtui.core.config import Config, changed
from lrtui.core.errors import RanksError, StoreError
from lrtui.core.garbage import collect_again
from lrtui.core.lean_torch import import_torch
from lrtui.core.lost_folder import leave_lost_folder
from lrtui.core.results import result
from lrtui.core.store import Status, Store
from lrtui.core.store.messages import ChangeConfig
from lrtui.datasets.memory_limit import TRAINING, check_memory
from lrtui.datasets.source import Source
from lrtui.tui.cli.branch import Start, take_branch, tell_start
from lrtui.tui.cli.completing import datasets, runs
from lrtui.tui.cli.options import config_options, take_values
from lrtui.tui.cli.printing import complaint, echo, echo_json
from lrtui.tui.cli.proposed import with_proposed
from lrtui.tui.cli.ranks import (
    begun_before,
    check_rows,
    company,
    origin,
    processes_option,
    refuse_measured,
    tell_meetings,
)
from lrtui.tui.cli.remarks import open_store, tell, tell_idle
from lrtui.tui.cli.runs import find, in_rescue_file, more_epochs, settle, take_up
from lrtui.tui.cli.source_options import source_options, take_source
from lrtui.tui.cli.suggested import take_suggested, with_suggested
from lrtui.tui.cli.types import OnceHere
from lrtui.tui.render.glyphs import terminal_glyphs
from lrtui.tui.render.run_report import report

if TYPE_CHECKING:
    from lrtui.core.distributed.group import Group
    from lrtui.core.engine.owner import Owner
    from lrtui.core.engine.run_session import RunSession
    from lrtui.datasets.dataset import Dataset
    from lrtui.datasets.preparing.problem import Problem

_RESUME = """\b
Examples:
  lrtui resume 12
  lrtui resume 12 --epochs +500
  lrtui resume lrtui-rescue-run-7-20260101-120000.db
"""
ORIGIN = "command line"
INTERRUPTED = 130
TERMINATED = 143


class Signals:
    """What the person or the machine asked for by signal while training went on."""

    stop = False
    put_down = False

    def go_on(self) -> bool:
        """Whether neither was asked for."""
        return not (self.stop or self.put_down)

    @classmethod
    @contextmanager
    def listening(cls) -> Iterator[Signals]:
        """Ctrl+C stops the run and keeps it; SIGTERM and SIGHUP put it down for later."""
        asked = cls()

        def on_signal(number: int, _frame: FrameType | None) -> None:
            asked.stop |= number == signal.SIGINT
            asked.put_down |= number != signal.SIGINT

        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, on_signal) for number in numbers}
        try:
            yield asked
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


_EPILOG = """\b
Examples:
  lrtui train breast-cancer
  lrtui train example-scaling --scaling none --lr 0.01 --epochs 1000
  lrtui train breast-cancer --lr suggested --epochs suggested
  lrtui train data.csv --target churned --positive yes --json
  lrtui train --from 12@40 --lr 0.01
"""


@click.command(epilog=_EPILOG)
@click.argument("dataset", required=False, shell_complete=datasets)
@click.option(
    "--from",
    "parent",
    cls=OnceHere,
    metavar="RUN[@EPOCH]",
    shell_complete=runs,
    help="Begin with the weights of a run, and take its data and config; options win over them.",
)
@source_options
@processes_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@click.option("--quiet", is_flag=True, help="Show no progress and no summary.")
@config_options
def train(
    dataset: str | None,
    parent: str | None,
    processes: int | None,
    as_json: bool,
    quiet: bool,
    **options: Any,
) -> int:
    """Train on DATASET in this process, and keep the run.

    Shows progress on stderr: a bar on a terminal, plain lines otherwise. Ctrl+C stops cleanly and keeps
    what was learned. A dashboard on the same store shows the run live.
    """
    if dataset is None and parent is None:
        raise click.UsageError("Missing argument 'DATASET'", click.get_current_context())
    names = take_suggested(options)
    if parent is not None:
        start, config, given = take_branch(parent, dataset, options)
        source = start.run.source
    else:
        start, source = None, take_source(str(dataset), options)
        given = take_values(options)
        config = changed(Config(), **given)
    refuse_measured(names, processes)
    check_memory(*TRAINING)
    leave_lost_folder()
    with company(processes, quiet=quiet) as group:
        with open_store() as store:
            settle(store)
            begun = begun_before(store, source)
        if begun is not None:
            return _resumed(str(begun.id), None, group, as_json=as_json, quiet=quiet)
        # Before the run is stored: a bad file leaves none.
        loaded, problem = _loaded(source, config, group, quiet=quiet)
        import_torch()
        collect_again()
        check_rows(problem, group)
        tell(loaded, quiet=quiet)
        if start is None:
            config = with_proposed(problem, config, {*given, *names}, quiet=quiet or as_json)
        else:
            tell_start(start, quiet=quiet)
        config = with_suggested(problem, config, names, quiet=quiet)
        tell_idle(given, config, problem.classes, quiet=quiet)
        tell_meetings(problem, config, group, quiet=quiet)
        with held_store() as (store, owner):
            run_id = _created(store, source, config, start, owner.token)
            return _drive(store, run_id, owner.token, problem, group, as_json=as_json, quiet=quiet)


def _loaded(source: Source, config: Config, group: Group | None, *, quiet: bool) -> tuple[Dataset, Problem]:
    """The data, made ready: all of it, or of a group the share of this process."""
    from lrtui.tui.cli.ahead import torch_ahead
    from lrtui.tui.cli.progress import Reading

    with Reading(source.label, quiet=quiet) as reading, torch_ahead(source, reading.watch) as watch:
        if group is not None:
            from lrtui.core.distributed.data import load_share

            return load_share(group, source, config, watch)
        from lrtui.core.training.problem import problem_of
        from lrtui.datasets.loading import load

        loaded = load(source, watch)
        return loaded, problem_of(loaded, config, watch=watch)


@contextmanager
def held_store() -> Iterator[tuple[Store, Owner]]:
    """The store, and a claim to runs in it."""
    from lrtui.core.engine.owner import new_owner

    with open_store() as store:
        owner = new_owner()
        try:
            yield store, owner
        finally:
            owner.release()


def _created(store: Store, source: Source, config: Config, start: Start | None, owner: str) -> int:
    """A new run, queued; with a start one that begins there."""
    came = origin() or ORIGIN
    if start is None:
        return store.runs.create(source, config, origin=came, owner=owner)
    return branch(store, start.run, start.snapshot, source, config, origin=came, owner=owner)


@click.command(epilog=_RESUME)
@click.argument("run", shell_complete=runs)
@click.option("--epochs", cls=OnceHere, metavar="N", help="So many in all, or +N more than were done.")
@processes_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@click.option("--quiet", is_flag=True, help="Show no progress and no summary.")
def resume(run: str, epochs: str | None, processes: int | None, as_json: bool, quiet: bool) -> int:
    """Take up RUN where it was interrupted, and end with the very same weights.

    RUN is a number or a name from `lrtui runs`, or a rescue file, whose run is put into the store first.
    With --epochs one that has ended goes on, too, as if it had never ended. How many processes trained
    it before does not matter.
    """
    check_memory(*TRAINING)
    leave_lost_folder()
    with company(processes, quiet=quiet) as group:
        return _resumed(run, epochs, group, as_json=as_json, quiet=quiet)


def _resumed(run: str, epochs: str | None, group: Group | None, *, as_json: bool, quiet: bool) -> int:
    """Go on with a run, in the company that there is."""
    import_torch()
    collect_again()
    with held_store() as (store, owner):
        settle(store)
        wanted = None if epochs is None else more_epochs(find(store, run), epochs)
        found = take_up(store, run, owner.token, further=wanted is not None)
        if found.owner is None:
            return _show(store, found.id, as_json=as_json, quiet=quiet)
        if wanted is not None:
            store.commands.send(owner.token, ChangeConfig(found.id, {"epochs": wanted}))
        problem = None
        if group is not None:
            _, problem = _loaded(found.source, found.config, group, quiet=quiet)
            check_rows(problem, group)
        return _drive(store, found.id, owner.token, problem, group, as_json=as_json, quiet=quiet)


def _drive(
    store: Store,
    run_id: int,
    owner: str,
    problem: Problem | None,
    group: Group | None,
    *,
    as_json: bool,
    quiet: bool,
) -> int:
    """Train to the end, or until somebody stops it; prints the result; returns the exit code."""
    from lrtui.core.engine.run_session import RunSession
    from lrtui.core.training.ranks import ALONE

    session = RunSession(store, run_id, owner, problem, ranks=group or ALONE)
    try:
        with Signals.listening() as asked:
            train_on(session, asked, quiet=quiet)
        if session.taken:
            raise StoreError(
                f"Run {session.run_id} was taken up by another process meanwhile.", "It goes on there."
            )
        code = _show(session.store, session.run_id, as_json=as_json, quiet=quiet)
        rescue = session.store.path
    finally:
        session.close_rescue()
    if rescue != store.path:
        raise in_rescue_file(rescue)
    return code or (TERMINATED if asked.put_down else INTERRUPTED if asked.stop else 0)


def train_on(session: RunSession, asked: Signals, *, quiet: bool) -> None:
    """Open a run and train it to the end, or until somebody stops it, with its progress on stderr."""
    from lrtui.core.engine.drive import drive  # brings torch
    from lrtui.tui.cli.progress import ProgressBar

    session.open()
    with ProgressBar(session.config, quiet=quiet) as progress:
        try:
            drive(session, asked, progress.show, lambda error: progress.say(complaint(error)))
        except RanksError as error:
            session.break_off(error)
            raise


def _show(store: Store, run_id: int, *, as_json: bool, quiet: bool) -> int:
    """Print what became of a run; returns the exit code that says so."""
    run = store.runs.get(run_id)
    if as_json:
        echo_json(result(store, run))
    elif not quiet:
        echo(report(run, terminal_glyphs()))
    return 1 if run.status is Status.FAILED else 0
