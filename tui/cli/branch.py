"""``lrtui train --from RUN@EPOCH``: a run that begins with the weights of another one."""

from __future__ import annotations

from typing import Any, NamedTuple

from lrtui.core.branching import check_branch, nearest_snapshot
from lrtui.core.config import Config, changed
from lrtui.core.errors import ConfigError, StoreError
from lrtui.core.store import Run, SnapshotRow, Status, Store
from lrtui.datasets.numbers import plain_whole
from lrtui.datasets.text import quote
from lrtui.tui.cli.defaults import Origin, origin_of
from lrtui.tui.cli.options import take_all_values
from lrtui.tui.cli.printing import echo
from lrtui.tui.cli.remarks import open_store
from lrtui.tui.cli.runs import find, number_of, settle
from lrtui.tui.cli.source_options import SOURCE_OPTIONS


class Start(NamedTuple):
    """Where a branch begins: a run, and its weights at an epoch."""

    run: Run
    snapshot: SnapshotRow
    asked: int | None  # the epoch that was named


def take_branch(
    text: str, dataset: str | None, options: dict[str, Any]
) -> tuple[Start, Config, dict[str, Any]]:
    """The start that ``12@40`` names, the config of the branch, and what of it was given in this call.

    All else is as in that run: a person's own defaults do not count. Takes the options out of ``options``.

    Raises:
        StoreError: there is no such run, or no epoch is kept of it. ConfigError: a value is wrong, or a
            dataset was given. EngineError: data or preparation would be others than in that run.
    """
    _refuse_data(dataset, options)
    given = take_all_values(options).given
    with open_store() as store:
        settle(store)
        run, epoch = _meant(store, text)
        if run.status is Status.UNREADABLE and run.failure is not None:
            raise StoreError(run.failure.what, run.failure.fix)
        start = Start(run, nearest_snapshot(store, run, epoch), epoch)
    config = changed(run.config, **given)
    check_branch(run, start.snapshot, run.source, config)
    return start, config, given


def tell_start(start: Start, *, quiet: bool) -> None:
    """Say on stderr where a run begins."""
    if quiet:
        return
    epoch, asked = start.snapshot.epoch, start.asked
    nearest = f", of those that are kept the nearest to {asked:,}" if asked not in (None, epoch) else ""
    echo(
        f"with the weights of run {start.run.id} at epoch {epoch:,}{nearest}; its optimizer anew", err=True
    )


def _refuse_data(dataset: str | None, options: dict[str, Any]) -> None:
    named = [] if dataset is None else [quote(dataset)]
    for name in (*SOURCE_OPTIONS, "multiclass"):
        value = options.pop(name, None)
        if value and origin_of(name) is Origin.CALL:
            named.append(f"--{name.replace('_', '-')}")
    if named:
        raise ConfigError(
            f"--from takes the data of the run that it names, and {named[0]} was given too.",
            "Leave one of them out.",
        )


def _meant(store: Store, text: str) -> tuple[Run, int | None]:
    """The run and the epoch in ``12@40``, ``baseline@40`` or ``12``; a name may hold the sign itself.

    Behind a number or ``last`` it is never part of a name: the lines that train again are written so.
    """
    name, _, digits = text.rpartition("@")
    by_itself = name == "last" or number_of(name) is not None
    is_name = not name or (not by_itself and store.labels.named(text))
    epoch = None if is_name else plain_whole(digits)
    return find(store, text if epoch is None else name), epoch
