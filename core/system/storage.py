"""The store and the cache: where they lie, whether they can be used, who uses them. Nothing is written."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from lrtui.core.engine.owner import living
from lrtui.core.errors import StoreError
from lrtui.core.store import schema
from lrtui.core.store.home import folder_remark, home, unusable
from lrtui.core.store.kind import BEGINNING, is_foreign
from lrtui.core.store.opening import FILE_NAME, MOVE, is_corrupt
from lrtui.core.store.rescue import rescue_notice
from lrtui.core.store.setting_aside import beside, is_marked_damaged
from lrtui.core.system.record import Check, State, bytes_text, failed
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.storage.cache import Cache
from lrtui.datasets.storage.folder import cache_folder, cache_limit

STORE, CACHE = "store", "cache"
WAIT_SECONDS = 0.2  # for a store that another process holds
LITTLE_ROOM = 20_000_000  # bytes on the disk of the store: a few hundred runs
DAMAGED = "Nothing is lost: the next lrtui sets the file aside, and makes a new one."


def store_checks() -> Iterator[Check]:
    """The folder, the file, who uses it, and room."""
    try:
        folder = home()
    except StoreError as error:
        yield failed(STORE, "folder", error)
        return
    yield (place := _folder(folder))
    if place.state is State.PROBLEM:
        return
    yield _file(folder / FILE_NAME)
    if folder.is_dir():
        yield _locks()
    yield _room(folder)
    remarks = (_remark(), rescue_notice(folder) if folder.is_dir() else None)
    yield from (Check(STORE, "remark", one, State.NOTE) for one in remarks if one)


def cache_checks() -> Iterator[Check]:
    """The folder, what lies in it, and room."""
    try:
        folder = cache_folder()
    except DatasetError as error:  # every command would say so
        yield failed(CACHE, "folder", error)
        return
    yield Check(CACHE, "folder", str(folder))
    try:
        entries = Cache().entries()
        used = sum(entry.size for entry in entries)
        most = cache_limit(_nearest(folder), used)
    except DatasetError as error:  # which large files alone need
        yield failed(CACHE, "content", error, State.NOTE)
        return
    what = f"{bytes_text(used)} in {len(entries)} entries" if entries else "empty"
    yield Check(CACHE, "content", f"{what}, at most {bytes_text(most)}")


def _folder(folder: Path) -> Check:
    nearest = _nearest(folder)
    if not nearest.is_dir():
        why = "it is no folder" if nearest == folder else "a part of its path is no folder"
        return failed(STORE, "folder", unusable(folder, why))
    if not os.access(nearest, os.R_OK | os.W_OK | os.X_OK):
        return failed(STORE, "folder", unusable(folder, "it is not yours to write"))
    return Check(STORE, "folder", f"{folder}{'' if nearest == folder else ' (made when it is needed)'}")


def _nearest(path: Path) -> Path:
    """The path, or what there is of it."""
    return next(one for one in (path, *path.parents) if os.path.lexists(one))


def _file(path: Path) -> Check:
    if is_marked_damaged(path):
        return Check(STORE, "file", "found damaged while it was in use", State.NOTE, DAMAGED)
    if not os.path.lexists(path):
        return Check(STORE, "file", "none yet")
    if not path.is_file():
        why = "is no file" if path.exists() else "is a link that leads nowhere"
        return Check(STORE, "file", f"{path.name} {why}", State.PROBLEM, MOVE)
    if not os.access(path, os.R_OK | os.W_OK):
        what = f"{path.name} is not yours to read and write"
        return Check(STORE, "file", what, State.PROBLEM, "Make it so, or set LRTUI_HOME to another folder.")
    try:
        with path.open("rb") as file:
            beginning = file.read(BEGINNING)
        if is_foreign(beginning, beside(path, "-wal")):
            return Check(
                STORE, "file", f"{path.name} is a database of another program", State.PROBLEM, MOVE
            )
        return _content(path, len(beginning))
    except OSError as error:
        what = f"{path.name} cannot be read: {(error.strerror or str(error)).lower()}"
        return Check(STORE, "file", what, State.PROBLEM, MOVE)


def _content(path: Path, begun: int) -> Check:
    if not begun:
        return Check(STORE, "file", f"{path.name} is empty", State.NOTE, DAMAGED)
    try:
        uri = f"{path.as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=WAIT_SECONDS)) as connection:
            version = schema.version(connection)
            runs = connection.execute("SELECT count(*) FROM runs").fetchone()[0] if version else 0
    except sqlite3.Error as error:
        if is_corrupt(error):
            return Check(STORE, "file", f"{path.name} is damaged: {error}", State.NOTE, DAMAGED)
        fix = "Close what else has it open, or set LRTUI_HOME to another folder."
        return Check(STORE, "file", f"{path.name} cannot be read: {error}", State.PROBLEM, fix)
    sizes = (beside(path, side) for side in ("", "-wal"))
    size = bytes_text(sum(part.stat().st_size for part in sizes if part.exists()))
    found = f"{runs:,} run{'' if runs == 1 else 's'}, {size}, version {version}"
    if version > schema.VERSION:
        what = f"{found}, which a newer lrtui wrote; this one reads up to {schema.VERSION}"
        return Check(
            STORE, "file", what, State.PROBLEM, "Update lrtui, or set LRTUI_HOME to another folder."
        )
    return Check(STORE, "file", found)


def _locks() -> Check:
    try:
        owners = living()
    except StoreError as error:
        return failed(STORE, "in use", error)
    processes = ", ".join(owner.partition("-")[0] for owner in owners)
    return Check(STORE, "in use", f"by process {processes}" if owners else "by no running lrtui")


def _room(folder: Path) -> Check:
    try:
        free = shutil.disk_usage(_nearest(folder)).free
    except OSError as error:
        return Check(STORE, "room", f"not told: {(error.strerror or str(error)).lower()}", State.NOTE)
    found = f"{bytes_text(free)} free on its disk"
    if free >= LITTLE_ROOM:
        return Check(STORE, "room", found)
    return Check(STORE, "room", found, State.PROBLEM, "Free some, or set LRTUI_HOME to a folder elsewhere.")


def _remark() -> str | None:
    try:
        return folder_remark()
    except StoreError:  # the cache's folder, whose own check says it
        return None
