"""``lrtui train``: what scripts read, what people read, and what is said of bad input."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lrtui.core.config import Config, changed, knobs, limits_text
from lrtui.core.errors import StoreError
from lrtui.core.store import Status, Store
from lrtui.datasets.source import Source
from tests.cli.commands import Lrtui, refused

KEYS = {
    "run_id", "status", "dataset", "config", "epochs", "train_loss", "test_loss", "test_accuracy",
    "base_accuracy", "test_balanced_accuracy", "test_auc", "majority_share", "weights", "bias", "seconds",
    "epochs_per_second",
}  # fmt: skip


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
    assert "accuracy           0.300 (always 1: 0.300)" in out
    assert "epoch 200/200" in err
    assert err.count("\n") <= 12


def test_a_number_is_told_as_it_was_typed_and_an_option_that_does_nothing_is_named(lrtui: Lrtui) -> None:
    for typed in ("-1", "1e7", "-0.50"):
        said = refused(lrtui("train", "moons", f"--lr={typed}"))
        assert f"The learning rate cannot be '{typed}'." in said
    _, _, err = lrtui("train", "moons", "--momentum", "0.5", "--epochs", "2")
    assert "--momentum does nothing with optimizer sgd." in err
    assert "does nothing" not in lrtui("train", "moons", "--optimizer", "momentum", "--epochs", "2")[2]
    assert "momentum           0.5 (does nothing with optimizer sgd)" in lrtui("show", "1")[1]


def test_quiet_is_quiet(lrtui: Lrtui) -> None:
    assert lrtui("train", "moons", "--quiet", "--epochs", "5") == (0, "", "")


@pytest.mark.parametrize("name", sorted(knobs().keys() - {"drop_columns"}))  # any text names columns
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
    said = refused(lrtui("train", "moons", "--config", str(tmp_path / "c.toml")))
    assert text.split()[0] in said or "c.toml" in said or "learning rate" in said


def test_a_csv_file(lrtui: Lrtui, tmp_path: Path) -> None:
    rows = "\n".join(f"{i / 2},{i % 5},{'b' if i > 60 else 'a'}" for i in range(100))
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
        (("resume", "9" * 30), "no run 999"),
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
        store.runs.interrupt_orphans(lambda _: False)
        reached = store.runs.get(1).epoch
        assert store.runs.get(1).resumable
    assert 0 < reached < 10_000_000


def test_training_waits_for_the_store_and_goes_on_with_it(store: Store) -> None:
    from lrtui.core.engine.drive import drive
    from lrtui.core.engine.run_session import RunSession

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

    drive(session, Unasked(), show, told.append)
    assert len(told) == 1
    assert len(set(epochs[:3])) == 1
    assert "full" in told[0].what
    assert store.runs.get(run_id).status is Status.FINISHED
    assert sum(chunk.count for chunk in store.losses.read(run_id)) == 3000
