"""What lies at the store's path and is not lrtui's: other programs' databases, journals, links."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lrtui.core.config import Config
from lrtui.core.errors import StoreError
from lrtui.core.store import Store
from lrtui.datasets.source import Source


def database_in_use(folder: Path) -> dict[str, bytes]:
    """The files of another program's database, as they lie there while it is open."""
    path = folder / "theirs.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE theirs (x)")
        connection.execute("INSERT INTO theirs VALUES (1)")
        return {side: path.with_name(path.name + side).read_bytes() for side in ("", "-wal", "-shm")}


@pytest.mark.parametrize("moved_in", [False, True])
def test_a_database_of_another_program_is_refused_before_anything_of_it_changes(
    home: Path, tmp_path: Path, moved_in: bool
) -> None:
    files = database_in_use(tmp_path)
    if moved_in:  # its tables stand in the file itself
        with closing(sqlite3.connect(tmp_path / "theirs.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint")
        files = {"": (tmp_path / "theirs.db").read_bytes(), "-journal": b"hot"}
    home.mkdir()
    for side, content in files.items():
        (home / f"lrtui.db{side}").write_bytes(content)
    with pytest.raises(StoreError, match="a database of another program"):
        Store()
    for side, content in files.items():
        kept = home / f"lrtui.db{side}"
        if side == "-journal":
            (kept,) = home.glob("lrtui.db-journal.aside-*")
        assert kept.read_bytes() == content


@pytest.mark.parametrize("beside_a_store", [False, True])
def test_a_journal_that_is_not_the_stores_is_set_aside_and_said(home: Path, beside_a_store: bool) -> None:
    home.mkdir()
    if beside_a_store:
        with Store() as store:
            run_id = store.runs.create(Source("moons"), Config(), origin="test", owner=None)
    (home / "lrtui.db-journal").write_text("my diary")
    with Store() as store:
        assert store.notice is not None
        assert "lrtui.db-journal" in store.notice
        assert not beside_a_store or store.runs.get(run_id).id == run_id
    (aside,) = home.glob("lrtui.db-journal.aside-*")
    assert aside.read_text() == "my diary"
    with Store() as store:
        assert store.notice is None


def test_a_store_behind_a_link_is_used_where_it_lies(home: Path, tmp_path: Path) -> None:
    home.mkdir()
    elsewhere = tmp_path / "s.db"
    with Store() as store:
        run_id = store.runs.create(Source("moons"), Config(), origin="test", owner=None)
    (home / "lrtui.db").rename(elsewhere)
    (home / "lrtui.db").symlink_to(elsewhere)
    for _ in range(2):
        with Store() as store:
            assert store.runs.get(run_id).id == run_id
            store.runs.create(Source("moons"), Config(), origin="test", owner=None)
            store.check()
    assert (home / "lrtui.db").is_symlink()
