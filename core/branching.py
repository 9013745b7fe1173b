"""Branches: a new run that begins with the weights of a snapshot of another one.

Weights mean something for the features that they were learned on alone, and learned on other rows they may
have seen those that test them now: so data and preparation have to be those of the other run.
"""

from __future__ import annotations

from math import isfinite

from lrtui.core.config import Config, fields_that, knob
from lrtui.core.errors import EngineError, StoreError
from lrtui.core.store import Run, SnapshotRow, Store
from lrtui.datasets.source import Source


def nearest_snapshot(store: Store, run: Run, epoch: int | None) -> SnapshotRow:
    """The snapshot that is kept of an epoch or nearest to it; without one, that by which the run is judged.

    Raises:
        StoreError: none is kept, or none can be read.
        EngineError: it is a script that was watched, of which none ever are.
    """
    if run.watched:
        raise _weightless(run)
    found = store.history.shown_snapshot(run) if epoch is None else store.history.nearest(run.id, epoch)
    if found is None:
        raise StoreError(f"No epoch of run {run.id} is kept that could be read.", "Train it first.")
    return found


def branch(
    store: Store,
    parent: Run,
    snapshot: SnapshotRow,
    source: Source,
    config: Config,
    *,
    origin: str,
    owner: str,
) -> int:
    """A new run of ``config``, queued, that begins with the weights of a snapshot of ``parent``.

    Raises:
        EngineError: what it would train on is not what these weights were learned on.
    """
    check_branch(parent, snapshot, source, config)
    names = store.features.get(parent.id)
    with store.transaction():
        run_id = store.runs.create(source, config, origin=origin, owner=owner)
        store.runs.update(run_id, problem=parent.problem)  # which its own has to be like
        store.features.put(run_id, names)
        store.branches.put(run_id, parent.id, snapshot)
    return run_id


def check_branch(parent: Run, snapshot: SnapshotRow, source: Source, config: Config) -> None:
    """See that a config and a dataset are fit to go on from a snapshot.

    Raises:
        EngineError: the dataset, or what is made of it, is another; or the weights are no numbers.
    """
    if parent.watched or parent.problem is None:
        raise _weightless(parent)
    if not all(map(isfinite, (*snapshot.weights, snapshot.bias))):
        raise EngineError(
            f"The weights of run {parent.id} at epoch {snapshot.epoch:,} are not all finite numbers.",
            "Begin from an earlier epoch.",
        )
    fix = "Take its data and preparation as they are, or start a run of its own."
    if source != parent.source:
        raise EngineError(f"The weights of run {parent.id} were learned on another dataset.", fix)
    prepared = fields_that(lambda knob: knob.prepares)
    differs = [name for name in prepared if getattr(config, name) != getattr(parent.config, name)]
    if differs:
        labels = ", ".join(knob(name).label for name in differs)
        raise EngineError(
            f"The weights of run {parent.id} belong to other rows or columns: {labels} differ"
            f"{'s' if len(differs) == 1 else ''}.",
            fix,
        )


def _weightless(run: Run) -> EngineError:
    return EngineError(f"Run {run.id} has no weights to begin with.", "Name a run that lrtui trained.")
