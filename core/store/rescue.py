"""Rescue files: small stores of one run each, made beside a store that was lost while the run trained.

A rescue file has the store's own schema, so that it is written and read by the same code.
"""

from __future__ import annotations

import os
import shlex
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from lrtui.core.errors import StoreError
from lrtui.core.store.identity import HEADER, MAGIC, SIDE_FILES
from lrtui.core.store.records import Run, Status
from lrtui.core.store.schema import APPLICATION_ID
from lrtui.core.store.store import Store
from lrtui.datasets.storage.moving import move_beside
from lrtui.datasets.storage.nofollow import NEW
from lrtui.datasets.text import listed, quote, safe

PREFIX, SUFFIX = "lrtui-rescue-", ".db"
ORIGIN = "rescue"
COPIED = (
    "dataset", "target", "positive", "options", "config", "created", "started", "seconds", "epoch",
    "diverged_at", "problem", "measured", "failure", "checksum", "labels", "best",
)  # fmt: skip
HISTORY = {
    "losses": "chunk count lowest highest vals checksum",
    "snapshots": "epoch measurement weights bias checksum",
    "changes": "epoch field old new",
    "features": "names checksum",
    "branches": "parent epoch weights bias checksum",
    "preparations": "info checksum",
}


def begin_rescue(
    lost: Store,
    number: int,
    run: Run,
    features: Sequence[str],
    preparation: bytes | None,
    owner: str,
    epoch: int,
    losses_until: int,
) -> tuple[Store, int]:
    """A new rescue file with what is known of a run, and what can still be read of its history.

    ``number`` is that of the run in the lost store; it is another than its own where that was a rescue file
    too. ``epoch`` is how far the run is; losses after ``losses_until`` are the caller's to add, and so are
    its changes. Nothing that exists is written over.

    Raises:
        StoreError: no file can be made there.
    """
    path = _new_path(lost.path.parent, run.id)
    store = Store(path)
    try:
        new = store.runs.create(run.source, run.config, origin=f"run {run.id}", owner=owner)
        store.runs.update(
            new,
            status=Status.RUNNING,
            created=run.created,
            started=run.started,
            epoch=epoch,
            problem=run.problem,
        )
        store.labels.set(new, run.labels)
        with store.transaction():
            kept = lost.salvage("SELECT * FROM losses WHERE run_id = ? ORDER BY chunk", (number,))
            store.losses.copy_from(kept, new, losses_until)
            _copy(lost.salvage, store, "snapshots", number, new, epoch)
            _copy(lost.salvage, store, "branches", number, new)
        store.features.put(new, features)
        if preparation is not None:
            store.preparations.put(new, preparation)
        store.execute("PRAGMA wal_checkpoint(PASSIVE)")  # from here on the file itself says what it is
    except BaseException:
        store.close()
        for suffix in ("", *SIDE_FILES):  # made a moment ago, and of no use
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        raise
    return store, new


def _new_path(folder: Path, run_id: int) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise StoreError(
            f"No rescue file can be made: the folder {quote(str(folder))} cannot be made again: {why}.",
            "Make the folder, and the run is kept there.",
        ) from None
    stem = f"{PREFIX}run-{run_id}-{datetime.now():%Y%m%d-%H%M%S}"
    for number in count(1):
        path = folder / f"{stem}{f'-{number}' if number > 1 else ''}{SUFFIX}"
        if any(path.with_name(path.name + suffix).exists() for suffix in SIDE_FILES):
            continue  # left by a rescue file that was lost, too
        with suppress(FileExistsError):
            os.close(os.open(path, NEW, 0o600))  # so that it is ours
            break
    return path


Rows = Callable[[str, tuple[int]], list[sqlite3.Row]]


def _copy(rows: Rows, to: Store, table: str, run_id: int, number: int, epoch: int | None = None) -> None:
    """Take over a table's rows of a run, of no later epoch than one; what is damaged stays so."""
    for row in rows(f"SELECT * FROM {table} WHERE run_id = ? ORDER BY rowid", (run_id,)):  # noqa: S608
        if epoch is None or (isinstance(row["epoch"], int) and row["epoch"] <= epoch):
            to.insert(table, run_id=number, **{name: row[name] for name in HISTORY[table].split()})


def rescues(folder: Path) -> list[Path]:
    """The rescue files in a folder that nobody took in, the oldest first."""
    return sorted(folder.glob(f"{PREFIX}*{SUFFIX}"))


def rescue_notice(folder: Path) -> str | None:
    """What a person is told of the rescue files in a folder; ``None`` where there is none."""
    found = rescues(folder)
    if not found:
        return None
    if len(found) == 1:
        name = safe(shlex.quote(found[0].name))
        return f"A run was rescued when its store was lost: lrtui resume {name} takes it in."
    names = listed([path.name for path in found])
    return f"Runs were rescued when their store was lost: {names}. lrtui resume FILE takes one in."


def take_in(store: Store, path: Path, owner: str, alive: Callable[[str], bool]) -> Run:
    """Put the run of a rescue file into a store, as a run of its own that ``owner`` is to train on.

    One that has ended comes in as it ended. The file is renamed, and nothing in it is changed.

    Raises:
        StoreError: it is no rescue file, or its run is still being trained, or was taken in already.
    """
    _check_kind(path, store.path)
    origin = f"{ORIGIN} {path.name}"
    with Store(path) as rescued:
        runs = rescued.runs.recent()
        if len(runs) != 1:
            raise StoreError(f"The file {quote(str(path))} does not hold one run.", "Name a rescue file.")
        run = rescued.runs.get(runs[0].id)
        if run.status.live and run.owner is not None and alive(run.owner):
            raise StoreError(
                f"The run in {quote(str(path))} is still being trained.", "Resume it when that has ended."
            )
        checkpoint = rescued.history.checkpoint(run.id)
        with store.transaction():
            before = store.row("SELECT id FROM runs WHERE origin = ?", (origin,))
            if before is not None:
                raise StoreError(
                    f"The run in {quote(str(path))} was taken in already, as run {before['id']}.",
                    f"lrtui show {before['id']} shows it.",
                )
            number = _insert(rescued, store, run, origin, owner)
            for table in HISTORY:
                _copy(rescued.rows, store, table, run.id, number)
            if checkpoint is not None:
                store.history.set_checkpoint(number, *checkpoint)
    with suppress(OSError):  # it is taken in, and told so when it is named again
        if path.name.startswith(PREFIX) and path.name.endswith(SUFFIX):
            move_beside(path, path.name + ".taken")
    return store.runs.get(number)


def _insert(rescued: Store, store: Store, run: Run, origin: str, owner: str) -> int:
    row = rescued.row("SELECT * FROM runs WHERE id = ?", (run.id,))
    assert row is not None, "it was read a moment ago"
    rests = run.status.live or run.status is Status.INTERRUPTED
    columns = {name: row[name] for name in COPIED} | {
        "ended": None if rests else row["ended"],
        "status": Status.QUEUED if rests else run.status,
        "owner": owner if rests else None,
        "origin": origin,
    }
    return store.insert("runs", **columns)


def _check_kind(path: Path, own: Path) -> None:
    """Look before SQLite does: it would make files beside whatever stands there."""
    where = quote(str(path))
    fix = "Name a rescue file, or the number of a run; lrtui runs lists them."
    try:
        if not os.path.lexists(path):
            raise StoreError(f"There is no run and no file {where}.", fix)
        if not path.is_file():
            raise StoreError(f"{where} is no file, and no number of a run.", fix)
        if os.path.samefile(path, own):
            raise StoreError(f"The file {where} is the store itself.", fix)
        with path.open("rb") as file:
            header = file.read(HEADER)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise StoreError(f"The file {where} cannot be read: {why}.", fix) from None
    ours = header[:16] == MAGIC and header[68:72] == APPLICATION_ID.to_bytes(4, "big")
    if not ours:
        raise StoreError(f"The file {where} is no rescue file of lrtui.", fix)
