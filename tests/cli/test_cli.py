"""The command line: what scripts read, what people read, and what is said of bad input."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lrtui.core.config import Config, knobs, limits_text
from lrtui.core.engine.owner import new_owner
from lrtui.core.store import Status, Store
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.source import Source
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
    assert found["test_accuracy"] > 0.9


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
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


# --- the other commands ---


def test_datasets_lists_the_catalogue(lrtui: Lrtui) -> None:
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
