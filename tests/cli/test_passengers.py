"""A passenger list with words and holes, from the file to a trained model and its letter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands import Lrtui, refused
from tests.datasets.passengers import passengers

QUIET = ("--epochs", "60", "--json", "--quiet")


@pytest.fixture
def titanic(tmp_path: Path) -> str:
    path = tmp_path / "titanic.csv"
    passengers().write_csv(path)
    return str(path)


def test_a_passenger_list_is_trained_on_without_a_word_about_its_columns(
    lrtui: Lrtui, titanic: str
) -> None:
    code, out, _ = lrtui("train", titanic, "--target", "Survived", *QUIET)
    found = json.loads(out)
    assert code == 0
    assert found["test_accuracy"] > 0.68  # of the larger class there are 59 %
    assert {"Sex=female", "Sex=male", "Age", "Age missing", "Cabin=missing"} <= found["weights"].keys()
    assert not {name for name in found["weights"] if name.startswith(("Name", "Ticket", "PassengerId"))}
    assert found["weights"]["Sex=female"] > 0 > found["weights"]["Sex=male"]


@pytest.mark.parametrize("command", ["train", "diagnose", "sweep"])
def test_what_became_of_the_table_is_said_once_and_not_to_scripts(
    lrtui: Lrtui, titanic: str, command: str
) -> None:
    found = lrtui(command, titanic, "--target", "Survived", "--epochs", "5")[2]
    assert found.count("cells missing; left out 'PassengerId', 'Name', 'Ticket'") == 1
    if command != "sweep":  # which has no --quiet
        assert "left out" not in lrtui(command, titanic, "--target", "Survived", *QUIET)[2]


def test_the_doctor_finds_nothing_wrong_with_it(lrtui: Lrtui, titanic: str) -> None:
    code, out, _ = lrtui("diagnose", titanic, "--target", "Survived", "--json")
    assert (code, json.loads(out)["status"]) == (0, "healthy")


def test_only_the_columns_that_were_named_are_learned_from(lrtui: Lrtui, titanic: str) -> None:
    options = ("--target", "Survived", "--columns", "Sex,Age", "--missing", "median")
    found = json.loads(lrtui("train", titanic, *options, *QUIET)[1])
    assert found["weights"].keys() == {"Sex=female", "Sex=male", "Age"}


@pytest.mark.parametrize(
    "option", [("--group", "Embarked"), ("--time", "PassengerId"), ("--weights", "Fare")]
)
def test_columns_may_divide_or_weigh_the_rows(
    lrtui: Lrtui, tmp_path: Path, option: tuple[str, str]
) -> None:
    passengers().filter(passengers()["Embarked"].is_not_null()).write_csv(tmp_path / "t.csv")
    code, out, _ = lrtui("train", str(tmp_path / "t.csv"), "--target", "Survived", *option, *QUIET)
    assert code == 0
    assert not {name for name in json.loads(out)["weights"] if name.startswith(option[1])}


def test_no_columns_at_all_are_refused(lrtui: Lrtui, titanic: str) -> None:
    train = ("train", titanic, "--target", "Survived")
    assert "--columns names no column." in refused(lrtui(*train, "--columns", ""))


def test_an_odd_word_among_numbers_is_named_before_and_while_it_is_learned_from(
    lrtui: Lrtui, tmp_path: Path
) -> None:
    rows = "".join(f"{'oops' if i == 7 else i * 1.37},{i % 2}\n" for i in range(120))
    (tmp_path / "odd.csv").write_text(f"mixed,y\n{rows}")
    said = "'mixed' holds the text 'oops' in row 8"
    assert said in " ".join(lrtui("inspect", str(tmp_path / "odd.csv"))[1].split())
    assert said in lrtui("train", str(tmp_path / "odd.csv"), "--target", "y", "--epochs", "2")[2]


def test_what_a_column_cannot_be_is_two_sentences(lrtui: Lrtui, titanic: str) -> None:
    train = ("train", titanic, "--target", "Survived")
    assert "says nothing in row 62, and is given as --group" in refused(
        lrtui(*train, "--group", "Embarked")
    )
    assert "cannot weigh rows" in refused(lrtui(*train, "--weights", "Sex"))
    assert "neither dates nor numbers" in refused(lrtui(*train, "--time", "Name"))
    assert "The likeliest are 'Survived'" in refused(lrtui("train", titanic))
