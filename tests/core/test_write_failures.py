"""A store that cannot be written: the person learns why, training waits, and nothing is lost."""

from __future__ import annotations

import errno
import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.engine.drive import drive
from lrtui.core.engine.loop import Engine
from lrtui.core.engine.run_session import RunSession
from lrtui.core.errors import StoreError
from lrtui.core.store import Status, Store
from lrtui.core.store.messages import Start, Stop
from lrtui.datasets.source import Source

MOONS = Source("moons")
IOERR = (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_SHMSIZE, 10)


class Nobody:
    stop = put_down = False


@contextmanager
def no_file_may_grow(home: Path) -> Iterator[None]:
    """As ``ulimit -f`` does: the -wal has come to the limit."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((home / "lrtui.db-wal").stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_limit_on_the_size_of_files_is_told_and_training_waits_for_it(store: Store, home: Path) -> None:
    config = changed(Config(), epochs=3000, batch_size=0)
    session = RunSession(store, store.runs.create(MOONS, config, origin="test", owner="me"), "me")
    session.open()
    told: list[StoreError] = []
    limit = no_file_may_grow(home)
    limit.__enter__()

    def tell(error: StoreError) -> None:
        told.append(error)
        limit.__exit__(None, None, None)

    drive(session, Nobody(), lambda _: None, tell)
    (error,) = told
    assert "limit that is set on the size of files" in error.what
    assert "Training waits for it." in error.what
    assert "ulimit -f" in error.fix
    run = store.runs.get(session.run_id)
    assert (run.status, run.epoch) == (Status.FINISHED, 3000)
    assert sum(chunk.count for chunk in store.losses.read(run.id)) == 3000


def test_an_engine_tells_at_once_what_it_cannot_write_and_takes_it_back(home: Path) -> None:
    from lrtui.core.engine.status_pipe import StatusReader, StatusWriter

    out, into = os.pipe()
    reader = StatusReader(out)
    with Store() as store:
        engine = Engine("me", gone=lambda _: False)
        engine.status = StatusWriter(into)
        config = changed(Config(), epochs=10_000_000)
        run_id = store.runs.create(MOONS, config, origin="test", owner="me")
        store.commands.send("me", Start(run_id))
        for _ in range(3):
            engine.turn()
        assert reader.look() is None
        with no_file_may_grow(home):
            while reader.look() is None:
                engine.turn()
            assert "limit that is set on the size of files" in (reader.trouble or "")
        while reader.look() is not None:
            engine.turn()
        store.commands.send("me", Stop(run_id))
        while store.runs.live():
            engine.turn()
        run = store.runs.get(run_id)
        assert sum(chunk.count for chunk in store.losses.read(run_id)) == run.epoch
        engine.leave()


def test_an_engine_that_arrives_while_nothing_can_be_written_says_so_and_arrives_later(home: Path) -> None:
    from lrtui.core.engine.status_pipe import StatusReader, StatusWriter

    out, into = os.pipe()
    reader = StatusReader(out)
    with Store() as store:
        engine = Engine("me", gone=lambda _: False)
        engine.status = StatusWriter(into)
        with no_file_may_grow(home):
            assert not engine.arrive()
            assert "limit that is set on the size of files" in (reader.look() or "")
            engine.watched = False  # the dashboard is gone, and there is nothing to train
            assert engine.arrive()
            assert not engine.turn()
        assert not store.engines.knows("me")
        assert engine.arrive()
        assert store.engines.knows("me")
        engine.leave()


@pytest.mark.parametrize("code", IOERR)
@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EDQUOT, "quota"),
        (errno.ENOSPC, "is full"),
        (errno.EROFS, "can only be read"),
        (errno.EIO, "input/output error"),
        (errno.EACCES, "permission denied"),
        (None, "failed: disk I/O error"),
    ],
)
def test_whatever_sqlite_says_the_person_reads_what_the_system_says(
    store: Store, monkeypatch: pytest.MonkeyPatch, code: int, number: int | None, said: str
) -> None:
    def fails(_: Path) -> None:
        if number is not None:
            raise OSError(number, os.strerror(number))

    class Failing:
        in_transaction = False

        def execute(self, *_: object) -> None:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = code
            raise error

    monkeypatch.setattr("lrtui.core.store.write_errors.try_to_write", fails)
    whole = store.connection
    monkeypatch.setattr(store, "connection", Failing())
    with pytest.raises(StoreError, match=said) as caught:
        store.runs.create(MOONS, Config(), origin="test", owner="me")
    assert caught.value.fix.endswith(".")
    with pytest.raises(StoreError, match=said):
        store.runs.recent()
    monkeypatch.setattr(store, "connection", whole)
    assert store.runs.recent() == []


def test_a_folder_that_can_be_written_is_no_trouble_and_keeps_no_trace(store: Store, home: Path) -> None:
    from lrtui.core.store.write_errors import write_trouble

    before = sorted(path.name for path in home.iterdir())
    assert write_trouble(store.path) is None
    assert sorted(path.name for path in home.iterdir()) == before
