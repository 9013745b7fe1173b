"""Training by processes on 127.0.0.1: led from the store, ended by any of them, taken up again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import psutil
import pytest
from torch._C._distributed_c10d import PrefixStore, TCPStore

from lrtui.core.config import Config, changed
from lrtui.core.distributed import meeting
from lrtui.core.distributed.group import Group
from lrtui.core.distributed.meeting import meet
from lrtui.core.distributed.place import Place
from lrtui.core.errors import RanksError
from lrtui.core.store import Run, Status, Store
from lrtui.core.store.messages import ChangeConfig, Pause, Resume, Stop
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from lrtui.tui.cli.ranks import tell_meetings
from tests.cli.commands import Lrtui, refused, start

LONG = ("moons", "--batch-size", "0", "--epochs", "10000000")
SECONDS = 60.0
HOST = socket.gethostname()


def until(store: Store, seen: Callable[[Run], bool]) -> Run:
    """The newest run, once it is so."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        runs = store.runs.recent(1)
        if runs and seen(runs[0]):
            return runs[0]
        time.sleep(0.02)
    raise AssertionError("it has not come to that")


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[str]]]:
    """Those that a test starts; none outlives it."""
    found: list[subprocess.Popen[str]] = []
    yield found
    for process in found:
        for child in [*psutil.Process(process.pid).children()] if process.poll() is None else []:
            child.kill()
        process.kill()
        process.communicate()


def asked(store: Store, run: Run, message: object) -> Run:
    """The run, once it has heeded what it was asked."""
    assert run.owner is not None
    number = store.commands.send(run.owner, message)  # type: ignore[arg-type]
    return until(store, lambda now: now.heeded >= number)


def test_a_run_of_two_processes_is_led_from_the_store_and_left_whole_where_one_stands_still(
    home: Path, store: Store, processes: list[subprocess.Popen[str]], lrtui: Lrtui
) -> None:
    first = start(home, "train", *LONG, "--processes", "2", "--quiet")
    processes.append(first)
    run = until(store, lambda run: run.epoch > 0)
    asked(store, run, ChangeConfig(run.id, {"lr": 0.2}))
    paused = asked(store, run, Pause(run.id))
    assert paused.status is Status.PAUSED
    assert store.runs.get(run.id).epoch == paused.epoch
    asked(store, run, Resume(run.id))
    until(store, lambda now: now.epoch > paused.epoch)
    [other] = psutil.Process(first.pid).children()
    other.send_signal(signal.SIGSTOP)
    since = time.monotonic()
    _, err = first.communicate(timeout=SECONDS)
    assert time.monotonic() - since < 10
    assert first.returncode == 2
    assert err.startswith(
        f"lrtui: Rank 1 on {HOST} has given no sign of life for 5 s, so no rank can go on.\n"
    )
    assert not other.is_running()

    left = store.runs.get(run.id)
    assert left.status is Status.INTERRUPTED
    assert left.resumable
    assert left.failure is not None
    assert f"Rank 1 on {HOST}" in left.failure.what
    assert f"Rank 1 on {HOST} has given no sign of life" in lrtui("show", str(run.id))[1]
    kept = store.history.checkpoint(run.id)
    assert kept is not None
    epoch, state = kept
    config = changed(Config(), batch_size=0, epochs=10_000_000)
    problem = problem_of(load(Source("moons")), config)
    found, oracle = Trainer.resume(problem, config, state), Trainer(problem, config)
    [change] = found.changes
    oracle.advance(epochs=change.epoch)
    oracle.change(lr=0.2)
    oracle.advance(epochs=epoch - change.epoch)
    np.testing.assert_allclose(found.theta, oracle.theta, rtol=1e-4, atol=1e-5)


def torchrun(home: Path, attempt: int, *arguments: str) -> list[subprocess.Popen[str]]:
    """Two ranks as torchrun starts them, which takes longer to import than they do."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = {
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        "WORLD_SIZE": "2",
        "LOCAL_WORLD_SIZE": "2",
    }
    told |= {"TORCHELASTIC_RESTART_COUNT": str(attempt), "LRTUI_HOME": str(home)}
    return [
        subprocess.Popen(
            [sys.executable, "-m", "lrtui.train", *arguments],
            env={**os.environ, **told, "RANK": str(rank), "LOCAL_RANK": str(rank)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]


def test_torchruns_restart_goes_on_with_the_run_of_which_a_rank_died(
    home: Path, store: Store, processes: list[subprocess.Popen[str]]
) -> None:
    ranks = torchrun(home, 0, *LONG, "--quiet")
    processes += ranks
    run = until(store, lambda run: run.has_state)
    ranks[1].kill()
    _, err = ranks[0].communicate(timeout=SECONDS)
    assert ranks[0].returncode == 2
    assert f"lrtui: Rank 1 on {HOST} has " in err
    kept = store.history.checkpoint(run.id)
    assert kept is not None
    again = torchrun(home, 1, *LONG, "--json")
    processes += again
    now = until(store, lambda now: now.status is Status.RUNNING and now.epoch > kept[0])
    assert now.id == run.id
    asked(store, now, Stop(run.id))
    out, err = again[0].communicate(timeout=SECONDS)
    assert (again[0].returncode, again[1].wait(SECONDS)) == (0, 0), err
    assert f'"run_id": {run.id},' in out
    assert store.runs.get(run.id).status is Status.STOPPED


@pytest.mark.parametrize("count", ["0", "-1", "257", "two", "9" * 30])
def test_so_many_processes_there_cannot_be(count: str, lrtui: Lrtui) -> None:
    assert "--processes" in refused(lrtui("train", "moons", "--processes", count))


def test_one_process_is_an_ordinary_run(lrtui: Lrtui) -> None:
    code, out, _ = lrtui("train", "moons", "--epochs", "3", "--processes", "1")
    assert (code, out.split(",")[0]) == (0, "run 1: moons")


@pytest.mark.parametrize(
    "wrong",
    [
        {"RANK": "-1"},
        {"RANK": "2"},
        {"WORLD_SIZE": "0"},
        {"LOCAL_WORLD_SIZE": "0"},
        {"MASTER_ADDR": ""},
        {"MASTER_PORT": "65536"},
        {"RANK": "first"},
    ],
)
def test_what_is_no_place_among_ranks_is_said_before_anybody_is_waited_for(wrong: dict[str, str]) -> None:
    told = {"RANK": "0", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29500"}
    assert Place.from_environment(told).world == 2
    with pytest.raises(RanksError) as found:
        Place.from_environment(told | wrong)
    assert "torchrun -m lrtui.train" in found.value.fix


def test_a_rank_that_ends_before_it_met_the_others_is_named_at_once() -> None:
    store = TCPStore("127.0.0.1", 0, None, True, timedelta(seconds=10), wait_for_workers=False)
    place = Place(0, 2, 0, 2, "127.0.0.1", store.port)
    with pytest.raises(RanksError, match="Rank 1 of 2 has ended before it met the others"):
        meet(place, store, lambda rank: rank == 1)


def test_a_rank_that_ends_while_all_connect_is_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    store = TCPStore("127.0.0.1", 0, None, True, timedelta(seconds=10), wait_for_workers=False)
    place, over, known = Place(0, 2, 0, 2, "127.0.0.1", store.port), Event(), Event()
    told = {"host": "there", **{name: version(name) for name in meeting.SAME}}
    PrefixStore("lrtui/0", store).set("beat/1", "0")
    PrefixStore("lrtui/0", store).set("here/1", json.dumps(told))
    monkeypatch.setattr(meeting.dist, "init_process_group", lambda *_, **__: known.set() or over.wait())
    with pytest.raises(RanksError, match="Rank 1 on there has ended, so no rank can go on"):
        meet(place, store, lambda rank: rank == 1 and known.is_set())
    over.set()


def test_a_rank_whose_starter_is_gone_before_it_met_the_others_ends_without_a_word() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # which takes connections, and says nothing
        told = {"RANK": "1", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1"}
        done = subprocess.run(
            [sys.executable, "-m", "lrtui.core.distributed.rank"],
            env={**os.environ, **told, "MASTER_PORT": str(silent.getsockname()[1])},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS / 2,
        )
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def test_what_is_measured_on_the_whole_table_is_refused(lrtui: Lrtui) -> None:
    err = refused(lrtui("train", "moons", "--lr", "suggested", "--processes", "2"))
    assert "--lr suggested is measured on the whole table" in err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, True),
        ({"batch_size": 0}, False),
        ({"optimizer": "newton"}, False),
        ({"batch_size": 500}, False),
    ],
)
def test_batches_too_small_to_be_shared_are_told(
    capsys: pytest.CaptureFixture[str], given: dict[str, Any], said: bool
) -> None:
    config, two = changed(Config(), **given), cast("Group", SimpleNamespace(world=2))
    tell_meetings(problem_of(load(Source("moons")), config), config, two, quiet=False)
    assert capsys.readouterr().err == (
        "2 processes meet after each batch of 32 rows: one alone is likely faster, or --batch-size 0.\n"
        if said
        else ""
    )


def test_a_rank_that_nobody_started_says_how_to_start_it(home: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("RANK", "WORLD_SIZE")}
    done = subprocess.run(
        [sys.executable, "-m", "lrtui.train", "moons"], env=environment, capture_output=True, text=True
    )
    err = refused((done.returncode, done.stdout, done.stderr))
    assert "torchrun" in err
    assert "lrtui train --processes" in err
