"""Sweeps, smoothness and suggestions: what a process on the store asked the engine to find out."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from lrtui.core.config import Config
from lrtui.core.config.fields import PREPARED
from lrtui.core.doctor.suggested import Suggestions
from lrtui.core.errors import UnreadableError
from lrtui.core.store.reading import a_number, attempted, is_owner, parsed, readable
from lrtui.core.store.records import Failure, Status, Sweep
from lrtui.core.sweep.plan import SweepPlan
from lrtui.core.sweep.points import Point, zoned
from lrtui.core.training.limits import Smoothness
from lrtui.datasets.source import Source

if TYPE_CHECKING:
    from lrtui.core.store.store import Store

KEPT = 20  # sweeps are looked at and done with; runs are history
KEPT_SECONDS = 86_400.0  # what was found out of a problem: whoever asked has read it long before
# What suggestions depend on, beside the problem and its class weights.
SUGGESTED_BY = (
    "lr", "batch_size", "optimizer", "momentum", "weight_decay", "init", "init_std", "init_bias", "seed",
)  # fmt: skip


class SweepTable:
    """Sweeps by id; smoothness constants and suggestions by problem."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, plan: SweepPlan, owner: str) -> int:
        """A new sweep, queued, that ``owner`` will train; forgets the oldest."""
        with self._store.transaction():
            self._store.execute(
                "DELETE FROM sweeps WHERE id NOT IN (SELECT id FROM sweeps ORDER BY id DESC LIMIT ?)"
                " AND status NOT IN ('queued', 'running')",
                (KEPT - 1,),
            )
            cursor = self._store.execute(
                "INSERT INTO sweeps (plan, status, owner, created) VALUES (?, 'queued', ?, ?)",
                (json.dumps(plan.to_dict()), owner, time.time()),
            )
        return int(cursor.lastrowid or 0)

    def get(self, sweep_id: int) -> Sweep:
        """One sweep, its points with their zones.

        Raises:
            UnreadableError: there is no such sweep (any more), or it cannot be read.
        """
        row = self._store.row("SELECT * FROM sweeps WHERE id = ?", (sweep_id,))
        if row is None:
            raise UnreadableError(f"There is no sweep {sweep_id} any more.", "Start it again.")
        return readable(f"Sweep {sweep_id}", "Start it again.", lambda: _sweep(row))

    def stamp(self, sweep_id: int) -> tuple[object, ...]:
        """Something small that is another one once the sweep has got on."""
        row = self._store.row("SELECT status, progress, seconds FROM sweeps WHERE id = ?", (sweep_id,))
        return () if row is None else tuple(row)

    def note(
        self,
        sweep_id: int,
        status: Status,
        points: Sequence[Point],
        *,
        progress: float,
        seconds: float,
        failure: Failure | None = None,
    ) -> None:
        """Keep how far a sweep is; one that has ended belongs to nobody."""
        self._store.execute(
            "UPDATE sweeps SET status = ?, points = ?, progress = ?, seconds = ?, failure = ?,"
            " owner = CASE WHEN ? IN ('queued', 'running') THEN owner END WHERE id = ?",
            (
                status,
                json.dumps([point.to_dict() for point in points], allow_nan=False),
                progress,
                seconds,
                None if failure is None else json.dumps(failure.to_dict()),
                status,
                sweep_id,
            ),
        )

    def interrupt_orphans(self, alive: Callable[[str], bool]) -> bool:
        """Mark live sweeps whose owner is gone as interrupted; returns whether there were any."""
        rows = self._store.rows("SELECT id, owner FROM sweeps WHERE status IN ('queued', 'running')")
        gone = [row["id"] for row in rows if not is_owner(row["owner"]) or not alive(row["owner"])]
        for sweep_id in gone:
            self._store.execute(
                "UPDATE sweeps SET status = 'interrupted', owner = NULL WHERE id = ?", (sweep_id,)
            )
        return bool(gone)

    def set_smoothness(self, key: str, found: Smoothness | None) -> None:
        """Keep the constants of a problem; ``None`` where it cannot be had."""
        self._keep(key, None if found is None else found.to_dict())

    def smoothness(self, key: str, since: float) -> Smoothness | None:
        """The constants of a problem, if it was looked at after ``since`` (seconds of the epoch)."""
        found = self._kept(key, since)
        return None if found is None else attempted(lambda: Smoothness.from_dict(found))

    def set_suggestions(self, key: str, found: Suggestions) -> None:
        """Keep what a problem suggests for a config."""
        self._keep(key, found.to_dict())

    def suggestions(self, key: str, since: float) -> Suggestions | None:
        """What a problem suggests for a config, if it was looked at after ``since``."""
        found = self._kept(key, since)
        return None if found is None else attempted(lambda: Suggestions.from_dict(found))

    def _keep(self, key: str, found: dict[str, Any] | None) -> None:
        now = time.time()
        with self._store.transaction():
            self._store.execute("DELETE FROM smoothness WHERE made < ?", (now - KEPT_SECONDS,))
            self._store.execute(
                "INSERT OR REPLACE INTO smoothness VALUES (?, ?, ?)",
                (key, None if found is None else json.dumps(found), now),
            )

    def _kept(self, key: str, since: float) -> dict[str, Any] | None:
        row = self._store.row(
            "SELECT constants FROM smoothness WHERE problem = ? AND made >= ?", (key, since)
        )
        if row is None or row["constants"] is None:
            return None
        return attempted(lambda: parsed(row["constants"]))


def smoothness_key(source: Source, config: Config) -> str:
    """What the smoothness of a problem depends on."""
    return _key(source, config, (*PREPARED, "class_weight"))


def suggestions_key(source: Source, config: Config) -> str:
    """What the suggestions for a config depend on; never the same as that of a smoothness."""
    return _key(source, config, (*PREPARED, "class_weight", *SUGGESTED_BY))


def _key(source: Source, config: Config, fields: tuple[str, ...]) -> str:
    return json.dumps([source.to_dict(), [getattr(config, field) for field in fields]])


def _sweep(row: sqlite3.Row) -> Sweep:
    plan = SweepPlan.from_dict(parsed(row["plan"]))
    plan.check()
    found = [Point.from_dict(point) for point in json.loads(row["points"] or "[]")]
    points = found or [Point(values) for values in plan.points()]
    return Sweep(
        id=row["id"],
        plan=plan,
        status=Status(row["status"]),
        owner=row["owner"],
        seconds=a_number(row["seconds"]),
        progress=a_number(row["progress"]),
        points=zoned(points, plan.axes),
        failure=None if row["failure"] is None else Failure.from_dict(parsed(row["failure"])),
    )
