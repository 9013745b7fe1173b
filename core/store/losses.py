"""The training loss of every epoch, packed: float32, 1,024 epochs a row, with each row's extremes."""

from __future__ import annotations

import sqlite3
import sys
from array import array
from collections.abc import Iterable
from math import isfinite, nan

from lrtui.core.store.checksums import checksum, holds
from lrtui.core.store.database import Table
from lrtui.core.store.records import LossChunk

CHUNK = 1024


def pack(values: array[float]) -> bytes:
    """Little-endian float32, on any machine."""
    if sys.byteorder == "big":
        values = array("f", values)
        values.byteswap()
    return values.tobytes()


def unpack(blob: bytes) -> array[float]:
    """The floats of a packed blob."""
    values = array("f")
    values.frombytes(blob)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def _extremes(values: array[float]) -> tuple[float | None, float | None]:
    """The lowest and highest finite value, if there is one."""
    # The engine has it, and is ten times as fast with it; the dashboard must do without.
    if (numpy := sys.modules.get("numpy")) is not None:
        found = numpy.frombuffer(values, numpy.float32)
        low, high = float(found.min()), float(found.max())
        if isfinite(low) and isfinite(high):
            return low, high
    finite = [value for value in values if isfinite(value)]
    return (min(finite), max(finite)) if finite else (None, None)


class LossTable(Table):
    """Losses by run; epochs count from 1."""

    def append(self, run_id: int, first_epoch: int, values: array[float]) -> None:
        """Keep the losses of consecutive epochs from ``first_epoch`` on (float32)."""
        done = 0
        with self._database.transaction():
            while done < len(values):
                chunk, offset = divmod(first_epoch - 1 + done, CHUNK)
                part = values[done : done + CHUNK - offset]
                self._append_chunk(run_id, chunk, part)
                done += len(part)

    def _append_chunk(self, run_id: int, chunk: int, part: array[float]) -> None:
        low, high = _extremes(part)
        self._database.execute(
            "INSERT INTO losses (run_id, chunk, count, lowest, highest, vals, checksum)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, crc32(?6, 0)) ON CONFLICT (run_id, chunk) DO UPDATE SET"
            " count = count + excluded.count,"
            " lowest = min(coalesce(lowest, excluded.lowest), coalesce(excluded.lowest, lowest)),"
            " highest = max(coalesce(highest, excluded.highest), coalesce(excluded.highest, highest)),"
            " checksum = crc32(excluded.vals, checksum), vals = CAST(vals || excluded.vals AS BLOB)",
            (run_id, chunk, len(part), low, high, pack(part)),
        )

    def read(self, run_id: int, after_epoch: int = 0) -> list[LossChunk]:
        """The losses after an epoch, in order; the first chunk starts right there.

        Those of a damaged row are left out.
        """
        chunk, offset = divmod(after_epoch, CHUNK)
        found = []
        for row in self._database.rows(
            "SELECT chunk, vals, checksum FROM losses WHERE run_id = ? AND chunk >= ? ORDER BY chunk",
            (run_id, chunk),
        ):
            if not _whole(row):
                continue
            values = unpack(row["vals"])
            if row["chunk"] == chunk:
                values = values[offset:]
            if values:
                first = row["chunk"] * CHUNK + (offset if row["chunk"] == chunk else 0) + 1
                found.append(LossChunk(first, len(values), None, None, values))
        return found

    def summary(self, run_id: int) -> list[LossChunk]:
        """Each row's extremes without its values: cheap, however long the run was."""
        return [
            LossChunk(row["chunk"] * CHUNK + 1, row["count"], row["lowest"], row["highest"], array("f"))
            for row in self._database.rows(
                "SELECT chunk, count, lowest, highest FROM losses WHERE run_id = ? ORDER BY chunk",
                (run_id,),
            )
            if _sums_up(row)
        ]

    def thinned(self, run_id: int, most: int = 100_000) -> list[float]:
        """The losses in order, or of more than ``most`` the first of each row."""
        count = self._database.row("SELECT count(*) AS chunks FROM losses WHERE run_id = ?", (run_id,))
        if count is None or count["chunks"] * CHUNK <= most:
            return [value for chunk in self.read(run_id) for value in chunk.values]
        rows = self._database.rows(
            "SELECT substr(vals, 1, 4) AS first FROM losses WHERE run_id = ? AND typeof(vals) = 'blob'"
            " AND length(vals) >= 4 ORDER BY chunk",
            (run_id,),
        )
        return [unpack(row["first"])[0] for row in rows]

    def truncate(self, run_id: int, epoch: int) -> None:
        """Forget the losses after an epoch: a resumed run makes them again."""
        chunk, offset = divmod(epoch, CHUNK)
        with self._database.transaction():
            kept = self._database.row(
                "SELECT chunk, vals, checksum FROM losses WHERE run_id = ? AND chunk = ?", (run_id, chunk)
            )
            self._database.execute("DELETE FROM losses WHERE run_id = ? AND chunk >= ?", (run_id, chunk))
            if offset:
                values = unpack(kept["vals"])[:offset] if kept is not None and _whole(kept) else array("f")
                # What is damaged or missing is no number: those that follow must keep their places.
                gap = array("f", [nan]) * (offset - len(values))
                self._append_chunk(run_id, chunk, values + gap)

    def copy_from(self, rows: Iterable[sqlite3.Row], run_id: int, epoch: int) -> None:
        """Take over the whole rows of another store, and make room for the losses that follow ``epoch``."""
        for row in rows:
            if _whole(row) and isinstance(row["chunk"], int):
                self._append_chunk(run_id, row["chunk"], unpack(row["vals"]))
        self.truncate(run_id, epoch)

    def damaged(self, run_id: int) -> int:
        """How many epochs' losses cannot be read any more."""
        rows = self._database.rows(
            "SELECT chunk, count, vals, checksum FROM losses WHERE run_id = ?", (run_id,)
        )
        return sum(row["count"] for row in rows if not _whole(row) and isinstance(row["count"], int))


def _whole(row: sqlite3.Row) -> bool:
    """Whether the values of a row are as they were written."""
    vals = row["vals"]
    if not isinstance(vals, bytes) or len(vals) % 4 or not vals:
        return False
    return len(vals) <= 4 * CHUNK and holds(row["checksum"], checksum(vals, 0))


def _sums_up(row: sqlite3.Row) -> bool:
    extremes = (row["lowest"], row["highest"])
    return isinstance(row["count"], int) and all(isinstance(x, float | int | None) for x in extremes)
