"""Which column is taken for the target, and why."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from lrtui.datasets.inspection.candidates import candidates, name_words
from lrtui.datasets.inspection.record import Facts
from tests.datasets.inspection.tables import looked_at, passengers


def numbers(name: str, distinct: int = 300) -> Facts:
    return Facts(name, "number", 0, distinct, levels=(("1", 2),))


def test_the_survival_of_passengers_comes_first(tmp_path: Path) -> None:
    found = looked_at(tmp_path, passengers())
    assert found.best == "Survived"
    assert found.candidates[0].reasons == ("its name", "two values")
    assert found.candidates[1].column == "Sex"
    assert "Name" not in {candidate.column for candidate in found.candidates}


def test_a_last_column_of_a_few_words_is_a_target_of_several_classes(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"petal": [i / 7 for i in range(90)], "species": ["setosa", "virginica", "versicolor"] * 30}
    )
    found = looked_at(tmp_path, frame)
    assert found.best == "species"
    assert "3 values" in found.candidates[0].reasons
    assert "the last column" in found.candidates[0].reasons


@pytest.mark.parametrize(
    "name",
    [
        "target",
        "Label",
        "class",
        "is_fraud",
        "Churn",
        "y",
        "Outcome",
        "defaulted",
        "risk",
        "Disease",
        "vote",
    ],
)
def test_names_of_targets_are_known(name: str) -> None:
    other = Facts("other", "flag", 0, 2)
    ranked = candidates([other, Facts(name, "flag", 0, 2), numbers("z")], rows=500)
    assert ranked[0].column == name
    assert ranked[0].reasons[0] == "its name"


@pytest.mark.parametrize("name", ["status", "category", "quality", "result", "left", "income"])
def test_such_a_word_says_nothing_of_an_amount(name: str) -> None:
    found = candidates([numbers(name), Facts("sex", "flag", 0, 2), numbers("z")], rows=500)
    assert found[0].column == "sex"
    assert name not in {one.column for one in found}


@pytest.mark.parametrize("name", ["status", "category", "quality", "result", "left", "income"])
def test_words_that_may_be_anything_come_after_a_last_column_of_two_values(name: str) -> None:
    columns = [Facts(name, "category", 0, 4), numbers("amount"), Facts("credit_ok", "flag", 0, 2)]
    assert [one.column for one in candidates(columns, rows=500)][:2] == ["credit_ok", name]


@pytest.mark.parametrize(
    ("target", "others"),
    [
        ("credit_risk", ["status", "purpose"]),
        ("default payment next month", ["sex", "marriage"]),
        ("loan_status", ["gender", "married"]),
        ("DEATH_EVENT", ["diabetes", "smoking"]),
        ("stroke", ["heart_disease", "hypertension"]),
        ("cardio", ["smoke", "active"]),
        ("smoker", ["health_status", "married"]),
        ("repaid", ["employment_status"]),
    ],
)
def test_the_last_of_columns_of_two_values_is_the_target(target: str, others: list[str]) -> None:
    flags = [Facts(name, "flag", 0, 2) for name in [*others, target]]
    for columns in ([numbers("age"), *flags], [*flags[:1], numbers("age"), *flags[1:]]):
        assert candidates(columns, rows=500)[0].column == target


def test_what_the_file_calls_the_target_wins() -> None:
    ranked = candidates(
        [Facts("target", "flag", 0, 2), numbers("a"), Facts("b", "flag", 0, 2)], rows=9, told="b"
    )
    assert ranked[0].column == "b"
    assert ranked[0].reasons[0] == "the file calls it the target"


def test_a_column_with_gaps_comes_after_one_without() -> None:
    ranked = candidates([Facts("a", "flag", 3, 2), Facts("b", "flag", 0, 2), numbers("c")], rows=500)
    assert [candidate.column for candidate in ranked][:2] == ["b", "a"]
    assert "but 3 cells missing" in ranked[1].reasons


def test_numbers_names_dates_and_constants_are_no_candidates_or_the_last() -> None:
    columns = [
        Facts("day", "date", 0, 30),
        Facts("one", "constant", 0, 1),
        Facts("name", "text", 0, 500),
        numbers("price"),
        Facts("flag", "flag", 0, 2),
        numbers("amount"),
    ]
    ranked = candidates(columns, rows=500)
    assert [candidate.column for candidate in ranked] == ["flag", "amount"]
    assert "cut into classes" in ranked[1].reasons[0]
    assert [candidate.ready for candidate in ranked] == [True, False]


def test_a_table_without_any_has_none() -> None:
    assert candidates([Facts("name", "text", 0, 500)], rows=500) == ()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("LoanStatus", ["loan", "status"]),
        ("is_churn", ["is", "churn"]),
        ("y", ["y"]),
        ("Größe", ["gr", "e"]),
    ],
)
def test_names_are_taken_apart(name: str, words: list[str]) -> None:
    assert name_words(name) == words
