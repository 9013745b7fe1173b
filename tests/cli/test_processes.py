"""``lrtui`` as processes: signals, several at once, pipes and locales."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from lrtui.core.engine.owner import new_owner
from lrtui.core.store import Status, Store
from lrtui.core.store.messages import ChangeConfig
from lrtui.tui import cli
from tests.cli.commands import Lrtui, refused, start


def first_epoch_line(process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    assert "epoch" in process.stderr.readline()


@pytest.mark.parametrize(
    ("name", "locale"),
    [
        (b"b\xffad.csv", {"LC_ALL": "C.UTF-8"}),
        ("größe €.csv".encode(), {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
        ("größe €.csv".encode(), {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "latin-1"}),
    ],
)
def test_a_name_that_the_locale_cannot_write_is_trained_on_or_refused(
    home: Path, tmp_path: Path, locale: dict[str, str], name: bytes
) -> None:
    path = os.path.join(os.fsencode(tmp_path), name)
    rows = "\n".join(f"{i},{i % 5},{'b' if i > 60 else 'a'}" for i in range(100))
    with open(path, "w") as file:
        file.write(f"one,two,kind\n{rows}\n")
    done = subprocess.run(
        [sys.executable, "-m", "lrtui.tui", "train", path, "--target", "kind", "--epochs", "2"],
        env={**os.environ, "LRTUI_HOME": str(home), **locale},
        capture_output=True,
    )
    assert b"Traceback" not in done.stderr
    assert b"\xff" not in done.stdout + done.stderr
    if done.returncode == 0:
        assert b"run 1: gr" in done.stdout
        assert name.startswith(b"gr")
    else:
        assert b"is not text in" in refused((done.returncode, "", done.stderr.decode())).encode()
        assert locale["LC_ALL"] == "C" or name.startswith(b"b")


def test_output_that_cannot_be_written_is_a_sentence(home: Path, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as out:
        done = subprocess.run(
            [sys.executable, "-m", "lrtui.tui", "datasets"],
            env={**os.environ, "LRTUI_HOME": str(home)},
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            # As on a full disk, but on every system: no file may grow.
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
        )
    assert done.returncode == 2
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_before_the_commands_are_imported_leaves_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Importing(ModuleType):
        def __getattr__(self, name: str) -> None:
            raise KeyboardInterrupt if name == "main" else AttributeError(name)

    monkeypatch.setattr("lrtui.core.garbage.collect_later", lambda: None)
    monkeypatch.setitem(sys.modules, "lrtui.tui.cli.group", Importing("group"))
    with pytest.raises(SystemExit) as left:
        cli.main(["runs"])
    assert left.value.code == 130


def test_commands_reach_a_run_of_the_command_line_and_ctrl_c_stops_it_cleanly_and_keeps_it(
    home: Path,
) -> None:
    process = start(home, "train", "moons:n=100", "--epochs", "10000000", "--json")
    first_epoch_line(process)
    with Store() as store:
        (run,) = store.runs.live()
        assert run.owner is not None
        number = store.commands.send(run.owner, ChangeConfig(run.id, {"lr": 0.5}))
        while store.runs.get(run.id).heeded < number:
            assert process.poll() is None
            time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in err
    found = json.loads(out)
    assert (found["status"], found["config"]["lr"]) == ("stopped", 0.5)
    assert found["changes"][0]["field"] == "lr"
    assert 0 < found["epochs"] < 10_000_000
    assert found["weights"]


def test_a_terminated_run_is_put_down_and_resumed_to_the_same_weights(home: Path, lrtui: Lrtui) -> None:
    # Cheap epochs, and so small a step that each of them can be told from the one before.
    options = ("example-small-data", "--batch-size", "0", "--lr", "1e-5", "--epochs", "80000")
    process = start(home, "train", *options)
    first_epoch_line(process)
    process.terminate()
    process.communicate()
    with Store() as store:
        run = store.runs.recent(1)[0]
        assert run.status is Status.INTERRUPTED
        assert run.resumable
    resumed = json.loads(lrtui("resume", str(run.id), "--json", "--quiet")[1])
    whole = json.loads(lrtui("train", *options, "--json", "--quiet")[1])
    assert resumed["weights"] == whole["weights"]
    assert resumed["epochs"] == 80_000


def test_two_trainings_at_once_lose_nothing(home: Path, lrtui: Lrtui) -> None:
    other = start(home, "train", "xor", "--epochs", "10000000", "--json")
    first_epoch_line(other)
    mine = json.loads(lrtui("train", "moons", "--epochs", "100", "--json", "--quiet")[1])
    other.send_signal(signal.SIGINT)
    theirs = json.loads(other.communicate()[0])
    assert (mine["dataset"], theirs["dataset"]) == ("moons", "xor")
    with Store() as store:
        for run in (mine, theirs):
            losses = store.losses.read(run["run_id"])
            assert sum(chunk.count for chunk in losses) == run["epochs"] > 0
            snapshots = store.history.snapshots(run["run_id"])
            assert snapshots[0].epoch == 0
            assert snapshots[-1].epoch == run["epochs"]


def test_an_owner_is_alive_until_it_lets_go(home: Path) -> None:
    from lrtui.core.engine.owner import is_alive

    owner = new_owner()
    assert is_alive(owner.token)
    owner.release()
    assert not is_alive(owner.token)
    assert not is_alive("0-never")
