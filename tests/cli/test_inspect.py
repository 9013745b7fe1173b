"""``lrtui inspect``: what stands in a table, for people and for scripts."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from lrtui.datasets.inspection.record import Inspection
from tests.cli.commands import Lrtui, refused
from tests.datasets.inspection.tables import passengers


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "titanic.csv"
    passengers().write_csv(path)
    return str(path)


def test_every_column_stands_in_the_report(
    lrtui: Lrtui, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(Path(table).parent)
    code, out, err = lrtui("inspect", "titanic.csv")
    assert (code, err) == (0, "")
    assert out.startswith("titanic.csv: 400 rows, 8 columns, ")
    for words in (
        "PassengerId  id-like", "left out: like an id", "one-hot, 2 columns", "median and indicator",
        "Likely targets, the likeliest first", "Survived  its name, two values", "Warnings",
        "lrtui train titanic.csv --target Survived",
    ):  # fmt: skip
        assert words in out
    assert all(len(line) <= 100 for line in out.split("\n"))


@pytest.mark.parametrize("columns", [60, 80, 140])
def test_it_keeps_to_the_width_of_the_terminal(
    lrtui: Lrtui, table: str, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.chdir(Path(table).parent)
    _, out, _ = lrtui("inspect", "titanic.csv")
    assert all(len(line) <= columns for line in out.split("\n"))


def test_json_is_one_object_that_has_it_all(lrtui: Lrtui, table: str) -> None:
    code, out, _ = lrtui("inspect", table, "--json")
    assert code == 0
    found = Inspection.from_dict(json.loads(out))
    assert (found.rows, found.best) == (400, "Survived")
    assert len(found.columns) == 8


def test_another_target_and_another_way_to_read(lrtui: Lrtui, tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    path.write_text("x;y;z\n" + "".join(f"{i};{i % 3};{i % 2}\n" for i in range(60)))
    _, out, _ = lrtui(
        "inspect", str(path), "--format", "csv", "--separator", ";", "--target", "y", "--json"
    )
    found = json.loads(out)
    assert found["target"] == "y"
    assert [value for value, _ in found["classes"]] == ["0", "1", "2"]
    _, out, _ = lrtui("inspect", str(path), "--format", "csv", "--target", "y")
    assert out.endswith("data.txt --target y --format csv --multiclass\n")


@pytest.mark.parametrize("options", [("--skip-rows", "2"), ("--header", "3"), ("--comment", "!")])
def test_what_stands_above_a_table_may_be_said_to_every_command(
    lrtui: Lrtui, tmp_path: Path, options: tuple[str, str]
) -> None:
    path = tmp_path / "data.csv"
    path.write_text("!a,b\n!c,d\nx,y\n" + "".join(f"{i}.5,{i % 2}\n" for i in range(60)))
    _, out, _ = lrtui("inspect", str(path), *options)
    command = shlex.split(out.rstrip().split("\n")[-1])
    assert command[2:] == [str(path), *options, "--target", "y"]
    code, out, _ = lrtui("train", *command[2:], "--epochs", "2", "--json", "--quiet")
    assert (code, json.loads(out)["class_names"]) == (0, ["0", "1"])
    assert lrtui("sweep", *command[2:], "--lr", "0.1,0.2", "--epochs", "2", "--json")[0] == 0


@pytest.mark.parametrize("name", ["moons", "-dash.csv", "we ird.csv"])
def test_the_command_to_go_on_with_can_be_run_as_it_stands(
    lrtui: Lrtui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text("x;y\n" + "".join(f"{i}.5;{i % 2}\n" for i in range(60)))
    typed = "./moons" if name == "moons" else name
    _, out, _ = lrtui("inspect", "--separator", ";", "--", typed)
    command = shlex.split(out.rstrip().split("\n")[-1])
    assert command[:2] == ["lrtui", "train"]
    assert {"--separator", ";", "--target", "y"} <= set(command)
    assert lrtui("train", "--epochs", "2", *command[2:])[0] == 0


def test_parquet_and_a_table_that_scikit_learn_brings(lrtui: Lrtui, tmp_path: Path) -> None:
    passengers().write_parquet(tmp_path / "t.parquet")
    assert json.loads(lrtui("inspect", str(tmp_path / "t.parquet"), "--json")[1])["rows"] == 400
    found = json.loads(lrtui("inspect", "sklearn:iris", "--json")[1])
    assert (found["rows"], found["size"]) == (150, 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nope.csv",), "no file 'nope.csv'"),
        (("moons",), "'moons' is of the catalogue"),
        (("TABLE", "--target", "Survved"), "no column called 'Survved'"),
        ((), "Missing argument 'FILE'"),
    ],
)
def test_bad_input_is_two_sentences(
    lrtui: Lrtui, table: str, arguments: tuple[str, ...], words: str
) -> None:
    given = [table if argument == "TABLE" else argument for argument in arguments]
    assert words in refused(lrtui("inspect", *given))


def test_names_are_shown_harmless_and_in_ascii_where_it_must_be(
    lrtui: Lrtui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "names.csv"
    pl.DataFrame({"\x1b[31mred": range(20), "価格": range(20), "y": [0, 1] * 10}).write_csv(path)
    _, out, _ = lrtui("inspect", str(path))
    assert "\x1b" not in out
    assert "\\x1b[31mred" in out
    assert "価格" in out
    monkeypatch.setenv("LC_ALL", "C")
    assert lrtui("inspect", str(path))[1].isascii()


def test_a_table_without_a_target_says_the_likeliest_when_it_is_trained(lrtui: Lrtui, table: str) -> None:
    assert "The likeliest" in (said := refused(lrtui("train", table)))
    assert "'Survived'" in said


def test_standard_input_is_a_table_too(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lrtui.tui", "inspect", "-", "--json"],
        input=passengers().write_csv().encode(),
        env={**os.environ, "LRTUI_HOME": str(home)},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["candidates"][0]["column"] == "Survived"


def test_it_imports_neither_torch_nor_textual(table: str, home: Path) -> None:
    code = (
        "import sys\nfrom lrtui.tui.cli import main\n"
        f"try:\n    main(['inspect', {table!r}])\nexcept SystemExit as end:\n    assert not end.code\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "LRTUI_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"torch", "textual", "sklearn"} & set(done.stderr.split())
    assert not home.exists()
