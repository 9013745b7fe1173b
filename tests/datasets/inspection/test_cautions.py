"""What a table is warned of, and what not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from lrtui.datasets.inspection.record import Caution, Inspection
from lrtui.datasets.inspection.separation import auc, auc_of_levels, auc_of_numbers
from tests.datasets.inspection.tables import looked_at, passengers


def told(found: Inspection, kind: str) -> list[Caution]:
    return [caution for caution in found.warnings if caution.kind == kind]


def test_a_healthy_table_is_warned_of_its_identifier_alone(tmp_path: Path) -> None:
    found = looked_at(tmp_path, passengers())
    assert [(caution.kind, caution.column) for caution in found.warnings] == [("id-like", "PassengerId")]


def test_a_column_that_gives_the_answer_away_is_a_suspect(tmp_path: Path) -> None:
    frame = passengers()
    noise = np.random.default_rng(0).uniform(0, 0.9, 400)
    frame = frame.with_columns(
        pl.Series("boat", frame["Survived"].to_numpy() + noise),
        pl.when(pl.col("Survived") == 1).then(pl.lit("alive")).otherwise(pl.lit("dead")).alias("alive"),
        pl.when(pl.col("Survived") == 1).then(pl.col("Fare")).alias("refund"),  # missing where not
    )
    leaks = {
        caution.column: caution.text for caution in told(looked_at(tmp_path, frame, "Survived"), "leak")
    }
    assert leaks.keys() == {"boat", "alive", "refund"}
    assert "in other words" in leaks["alive"]
    assert "AUC" in leaks["boat"]


def test_names_of_rows_are_no_suspects_though_they_would_separate_anything(tmp_path: Path) -> None:
    frame = passengers().with_columns(pl.Series("code", [f"c{i % 150}" for i in range(400)]))
    assert told(looked_at(tmp_path, frame), "leak") == []


def test_of_several_classes_a_column_must_tell_all(tmp_path: Path) -> None:
    kind = [i % 3 for i in range(150)]
    frame = pl.DataFrame(
        {"one": [float(k == 0) + i % 7 / 10 for i, k in enumerate(kind)], "kind": [f"k{k}" for k in kind]}
    )
    assert told(looked_at(tmp_path, frame, "kind"), "leak") == []


def test_rare_classes_repeated_rows_and_columns_and_empty_ones(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "x": [float(i % 40) for i in range(400)],
            "same": [float(i % 40) for i in range(400)],
            "empty": [1 if i == 0 else None for i in range(400)],
            "fixed": ["a"] * 400,
            "mixed": ["many" if i % 3 == 0 else str(i % 5) for i in range(400)],
            "y": [int(i % 50 == 0) for i in range(400)],
        }
    )
    found = looked_at(tmp_path, frame, "y")
    assert "8 of 400 rows" in told(found, "imbalance")[0].text
    assert "rows repeat another" in told(found, "duplicate rows")[0].text
    assert told(found, "duplicate columns")[0].column == "same"
    assert told(found, "missing")[0].column == "empty"
    assert told(found, "constant")[0].column == "fixed"
    assert "'many'" in told(found, "mixed")[0].text


def test_many_columns_of_one_trouble_are_told_in_one_sentence(tmp_path: Path) -> None:
    frame = pl.DataFrame({**{f"c{i}": ["a"] * 9 for i in range(20)}, "y": [i % 2 for i in range(9)]})
    found = looked_at(tmp_path, frame)
    (constant,) = told(found, "constant")
    assert constant.text.startswith("20 columns say nothing")
    assert "more columns (21) than rows (9)" in told(found, "wide")[0].text


def test_a_target_that_is_not_there_is_said(tmp_path: Path) -> None:
    found = looked_at(tmp_path, passengers(), "survved")
    assert found.warnings[0].kind == "target"
    assert found.target == "Survived"


@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=2, max_size=60))
def test_the_area_is_that_of_scikit_learn(rows: list[tuple[int, bool]]) -> None:
    scores = np.array([score for score, _ in rows], dtype=float)
    positive = np.array([label for _, label in rows])
    if len(set(positive.tolist())) == 2:
        assert auc(scores, positive) == pytest.approx(roc_auc_score(positive, scores))


def test_few_rows_separate_by_chance_and_say_nothing() -> None:
    positive = np.arange(12) < 6
    assert auc_of_numbers(np.arange(12.0), positive) == 0.5
    assert auc_of_levels(np.arange(12), positive) == 0.5


def test_a_number_may_point_either_way_and_its_gaps_may_tell() -> None:
    positive = np.arange(100) < 50
    values = np.arange(100.0)
    assert auc_of_numbers(values, positive) == 1
    assert auc_of_numbers(np.where(positive, np.nan, values), positive) == 1


@pytest.mark.parametrize("noise", [0.0, 0.1, 1.0])
def test_of_many_rows_a_sample_rules_out_what_is_far_below(noise: float) -> None:
    random = np.random.default_rng(1)
    positive = random.random(50_000) < 0.3
    values = positive + random.normal(0, noise, len(positive)) if noise else positive.astype(float)
    exact = roc_auc_score(positive, values)
    found = auc_of_numbers(values, positive, least=0.99)
    assert (found >= 0.99) == (exact >= 0.99)
    assert found == pytest.approx(exact, abs=1e-9 if exact >= 0.99 else 0.02)
