"""What a look at the store reads: never a whole table that grows, nor what is as wide as the data."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lrtui.core.config import Config
from lrtui.core.store import ProblemFacts, Status, Store
from lrtui.datasets.source import Source
from lrtui.tui.run_poller import RunPoller

FEW = {"SCAN loads", "SCAN sweeps"}  # tables of a few rows
NEWEST = "FROM runs WHERE removed IS NULL ORDER BY id DESC LIMIT ?"  # as many rows as it says


class Noting(Store):
    """A store that notes what it was asked."""

    asked: list[tuple[str, tuple[Any, ...]]]

    def rows(self, sql: str, values: Iterable[Any] = ()) -> Any:
        self.__dict__.setdefault("asked", []).append((sql, tuple(values)))
        return super().rows(sql, values)


def test_a_poll_scans_no_table_that_grows_and_reads_no_feature_names(home: Path) -> None:
    with Noting() as store:
        for _ in range(3):
            run_id = store.runs.create(Source("moons"), Config(), origin="test", owner="me")
            store.runs.update(run_id, problem=ProblemFacts(8, 2, 3, 1, 2, ["0", "1"], "cpu", 1))
            store.features.put(run_id, ["a", "b"])
            store.losses.append(run_id, 1, array("f", [1.0, 2.0]))
            store.runs.update(run_id, epoch=2, status=Status.RUNNING)
        poller = RunPoller(store)
        poller.show(run_id)
        store.asked.clear()
        store.losses.append(run_id, 3, array("f", [0.5]))
        store.runs.update(run_id, epoch=3)
        poller.poll(force=True)
        store.runs.interrupt_orphans(lambda _: True)
        store.sweeps.interrupt_orphans(lambda _: True)
        store.diagnoses.drop_orphans(lambda _: True)
        assert (poller.view.epoch, poller.runs[0].epoch) == (3, 3)
        asked = [*store.asked]
        assert sum(sql.startswith("SELECT *, EXISTS") for sql, _ in asked) == 1  # of three: the others rest
        for sql, values in asked:
            assert "features" not in sql
            if NEWEST not in sql:
                plan = [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {sql}", values)]
                assert not [step for step in plan if step.startswith("SCAN") and step not in FEW], sql


def test_a_run_that_gets_on_or_comes_to_harm_is_read_again_and_all_others_are_not(store: Store) -> None:
    ids = [store.runs.create(Source("moons"), Config(), origin="test", owner=None) for _ in range(3)]
    poller = RunPoller(store)
    poller.poll(force=True)
    before = {run.id: run for run in poller.runs}
    store.runs.update(ids[0], status=Status.FINISHED)
    store.execute("UPDATE runs SET config = '{' WHERE id = ?", (ids[1],))
    poller.poll(force=True)
    assert [run.id for run in poller.runs] == ids[::-1]
    assert [run.status for run in poller.runs] == [Status.QUEUED, Status.UNREADABLE, Status.FINISHED]
    assert poller.runs[0] is before[ids[2]]
    store.execute("DELETE FROM runs WHERE id = ?", (ids[2],))
    poller.poll(force=True)
    assert [run.id for run in poller.runs] == [ids[1], ids[0]]
