"""What a look at the store costs a dashboard, ten times a second: with wide data, and with many runs."""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from lrtui.core.config import Config
from lrtui.core.engine.owner import is_alive
from lrtui.core.store import ProblemFacts, SnapshotRow, Status, Store
from lrtui.core.training.measurement import BINS, Measurement
from lrtui.datasets.source import Source
from lrtui.tui.run_poller import RECENT, RunPoller
from tests.benchmarks.report import Result, duration

POLL_SECONDS = 0.002
GROWTH = 1.5
COLUMNS = 10_000
MANY = 10_000  # runs
OWNER = "benchmark"
EPOCHS = 5_000


@contextmanager
def store_of(runs: int, columns: int) -> Iterator[Store]:
    """A store of so many runs that have ended, each of so many features, in a folder of its own."""
    with TemporaryDirectory(prefix="lrtui-bench-") as home, Store(Path(home) / "lrtui.db") as store:
        with store.transaction():
            for _ in range(runs):
                add_run(store, columns)
        yield store


def add_run(store: Store, columns: int) -> int:
    """A run that has ended, with its measurement and the doctor's word on it."""
    run_id = store.runs.create(Source("moons"), Config(), origin="benchmark", owner=None)
    store.runs.update(
        run_id,
        status=Status.FINISHED,
        epoch=EPOCHS,
        started=time.time(),
        ended=time.time(),
        seconds=1.0,
        problem=facts(columns),
        measured=measured(EPOCHS),
    )
    store.features.put(run_id, [f"feature {i:05}" for i in range(columns)])
    store.diagnoses.fail(run_id, EPOCHS, "Nothing is known of it.")
    return run_id


def facts(columns: int) -> ProblemFacts:
    """What is told of a problem."""
    return ProblemFacts(800, 200, 400, 100, columns, ["no", "yes"], "cpu", 1)


def measured(epoch: int) -> dict[str, object]:
    """What is told of a model at an epoch."""
    counts = (tuple([5] * BINS), tuple([5] * BINS))
    found = Measurement(
        epoch, 0.5, 0.5, 0.8, 0.8, 0.5, 0.8, 0.9, 1, 0.5, 0.1, 1.0, (80, 20, 20, 80), counts
    )
    return dict(found.to_json())


def poll_seconds(store: Store, columns: int, polls: int) -> float:
    """Median seconds of a poll of a dashboard that shows a run which goes on."""
    run_id = add_run(store, columns)
    store.runs.update(run_id, status=Status.RUNNING, owner=OWNER, ended=None)
    store.losses.append(run_id, 1, array("f", [0.5]) * EPOCHS)
    poller = RunPoller(store)
    poller.show(run_id)
    found = []
    for epoch in range(EPOCHS + 1, EPOCHS + polls + 1):
        store.losses.append(run_id, epoch, array("f", [0.5]))
        weights = array("f", [0.1]) * columns
        store.history.add_snapshots(run_id, [SnapshotRow(epoch, measured(epoch), weights, 0.1)])
        store.runs.update(run_id, epoch=epoch, measured=measured(epoch))
        started = time.thread_time()  # what other processes do meanwhile is not its cost
        poller.poll(force=True)
        for table in (store.runs, store.sweeps):
            table.interrupt_orphans(lambda token: token == OWNER or is_alive(token))
        store.diagnoses.drop_orphans(is_alive)
        found.append(time.thread_time() - started)
    assert poller.view.epoch == EPOCHS + polls
    return median(found)


def opening_seconds(store: Store, times: int) -> float:
    """Median seconds in which a store is opened, and its newest runs are listed."""
    found = []
    for _ in range(times):
        started = time.thread_time()
        with Store(store.path) as opened:
            RunPoller(opened).poll(force=True)
        found.append(time.thread_time() - started)
    return median(found)


def measure(quick: bool) -> Iterator[Result]:
    polls, many = (5, 500) if quick else (100, MANY)
    with store_of(RECENT, COLUMNS) as store:
        wide = poll_seconds(store, COLUMNS, polls)
    what = f"poll of the store, {RECENT} runs of {COLUMNS:,} features"
    yield Result(what, duration(wide), duration(POLL_SECONDS), wide / POLL_SECONDS, 1)
    with store_of(RECENT, 30) as few, store_of(many, 30) as crowd:
        before, after = (poll_seconds(store, 30, polls) for store in (few, crowd))
        slower = [opening_seconds(store, polls) for store in (few, crowd)]
    what = f"poll of the store, {many:,} runs"
    yield Result(what, duration(after), f"{RECENT} runs {duration(before)}", after / before, GROWTH)
    what, (before, after) = f"a store of {many:,} runs, opened and listed", slower
    yield Result(what, duration(after), f"{RECENT} runs {duration(before)}", after / before, GROWTH)
