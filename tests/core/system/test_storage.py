"""Store and cache, whole and in every kind of trouble; nothing is ever changed by the look."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lrtui.core.config import Config
from lrtui.core.engine.owner import new_owner
from lrtui.core.store import Store, schema
from lrtui.core.store.setting_aside import mark_damaged
from lrtui.core.system import storage
from lrtui.core.system.record import Check, State
from lrtui.datasets.source import Source


def looked() -> dict[str, Check]:
    """All of the store by name; and nothing is made or changed by looking, not even where there is none."""
    home = Path(os.environ["LRTUI_HOME"])
    before = snapshot(home.parent)
    found = {one.name: one for one in storage.store_checks()}
    assert snapshot(home.parent) == before
    return found


def snapshot(folder: Path) -> dict[str, bytes | None]:
    # What SQLite keeps in -shm is for processes, and no content.
    paths = (path for path in folder.rglob("*") if not path.name.endswith(("-shm", "-wal")))
    return {str(path): path.read_bytes() if path.is_file() else None for path in paths}


def test_a_store_that_is_not_there_yet_can_be_made(home: Path) -> None:
    found = looked()
    assert {one.state for one in found.values()} == {State.OK}
    assert found["folder"].found == f"{home} (made when it is needed)"
    assert found["file"].found == "none yet"
    assert "in use" not in found


def test_a_store_with_its_runs_version_and_owners(store: Store, home: Path) -> None:
    store.runs.create(Source("xor"), Config(), origin="test", owner=None)
    found = looked()
    assert found["file"].found.startswith("1 run, ")
    assert found["file"].found.endswith(f"version {schema.VERSION}")
    assert found["in use"].found == "by no running lrtui"
    owner = new_owner()
    assert looked()["in use"].found == f"by process {os.getpid()}"
    owner.release()
    assert looked()["in use"].found == "by no running lrtui"


def write_store(home: Path, **pragmas: int) -> Path:
    home.mkdir(mode=0o700)
    path = home / "lrtui.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE runs (id INTEGER)")
        for name, value in pragmas.items():
            connection.execute(f"PRAGMA {name} = {value}")
    return path


def test_a_store_of_a_newer_lrtui_and_one_of_another_program_are_in_the_way(home: Path) -> None:
    newer = schema.VERSION + 1
    path = write_store(home, application_id=schema.APPLICATION_ID, user_version=newer)
    file = looked()["file"]
    assert file.state is State.PROBLEM
    assert f"version {newer}, which a newer lrtui wrote" in file.found
    assert file.fix.startswith("Update lrtui")
    path.unlink()
    home.rmdir()
    write_store(home, application_id=1)
    file = looked()["file"]
    assert (file.state, "another program" in file.found, file.fix[:12]) == (
        State.PROBLEM,
        True,
        "Move it away",
    )


def test_a_damaged_store_is_set_aside_by_itself_and_so_in_nobodys_way(home: Path) -> None:
    home.mkdir(mode=0o700)
    path = home / "lrtui.db"
    for content in (b"", b"no database at all, " * 200):
        path.write_bytes(content)
        assert looked()["file"].state is State.NOTE
    with Store() as opened:  # sets it aside
        assert opened.notice is not None
    assert looked()["file"].state is State.OK
    mark_damaged(path)
    assert looked()["file"].state is State.NOTE


def test_what_is_no_file_or_leads_nowhere(home: Path) -> None:
    home.mkdir(mode=0o700)
    path = home / "lrtui.db"
    path.symlink_to("nowhere")
    assert "leads nowhere" in looked()["file"].found
    path.unlink()
    os.mkfifo(path)
    assert looked()["file"].found.endswith("is no file")
    assert looked()["file"].state is State.PROBLEM


def test_a_folder_that_cannot_be_used(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.write_text("")
    found = looked()
    assert found.keys() == {"folder"}
    assert found["folder"].state is State.PROBLEM
    assert "it is no folder" in found["folder"].found
    home.unlink()
    home.mkdir()
    monkeypatch.setattr(os, "access", lambda *_: False)  # whoever runs the tests may be allowed everything
    assert "not yours to write" in looked()["folder"].found
    monkeypatch.undo()


def test_a_full_disk_is_in_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    assert looked()["room"].state is State.PROBLEM


def test_a_folder_that_others_can_write_and_one_that_is_none(
    store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.chmod(0o777)
    assert "chmod go-w" in looked()["remark"].found
    monkeypatch.setenv("LRTUI_HOME", "~nobody-of-this-name/x")
    (one,) = storage.store_checks()
    assert (one.state, "there is no user" in one.found) == (State.PROBLEM, True)


def test_the_cache(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, content = storage.cache_checks()
    assert folder.found == str(home / "cache")
    assert content.found.startswith("empty, at most ")
    monkeypatch.setenv("LRTUI_CACHE", str(tmp_path))
    (tmp_path / "mine.txt").write_text("")
    _, content = storage.cache_checks()
    assert (content.state, "mine.txt" in content.found) == (State.NOTE, True)
    monkeypatch.setenv("LRTUI_CACHE", "~nobody-of-this-name/x")
    (folder,) = storage.cache_checks()
    assert folder.state is State.PROBLEM
