"""The command line: what scripts read, what people read, and what is said of bad input."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lrtui.core.config import Config, changed, knobs, limits_text
from lrtui.core.engine.owner import new_owner
from lrtui.core.errors import StoreError
from lrtui.core.store import Status, Store
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.source import Source
from lrtui.tui.cli.group import COMMANDS
from tests.cli.commands import Lrtui, refused, start

KEYS = {
    "run_id", "status", "dataset", "config", "epochs", "train_loss", "test_loss", "test_accuracy",
    "base_accuracy", "test_balanced_accuracy", "test_auc", "majority_share", "weights", "bias", "seconds",
    "epochs_per_second",
}  # fmt: skip


# --- train ---


def test_train_prints_one_json_object(lrtui: Lrtui) -> None:
    code, out, _ = lrtui("train", "breast-cancer", "--json", "--quiet", "--epochs", "30")
    found: dict[str, Any] = json.loads(out)
    assert code == 0
    assert found.keys() >= KEYS
    assert found["status"] == "finished"
    assert found["dataset"] == "breast-cancer"
    assert found["epochs"] == 30
    assert Config.model_validate(found["config"]).epochs == 30
    assert len(found["weights"]) == 30
    assert found["weights"].keys() >= {"mean radius", "worst area"}
    assert found["test_accuracy"] > 0.9 > found["base_accuracy"]
    assert found["epochs_per_second"] == pytest.approx(30 / found["seconds"])


def test_one_seed_gives_one_result(lrtui: Lrtui) -> None:
    runs = [json.loads(lrtui("train", "moons", "--json", "--quiet")[1]) for _ in range(2)]
    assert runs[0]["weights"] == runs[1]["weights"]
    assert runs[0]["run_id"] != runs[1]["run_id"]


def test_numbers_that_are_not_finite_are_null(lrtui: Lrtui, tmp_path: Path) -> None:
    rows = "\n".join(f"{i}e36,{-i}e36,{i % 2}" for i in range(40))
    (tmp_path / "huge.csv").write_text(f"a,b,y\n{rows}\n")
    options = ("--target", "y", "--scaling", "none", "--lr", "1e6", "--json", "--quiet")
    code, out, _ = lrtui("train", str(tmp_path / "huge.csv"), *options)
    assert code == 0
    found = json.loads(out, parse_constant=pytest.fail)
    assert found["diverged_at"] is not None
    assert found["train_loss"] is None


def test_a_person_reads_a_short_summary(lrtui: Lrtui) -> None:
    code, out, err = lrtui("train", "example-scaling", "--scaling", "none", "--lr", "0.01")
    assert code == 0
    assert "every test row is predicted 1" in out
    assert "always the base rate's class" in out
    assert "epoch 200/200" in err
    assert err.count("\n") <= 12


def test_quiet_is_quiet(lrtui: Lrtui) -> None:
    assert lrtui("train", "moons", "--quiet", "--epochs", "5") == (0, "", "")


@pytest.mark.parametrize("name", knobs())
def test_every_hyperparameter_has_an_option_with_its_limits(lrtui: Lrtui, name: str) -> None:
    flag = f"--{name.replace('_', '-')}"
    said = refused(lrtui("train", "moons", f"{flag}=bogus"))
    assert knobs()[name].label in said
    assert limits_text(name) in said
    code, out, _ = lrtui("train", "-h")
    assert code == 0
    assert flag in out


def test_booleans_have_both_ways(lrtui: Lrtui) -> None:
    for option, expected in (("--no-shuffle", False), ("--shuffle", True), ("--shuffle=no", False)):
        _, out, _ = lrtui("train", "moons", "--epochs", "1", "--json", "--quiet", option)
        assert json.loads(out)["config"]["shuffle"] is expected


def test_options_win_over_the_config_file(lrtui: Lrtui, tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text('lr = 0.5\nepochs = 7\nbatch-size = 0\ninit-bias = "log-odds"\n')
    options = ("--config", str(path), "--lr", "0.25", "--json", "--quiet")
    config = json.loads(lrtui("train", "moons", *options)[1])["config"]
    assert (config["lr"], config["epochs"], config["batch_size"]) == (0.25, 7, 0)
    assert config["init_bias"] == "log-odds"


@pytest.mark.parametrize("text", ["speed = 1", "lr = ", 'lr = "fast"'])
def test_a_bad_config_file_is_refused(lrtui: Lrtui, tmp_path: Path, text: str) -> None:
    (tmp_path / "c.toml").write_text(text)
    refused(lrtui("train", "moons", "--config", str(tmp_path / "c.toml")))


def test_a_csv_file(lrtui: Lrtui, tmp_path: Path) -> None:
    rows = "\n".join(f"{i},{i % 5},{'b' if i > 60 else 'a'}" for i in range(100))
    (tmp_path / "x.csv").write_text(f"one,two,kind\n{rows}\n")
    options = ("--target", "kind", "--json", "--quiet")
    found = json.loads(lrtui("train", str(tmp_path / "x.csv"), *options)[1])
    assert found["weights"].keys() == {"one", "two"}
    assert found["target"] == "kind"
    assert found["class_names"] == ["a", "b"]
    assert found["test_accuracy"] > 0.9


def test_a_person_learns_which_value_of_a_file_counts_as_one(lrtui: Lrtui, tmp_path: Path) -> None:
    yes = "y\x1b[31mes"
    rows = "\n".join(f"{i},{i % 5},{'no' if i > 60 else yes}" for i in range(100))
    (tmp_path / "x.csv").write_text(f"one,two,kind\n{rows}\n")
    _, out, _ = lrtui("train", str(tmp_path / "x.csv"), "--target", "kind", "--epochs", "2")
    assert "\n  positive class     no\n" in out
    _, out, _ = lrtui("show", "last")
    assert "\n  positive class     no\n" in out
    options = ("--target", "kind", "--positive", yes, "--epochs", "2")
    _, out, _ = lrtui("train", str(tmp_path / "x.csv"), *options)
    assert "\n  positive class     y\\x1b[31mes" in out
    assert "positive class" not in lrtui("train", "moons", "--epochs", "2")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("train", ""), "No dataset was named"),
        (("train", "brest-cancer"), "breast-cancer"),
        (("train", "none.csv"), "no file"),
        (("train", "moons:n=1"), "from 20"),
        (("train",), "Missing argument"),
        (("train", "moons", "--speed", "3"), "--speed"),
        (("train", "moons", "--device", "cuda"), "no GPU"),
        (("train", "moons", "--test-size", "0.5", "--target", "y"), "its own target"),
        (("show", "12"), "no run 12"),
        (("show", "-1"), "-1"),
        (("show", "first"), "by its number"),
        (("show", "last"), "No run is stored yet"),
        (("resume", "3"), "no run 3"),
        (("runs", "--limit", "0"), "--limit"),
        (("datasets", "moons"), "moons"),
    ],
)
def test_bad_input_is_two_sentences_and_exit_code_two(
    lrtui: Lrtui, arguments: tuple[str, ...], said: str
) -> None:
    assert said in refused(lrtui(*arguments))


def test_a_dataset_that_cannot_be_had_leaves_no_run_behind(
    lrtui: Lrtui, tmp_path: Path, store: Store
) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    refused(lrtui("train", str(tmp_path / "x.csv"), "--target", "b"))
    assert store.runs.recent() == []


def test_a_store_that_cannot_be_used_is_a_sentence(
    lrtui: Lrtui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LRTUI_HOME", str(tmp_path / "file"))
    assert "LRTUI_HOME" in refused(lrtui("runs"))


@pytest.mark.parametrize("command", ["runs", "show", "resume", "train"])
def test_a_store_that_was_set_aside_is_said_once_and_scripts_read_on(
    lrtui: Lrtui, home: Path, command: str
) -> None:
    home.mkdir()
    (home / "lrtui.db").write_bytes(b"not a database " * 100)
    arguments = {
        "train": ("moons", "--quiet", "--json"),
        "runs": ("--json",),
        "show": ("1",),
        "resume": ("1",),
    }
    _, out, err = lrtui(command, *arguments[command])
    assert err.startswith("lrtui: The store was corrupt")
    assert "was set aside as" in err
    assert "set aside" not in out
    assert "set aside" not in lrtui(command, *arguments[command])[2]


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """``lrtui train`` finds a store that fills up while it trains."""

    @contextmanager
    def nearly_full() -> Iterator[Store]:
        with Store() as store:
            pages = store.execute("PRAGMA page_count").fetchone()[0]
            store.execute(f"PRAGMA max_page_count = {pages + 60}")
            yield store

    monkeypatch.setattr("lrtui.tui.cli.train.open_store", nearly_full)


@pytest.mark.usefixtures("full")
def test_a_full_disk_is_said_at_once_and_in_the_end_what_to_do(
    lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrtui.core.engine.drive.PATIENCE", 0.0)
    code, out, err = lrtui("train", "breast-cancer", "--batch-size", "0", "--epochs", "10000000", "--quiet")
    assert (code, out) == (2, "")
    waits, ends = re.findall(r"lrtui: (.*)\n +(.*)\n", err)
    assert waits[0].endswith("is full. Training waits for it.")
    assert ends[0].endswith("is full, so run 1 ends here.")
    assert ends[1] == "Free some space; then lrtui resume 1 takes the run up."
    with Store() as store:
        reached = store.runs.get(1).epoch
        assert store.runs.get(1).resumable
    assert 0 < reached < 10_000_000


def test_training_waits_for_the_store_and_goes_on_with_it(store: Store) -> None:
    from lrtui.core.engine.drive import drive
    from lrtui.core.engine.session import RunSession

    class Unasked:
        stop = put_down = False

    config = changed(Config(), epochs=3000, batch_size=0)
    run_id = store.runs.create(Source("moons"), config, origin="test", owner="me")
    session = RunSession(store, run_id, "me")
    session.open()
    store.execute("PRAGMA max_page_count = 1")
    told: list[StoreError] = []
    epochs = []

    def show(_: RunSession) -> None:
        if told:
            epochs.append(session.trainer.epoch)
        if len(epochs) == 3:
            store.execute("PRAGMA max_page_count = 1000000")

    drive(store, session, Unasked(), show, told.append)
    assert len(told) == 1
    assert len(set(epochs[:3])) == 1
    assert "full" in told[0].what
    assert store.runs.get(run_id).status is Status.FINISHED
    assert sum(chunk.count for chunk in store.losses.read(run_id)) == 3000


# --- the other commands ---


def test_datasets_lists_the_catalogue(lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    code, out, _ = lrtui("datasets", "--json")
    assert code == 0
    assert [entry["name"] for entry in json.loads(out)] == list(CATALOGUE)
    _, out, _ = lrtui("datasets")
    for entry in CATALOGUE.values():
        assert entry.name in out
        assert entry.shows in out


def test_runs_come_newest_first_and_show_gives_what_train_gave(lrtui: Lrtui) -> None:
    first = json.loads(lrtui("train", "moons", "--json", "--quiet", "--epochs", "3")[1])
    second = json.loads(lrtui("train", "xor", "--json", "--quiet", "--epochs", "3")[1])
    rows = json.loads(lrtui("runs", "--json")[1])
    assert [row["run_id"] for row in rows] == [second["run_id"], first["run_id"]]
    assert rows[0].keys() == {
        "run_id", "dataset", "status", "epochs", "train_loss", "test_loss", "test_accuracy", "started",
        "seconds", "epochs_per_second",
    }  # fmt: skip
    assert json.loads(lrtui("show", str(first["run_id"]), "--json")[1]) == first
    assert json.loads(lrtui("show", "last", "--json")[1]) == second
    _, out, _ = lrtui("show", "last")
    assert "learning rate" in out
    assert "weights on scaled features" in out
    _, out, _ = lrtui("runs")
    assert "xor" in out


def test_the_runs_fit_the_terminal(lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch) -> None:
    lrtui("train", "two-gaussians:n=1000,noise=0.5,seed=123", "--quiet", "--epochs", "2")
    titles = {}
    for columns in (120, 95, 80, 60, 40):
        monkeypatch.setenv("COLUMNS", str(columns))
        head, row = lrtui("runs")[1].splitlines()
        titles[columns] = head.split()
        assert max(len(head), len(row)) <= columns
        assert "two-gaussians" in row
        assert "finished" in row
    assert titles[120] == titles[95]
    assert titles[80] == ["run", "dataset", "status", "epochs", "train", "test", "acc", "time"]
    assert titles[40] == ["run", "dataset", "status"]
    monkeypatch.delenv("COLUMNS")
    assert lrtui("runs")[1].split("\n")[0].split() == titles[120]


def test_descriptions_are_wrapped_under_themselves(lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch) -> None:
    for columns in (100, 80, 40):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = lrtui("datasets")[1].splitlines()
        assert max(map(len, lines)) <= columns
        words = " ".join(" ".join(lines).split())
        assert all(entry.shows in words for entry in CATALOGUE.values())
        entries = [line for line in lines[1 : lines.index("")] if not line.startswith(" ")]
        assert [line.split()[0] for line in entries] == list(CATALOGUE)


def test_no_run_yet_is_said(lrtui: Lrtui) -> None:
    assert "No run is stored yet" in lrtui("runs")[1]
    assert lrtui("runs", "--json")[1].strip() == "[]"


def test_a_run_whose_process_died_is_shown_as_interrupted(lrtui: Lrtui, store: Store) -> None:
    store.runs.create(Source("moons"), Config(), origin="test", owner="0-dead")
    assert json.loads(lrtui("runs", "--json")[1])[0]["status"] == "interrupted"


@pytest.mark.parametrize("command", [(), ("train",), ("datasets",), ("runs",), ("show",), ("resume",)])
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_is_everywhere_with_examples(lrtui: Lrtui, command: tuple[str, ...], flag: str) -> None:
    code, out, _ = lrtui(*command, flag)
    assert code == 0
    assert "Example" in out


def test_the_help_cuts_no_command_short(lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = lrtui("-h")
    lines = out[out.index("Commands:") :].split("\n\n")[0].splitlines()[1:]
    assert [line.split()[0] for line in lines] == list(COMMANDS)
    assert all(line.endswith(".") and not line.endswith("..") for line in lines)


def test_the_version(lrtui: Lrtui) -> None:
    code, out, _ = lrtui("--version")
    assert code == 0
    assert out.startswith("lrtui 0.")


def test_without_a_terminal_the_dashboard_points_to_train(lrtui: Lrtui) -> None:
    assert "lrtui train" in refused(lrtui())
    assert "lrtui train" in refused(lrtui("moons", "--start"))


# --- processes ---


def first_epoch_line(process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    assert "epoch" in process.stderr.readline()


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C.UTF-8"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "latin-1"},
    ],
)
@pytest.mark.parametrize("name", [b"b\xffad.csv", "größe €.csv".encode()])
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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_output_that_cannot_be_written_is_a_sentence(home: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "lrtui.tui", "datasets"],
            env={**os.environ, "LRTUI_HOME": str(home)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 2
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_stops_cleanly_and_keeps_the_run(home: Path) -> None:
    process = start(home, "train", "breast-cancer", "--epochs", "10000000", "--json")
    first_epoch_line(process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in err
    found = json.loads(out)
    assert found["status"] == "stopped"
    assert 0 < found["epochs"] < 10_000_000
    assert found["weights"]


def test_a_terminated_run_is_put_down_and_resumed_to_the_same_weights(home: Path) -> None:
    options = ("moons", "--batch-size", "0", "--epochs", "20000", "--optimizer", "adam")
    process = start(home, "train", *options)
    first_epoch_line(process)
    process.terminate()
    process.communicate()
    with Store() as store:
        run = store.runs.recent(1)[0]
        assert run.status is Status.INTERRUPTED
        assert run.resumable
    resumed, _ = start(home, "resume", str(run.id), "--json", "--quiet").communicate()
    whole, _ = start(home, "train", *options, "--json", "--quiet").communicate()
    assert json.loads(resumed)["weights"] == json.loads(whole)["weights"]
    assert json.loads(resumed)["epochs"] == 20000


def test_two_trainings_at_once_lose_nothing(home: Path) -> None:
    both = [start(home, "train", name, "--json", "--quiet") for name in ("moons", "breast-cancer")]
    found = [json.loads(process.communicate()[0]) for process in both]
    assert {run["dataset"] for run in found} == {"moons", "breast-cancer"}
    with Store() as store:
        for run in found:
            losses = store.losses.read(run["run_id"])
            assert sum(chunk.count for chunk in losses) == 200
            snapshots = store.history.snapshots(run["run_id"])
            assert snapshots[0].epoch == 0
            assert snapshots[-1].epoch == 200


def test_commands_reach_a_run_of_the_command_line(home: Path) -> None:
    process = start(home, "train", "moons", "--epochs", "10000000", "--json")
    first_epoch_line(process)
    with Store() as store:
        (run,) = store.runs.live()
        assert run.owner is not None
        store.commands.send(run.owner, "change", run.id, lr=0.5)
        store.commands.send(run.owner, "stop", run.id)
    out, _ = process.communicate()
    found = json.loads(out)
    assert (found["status"], found["config"]["lr"]) == ("stopped", 0.5)
    assert found["changes"][0]["field"] == "lr"


def test_a_reader_that_has_seen_enough_is_no_error(home: Path) -> None:
    command = f"{sys.executable} -m lrtui.tui datasets | head -1"
    done = subprocess.run(
        ["bash", "-c", command], env={**os.environ, "LRTUI_HOME": str(home)}, capture_output=True, text=True
    )
    assert done.stderr == ""


def test_an_owner_is_alive_until_it_lets_go(home: Path) -> None:
    from lrtui.core.engine.owner import is_alive

    owner = new_owner()
    assert is_alive(owner.token)
    owner.release()
    assert not is_alive(owner.token)
    assert not is_alive("0-never")
