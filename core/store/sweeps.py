"""The table of sweeps: what was asked, and how far each is."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Sequence

from lrtui.core.errors import UnreadableError
from lrtui.core.store.database import Table
from lrtui.core.store.reading import attempted, is_owner, parsed
from lrtui.core.store.records import Failure, Status, Sweep
from lrtui.core.sweep.plan import SweepPlan
from lrtui.core.sweep.points import Point, zoned

KEPT = 20  # sweeps are looked at and done with; runs are history


class SweepTable(Table):
    """Sweeps by id."""

    def create(self, plan: SweepPlan, owner: str) -> int:
        """A new sweep, queued, that ``owner`` will train; forgets the oldest."""
        with self._database.transaction():
            self._database.execute(
                "DELETE FROM sweeps WHERE id NOT IN (SELECT id FROM sweeps ORDER BY id DESC LIMIT ?)"
                " AND status NOT IN ('queued', 'running')",
                (KEPT - 1,),
            )
            text = json.dumps(plan.to_dict())
            return self._database.insert(
                "sweeps", plan=text, status=Status.QUEUED, owner=owner, created=time.time()
            )

    def get(self, sweep_id: int) -> Sweep:
        """One sweep, its points with their zones.

        Raises:
            UnreadableError: there is no such sweep (any more), or it cannot be read.
        """
        row = self._database.row("SELECT * FROM sweeps WHERE id = ?", (sweep_id,))
        if row is None:
            raise UnreadableError(f"There is no sweep {sweep_id} any more.", "Start it again.")
        found = attempted(lambda: _sweep(row))
        if found is None:
            what = f"Sweep {sweep_id} cannot be read: its row in the store is damaged."
            raise UnreadableError(what, "Start it again.")
        return found

    def stamp(self, sweep_id: int) -> tuple[object, ...]:
        """Something small that is another one once the sweep has got on."""
        row = self._database.row("SELECT status, progress, seconds FROM sweeps WHERE id = ?", (sweep_id,))
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
        self._database.execute(
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
        rows = self._database.rows("SELECT id, owner FROM sweeps WHERE status IN ('queued', 'running')")
        gone = [row["id"] for row in rows if not is_owner(row["owner"]) or not alive(row["owner"])]
        for sweep_id in gone:
            self._database.execute(
                "UPDATE sweeps SET status = 'interrupted', owner = NULL WHERE id = ?", (sweep_id,)
            )
        return bool(gone)


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
        seconds=row["seconds"],
        progress=row["progress"],
        points=zoned(points, plan.axes),
        failure=None if row["failure"] is None else Failure.from_dict(parsed(row["failure"])),
    )
