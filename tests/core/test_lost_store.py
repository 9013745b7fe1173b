"""A store that is lost while a run trains: nothing more is written there, and the run goes on beside it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from array import array
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.engine.drive import drive
from lrtui.core.engine.run_session import RunSession
from lrtui.core.errors import StoreError, StoreLostError
from lrtui.core.export.trained import preparation_kept
from lrtui.core.store import Labels, Status, Store
from lrtui.core.store.rescue import rescue_notice, rescues, take_in
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source

MOONS = Source("moons")
CONFIG = changed(Config(), batch_size=0, optimizer="adam", epochs=1000)
LOST_AT = 200  # epochs


def another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE theirs (x)")
        connection.executemany("INSERT INTO theirs VALUES (?)", [("text" * 200,)] * 400)


def garbage(store: Path, _: Path) -> None:
    with store.open("r+b") as file:
        file.write(os.urandom(30_000))


def replaced_by_another_program(store: Path, _: Path) -> None:
    another_program(store.with_name("theirs.db"))
    store.with_name("theirs.db").rename(store)


def overwritten_by_another_program(store: Path, _: Path) -> None:
    another_program(store.with_name("theirs.db"))
    shutil.copyfile(store.with_name("theirs.db"), store)
    store.with_name("theirs.db").unlink()


def moved_behind_a_link(store: Path, _: Path) -> None:
    store.rename(store.with_name("moved.db"))
    store.symlink_to("moved.db")


def moved_behind_a_loop(store: Path, _: Path) -> None:
    store.rename(store.with_name("moved.db"))
    store.symlink_to(store)


# What is done to the store, of which an earlier state lies beside; and the word for it.
LOSSES: dict[str, tuple[Callable[[Path, Path], object], str]] = {
    "removed": (lambda store, _: store.unlink(), "removed or moved away"),
    "moved": (lambda store, _: store.rename(store.with_name("moved.db")), "removed or moved away"),
    "folder removed": (lambda store, _: shutil.rmtree(store.parent), "removed or moved away"),
    "folder moved": (
        lambda store, _: store.parent.rename(store.parent.with_name("elsewhere")),
        "removed or moved away",
    ),
    "emptied": (lambda store, _: os.truncate(store, 0), "cut short"),
    "cut in half": (lambda store, _: os.truncate(store, store.stat().st_size // 2), "cut short"),
    "garbage": (garbage, "overwritten"),
    "restored": (lambda store, old: shutil.copyfile(old, store), "overwritten"),
    "another file": (lambda store, old: shutil.copy(old, old.with_name("o.db")).rename(store), "replaced"),
    "another program's": (replaced_by_another_program, "replaced"),
    "another program over it": (overwritten_by_another_program, "overwritten"),
    "a link to it": (moved_behind_a_link, "replaced"),
    "a loop": (moved_behind_a_loop, "removed or moved away"),
    "no -wal": (lambda store, _: store.with_name(store.name + "-wal").unlink(), "-wal"),
    "no -shm": (lambda store, _: store.with_name(store.name + "-shm").unlink(), "-shm"),
    "cut -wal": (lambda store, _: os.truncate(store.with_name(store.name + "-wal"), 0), "-wal"),
}


class Person:
    """What a person asks for while it goes on."""

    stop = put_down = False


Whole = tuple[Trainer, "array[float]"]


@pytest.fixture(scope="module")
def whole() -> Whole:
    """The run that nobody disturbed, and its losses."""
    trainer = Trainer(problem_of(load(MOONS), CONFIG), CONFIG)
    return trainer, array("f", trainer.advance())


@pytest.fixture(autouse=True)
def written_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns so short that many fit in a run, and much is written before it is lost."""
    monkeypatch.setattr("lrtui.core.engine.drive.SLICE_SECONDS", 0.002)
    monkeypatch.setattr("lrtui.core.engine.run_session.WRITE_SECONDS", 0.005)


@pytest.fixture
def old(tmp_path: Path, home: Path) -> Path:
    """An earlier state of the store, which holds a run."""
    with Store() as store:
        store.runs.create(MOONS, Config(), origin="test", owner=None)
    return Path(shutil.copy(home / "lrtui.db", tmp_path / "old.db"))


def train(store: Store, lose: Callable[[], object], *, put_down: bool) -> tuple[RunSession, list[str]]:
    """Train until the store is lost, and on to the end, or a good deal further."""
    session = RunSession(store, store.runs.create(MOONS, CONFIG, origin="test", owner="me"), "me")
    session.open()
    person, told = Person(), list[str]()
    lost: list[int] = []

    def show(_: RunSession) -> None:
        epoch = session.trainer.epoch
        if epoch >= LOST_AT and not lost:
            lost.append(epoch)
            lose()
        person.put_down = put_down and bool(told) and epoch > lost[0] + LOST_AT

    drive(session, person, show, lambda error: told.append(str(error)))
    session.close_rescue()
    return session, told


@pytest.mark.parametrize("how", LOSSES)
def test_a_run_goes_on_in_a_rescue_file_and_ends_with_the_very_same_weights(
    home: Path, old: Path, whole: Whole, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose, word = LOSSES[how]
    path, after = home / "lrtui.db", list[bytes]()

    def lose_and_look() -> None:
        lose(path, old)
        after.append(path.read_bytes() if path.exists() else b"")

    with Store() as store:
        session, told = train(store, lose_and_look, put_down=True)
        assert store.lost
    (said,) = told
    assert any(part in said for part in word.split("|"))
    assert str(session.store.path) in said
    assert (path.read_bytes() if path.exists() else b"") == after[0]  # nothing was written there
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    (rescue,) = rescues(home)
    assert stat.S_IMODE(rescue.stat().st_mode) == 0o600
    if "program" in how or how == "a loop":
        path.unlink()  # lrtui refuses it, and leaves it alone
    assert f"lrtui resume {rescue.name} takes" in (rescue_notice(home) or "")
    # To SQLite this process still has the lost file open; a next one sees what lies there with fresh eyes.
    home = Path(shutil.copytree(home, home.with_name("next")))
    monkeypatch.setenv("LRTUI_HOME", str(home))
    (rescue,) = rescues(home)
    with Store() as now:
        run = take_in(now, rescue, "you", lambda _: False)
        assert (run.status, run.owner) == (Status.QUEUED, "you")
        again = RunSession(now, run.id, "you")
        again.open()
        assert LOST_AT < again.trainer.epoch < CONFIG.epochs
        while again.running:
            again.slice(1.0)
        assert again.trainer.snapshot().weights == whole[0].snapshot().weights
        assert now.runs.get(run.id).status is Status.FINISHED
        kept = {c.first_epoch + i: v for c in now.losses.read(run.id) for i, v in enumerate(c.values)}
        # Float32 as they were, wherever they could still be read; all of them since the loss.
        assert {epoch: v for epoch, v in kept.items() if v == v} == {
            epoch: whole[1][epoch - 1] for epoch, v in kept.items() if v == v
        }
        assert set(range(LOST_AT + 200, CONFIG.epochs + 1)) <= kept.keys()
    assert rescue_notice(home) is None


def test_a_run_whose_row_another_program_removes_goes_on_in_a_rescue_file(home: Path, whole: Whole) -> None:
    def remove() -> None:
        with closing(sqlite3.connect(home / "lrtui.db")) as connection, connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("DELETE FROM runs")

    with Store() as store:
        session, told = train(store, remove, put_down=False)
        (said,) = told
        assert "Run 1 was removed from the store" in said
        (rescue,) = rescues(home)
        assert str(rescue) in said
        with Store(rescue) as kept:
            kept.labels.set(kept.runs.recent()[0].id, Labels("base line"))
        run = take_in(store, rescue, "you", lambda _: False)
        assert (run.status, run.epoch) == (Status.FINISHED, CONFIG.epochs)
        assert run.title == "base line"
        newest = store.history.newest_snapshot(run.id)
    assert newest is not None
    assert [*newest.weights] == pytest.approx([*whole[0].snapshot().weights], rel=1e-6)
    assert session.trainer.snapshot().weights == whole[0].snapshot().weights


def test_a_run_that_ends_in_its_rescue_file_is_taken_in_whole_once(home: Path, whole: Whole) -> None:
    with Store() as store:
        train(store, (home / "lrtui.db").unlink, put_down=False)
    (rescue,) = rescues(home)
    copy = Path(shutil.copy(rescue, home.with_name("copy.db")))
    with Store() as now:
        run = take_in(now, rescue, "you", lambda _: False)
        assert (run.status, run.owner, run.epoch) == (Status.FINISHED, None, CONFIG.epochs)
        losses = [value for chunk in now.losses.read(run.id) for value in chunk.values]
        assert losses == [*whole[1]]  # what could still be read of the lost file is in it
        found = now.history.newest_snapshot(run.id)
        assert found is not None
        assert [*found.weights] == pytest.approx([*whole[0].snapshot().weights], rel=1e-6)
        assert preparation_kept(now, run.id) is not None
        copy.rename(rescue)
        with pytest.raises(StoreError, match=f"taken in already, as run {run.id}"):
            take_in(now, rescue, "you", lambda _: False)


def test_a_rescue_file_that_cannot_be_made_is_said_and_training_waits(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrtui.core.engine.drive.PATIENCE", 0.0)

    def lose() -> None:
        shutil.rmtree(home)
        home.write_text("a file of somebody's")

    with Store() as store, pytest.raises(StoreLostError, match=r"removed.*cannot be used"):
        train(store, lose, put_down=False)
    assert home.read_text() == "a file of somebody's"


def test_a_store_that_is_only_looked_at_tells_too(home: Path) -> None:
    with Store() as store:
        store.version()
        os.truncate(home / "lrtui.db", 0)
        with pytest.raises(StoreLostError, match="cut short"):
            store.version()
    with Store() as again:
        assert again.notice is not None
        assert "empty" in again.notice
    assert list(home.glob("lrtui.db.corrupt-*"))


@pytest.mark.parametrize("content", [b"", b"no store", b"SQLite format 3\x00" + bytes(200)])
def test_what_is_no_rescue_file_is_refused_and_left_alone(
    store: Store, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "it.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="no rescue file"):
        take_in(store, path, "you", lambda _: False)
    assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("it")] == ["it.db"]
    for other in (tmp_path / "none.db", tmp_path):
        with pytest.raises(StoreError, match="no file"):
            take_in(store, other, "you", lambda _: False)
    with pytest.raises(StoreError, match="the store itself"):
        take_in(store, store.path, "you", lambda _: False)


def test_a_rescue_file_whose_run_still_trains_waits_for_its_end(home: Path) -> None:
    with Store() as store:
        session = RunSession(store, store.runs.create(MOONS, CONFIG, origin="test", owner="me"), "me")
        session.open()
        (home / "lrtui.db").unlink()
        path = session.rescue().path
        with Store() as now, pytest.raises(StoreError, match="still being trained"):
            take_in(now, path, "you", lambda _: True)
        session.close_rescue()


def test_a_rescue_file_that_is_lost_too_is_followed_by_another(home: Path, whole: Whole) -> None:
    with Store() as store:
        session = RunSession(store, store.runs.create(MOONS, CONFIG, origin="test", owner="me"), "me")
        session.open()
        told: list[str] = []

        def show(_: RunSession) -> None:
            if session.trainer.epoch > LOST_AT * (len(told) + 1) and len(told) < 3:
                session.store.path.unlink()

        drive(session, Person(), show, lambda error: told.append(str(error)))
        session.close_rescue()
    assert len(told) == 3
    assert len({*told}) == 3
    (rescue,) = rescues(home)
    assert rescue.name.startswith("lrtui-rescue-run-1-")
    with Store(rescue) as kept:
        (run,) = kept.runs.recent()
        assert [value for chunk in kept.losses.read(run.id) for value in chunk.values] == [*whole[1]]
    assert session.trainer.snapshot().weights == whole[0].snapshot().weights


def test_a_file_that_is_just_being_copied_over_is_parted_from_what_lay_beside_it(
    home: Path, old: Path
) -> None:
    with Store() as store:
        store.runs.create(MOONS, CONFIG, origin="test", owner="me")
        os.truncate(home / "lrtui.db", 0)  # as cp begins
        copying = threading.Timer(0.1, lambda: shutil.copyfile(old, home / "lrtui.db"))
        copying.start()
        with pytest.raises(StoreLostError, match="overwritten"):
            store.version()
        copying.join()
    assert not (home / "lrtui.db-wal").exists()
    assert list(home.glob("lrtui.db.lost-*-wal"))
    assert (home / "lrtui.db").read_bytes() == old.read_bytes()


def test_what_other_processes_write_is_no_loss(store: Store, home: Path) -> None:
    code = (
        "import os; from lrtui.core.store import Store; from lrtui.core.config import Config;"
        "from lrtui.datasets.source import Source; s = Store();"
        "n = s.runs.create(Source('xor'), Config(), origin='other', owner=None);"
        "[s.history.set_checkpoint(n, i, os.urandom(100_000)) for i in range(80)]; os._exit(0)"
    )
    before = (home / "lrtui.db").stat().st_mtime_ns
    with subprocess.Popen([sys.executable, "-c", code]) as other:
        while other.poll() is None:
            store.version()
    assert other.returncode == 0
    assert (home / "lrtui.db").stat().st_mtime_ns > before  # SQLite has moved its pages meanwhile
    store.version()
    assert store.runs.create(MOONS, CONFIG, origin="test", owner=None) == 2
