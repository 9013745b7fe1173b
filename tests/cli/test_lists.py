"""``lrtui datasets``, ``runs`` and ``show``, the help, and the refusals of the dashboard."""

from __future__ import annotations

import json
import math
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from lrtui.core.config import Config
from lrtui.core.store import Run, Status, Store
from lrtui.core.store.records import WATCHED
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.source import Source
from lrtui.tui.cli.front import COMMANDS
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.run_cells import run_cells
from tests.cli.commands import Lrtui, refused


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
        "run_id", "name", "note", "tags", "dataset", "status", "health", "epochs", "train_loss",
        "test_loss", "test_accuracy", "test_balanced_accuracy", "test_auc", "config", "started", "seconds",
        "epochs_per_second",
    }  # fmt: skip
    assert rows[0]["health"] is None  # nobody has asked the doctor
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
    for columns in (120, 107, 80, 60, 40):
        monkeypatch.setenv("COLUMNS", str(columns))
        head, row = lrtui("runs")[1].splitlines()
        titles[columns] = head.split()
        assert max(len(head), len(row)) <= columns
        assert "two-gaussians" in row
        assert "finished" in row
    assert titles[120] == [
        "run", "dataset", "status", "doctor", "epochs", "train", "test", "acc", "started", "time",
    ]  # fmt: skip
    assert titles[80] == ["run", "dataset", "status", "doctor", "epochs", "test", "acc", "started"]
    assert titles[40] == ["run", "dataset", "status", "doctor"]
    assert row.split() == ["1", "two-gaussians…", "finished"]  # no word of a name is cut
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


def test_a_run_is_trained_again_by_its_line_and_by_its_file(lrtui: Lrtui, tmp_path: Path) -> None:
    data = tmp_path / "it's.csv"
    data.write_text("a b,y\n" + "".join(f"{n % 7},{n % 2}\n" for n in range(60)))
    options = ("--target", "y", "--lr", "0.3", "--epochs", "6", "--no-shuffle", "--init-bias", "log-odds")
    first = json.loads(lrtui("train", str(data), *options, "--json", "--quiet")[1])
    line = next(line for line in lrtui("show", "1")[1].splitlines() if "lrtui train" in line)
    words = shlex.split(line[line.index("lrtui train") :])
    assert words[1:] == shlex.split(json.loads(lrtui("show", "1", "--json")[1])["command"])[1:]
    again = json.loads(lrtui(*words[1:], "--json", "--quiet")[1])
    (tmp_path / "run.toml").write_text(lrtui("show", "1", "--config")[1])
    by_file = ("--target", "y", "--config", str(tmp_path / "run.toml"), "--json", "--quiet")
    third = json.loads(lrtui("train", str(data), *by_file)[1])
    assert again["weights"] == third["weights"] == first["weights"]
    assert again["config"] == third["config"] == first["config"]
    assert "--config and --json" in refused(lrtui("show", "1", "--config", "--json"))


def test_a_test_loss_that_a_script_does_not_have_is_no_number_that_went_wrong() -> None:
    run = Run(1, Source("moons"), Config(), Status.FINISHED, measured={"test_loss": math.nan})
    assert run_cells(run, None, Glyphs())["test"] == "nan"
    assert run_cells(replace(run, origin=WATCHED), None, Glyphs())["test"] == "–"
