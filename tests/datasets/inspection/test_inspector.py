"""What is told of a table, against polars, NumPy and scikit-learn."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.inspection import inspector
from lrtui.datasets.inspection.facts import BINS
from lrtui.datasets.inspection.record import Facts, Inspection
from lrtui.datasets.source import Source
from lrtui.datasets.tables.labels import target_of
from tests.datasets.inspection.tables import inspect, looked_at, passengers


def column(found: Inspection, name: str) -> Facts:
    facts = found.column(name)
    assert facts is not None
    return facts


def test_every_column_is_told_by_kind_gaps_and_values(tmp_path: Path) -> None:
    frame = passengers()
    found = looked_at(tmp_path, frame)
    assert (found.rows, found.all_columns, found.looked_at) == (400, 8, 400)
    assert found.size == (tmp_path / "table.csv").stat().st_size
    kinds = {facts.name: facts.kind for facts in found.columns}
    assert kinds == {
        "PassengerId": "id-like", "Survived": "flag", "Pclass": "number", "Name": "text", "Sex": "category",
        "Age": "number", "Fare": "number", "Embarked": "category",
    }  # fmt: skip
    age, ages = column(found, "Age"), frame["Age"].drop_nulls()
    assert age.missing == frame["Age"].null_count()
    assert age.distinct == ages.n_unique()
    assert (age.low, age.high) == (ages.min(), ages.max())
    assert age.mean == pytest.approx(ages.mean())
    counts = dict(frame["Embarked"].value_counts().iter_rows())
    assert dict(column(found, "Embarked").levels) == counts
    assert column(found, "Embarked").levels[0] == ("S", counts["S"])


def test_it_says_what_becomes_of_each_column(tmp_path: Path) -> None:
    frame = passengers().with_columns(
        pl.date_range(pl.date(2020, 1, 1), pl.date(2022, 12, 31), eager=True).head(400).alias("day"),
        pl.lit("same").alias("constant"),
    )
    found = looked_at(tmp_path, frame)
    becomes = {facts.name: facts.becomes for facts in found.columns}
    assert becomes["PassengerId"] == "left out: like an id"
    assert becomes["Name"] == "left out: text"
    assert becomes["constant"] == "left out: one value"
    assert becomes["Age"] == "median and indicator"
    assert becomes["Survived"] == "0/1"
    assert becomes["Embarked"] == "one-hot, 3 columns"
    assert becomes["day"] == "year, month, weekday"
    assert column(found, "day").first == "2020-01-01"


def test_rare_levels_are_said_to_be_joined_and_too_many_to_be_hashed(tmp_path: Path) -> None:
    rows = 4000
    frame = pl.DataFrame(
        {
            "rare": ["often"] * (rows - 20) + [f"r{i % 10}" for i in range(20)],
            "many": [f"m{i % 150}" for i in range(rows)],
            "y": [i % 2 for i in range(rows)],
        }
    )
    found = looked_at(tmp_path, frame)
    assert column(found, "rare").becomes == "one-hot, 2 columns, rare joined"
    assert column(found, "many").becomes == "hashed, 32 columns"


def test_histograms_count_every_row_that_has_a_value_by_class(tmp_path: Path) -> None:
    frame = passengers()
    found = looked_at(tmp_path, frame)
    assert (found.target, found.shown_classes) == ("Survived", ("0", "1"))
    bars = column(found, "Age").histogram
    assert bars is not None
    for place, value in enumerate((0, 1)):
        ages = frame.filter(pl.col("Survived") == value)["Age"].drop_nulls().to_numpy()
        low, high = frame["Age"].min(), frame["Age"].max()
        expected, _ = np.histogram(ages, BINS, (low, high))  # type: ignore[arg-type]
        # The edges of a bin are computed in another order: a value upon one may fall to either side.
        assert sum(bars.counts[place]) == len(ages)
        assert np.abs(np.cumsum(bars.counts[place]) - np.cumsum(expected)).max() <= 1
    bars = column(found, "Sex").histogram
    assert bars is not None
    both = frame.group_by("Sex", "Survived").len()
    for place, level in enumerate(bars.labels):
        for value in (0, 1):
            rows = both.filter((pl.col("Sex") == level) & (pl.col("Survived") == value))["len"].sum()
            assert bars.counts[value][place] == rows


def test_another_target_tells_other_classes_and_many_are_joined(tmp_path: Path) -> None:
    frame = passengers().with_columns(pl.Series("letter", [chr(97 + i % 9) for i in range(400)]))
    found = looked_at(tmp_path, frame, "letter")
    assert len(found.classes) == 9
    assert len(found.shown_classes) == inspector.SHOWN_CLASSES
    assert found.shown_classes[-1] == "5 others"
    bars = column(found, "Fare").histogram
    assert bars is not None
    assert sum(map(sum, bars.counts)) == 400


def test_it_travels_as_json(tmp_path: Path) -> None:
    found = looked_at(tmp_path, passengers())
    text = json.dumps(found.to_dict(), allow_nan=False)
    assert Inspection.from_dict(json.loads(text)) == found
    assert Inspection.from_dict({**json.loads(text), "of_a_later_version": 1}) == found


def test_of_a_large_table_a_sample_is_looked_at_and_all_rows_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspector, "ROWS", 1000)
    frame = pl.DataFrame({"x": range(2500), "y": [i % 2 for i in range(2500)]})
    found = looked_at(tmp_path, frame)
    assert (found.rows, found.looked_at) == (2500, 834)
    assert column(found, "x").high == 2499


def test_a_file_that_is_too_large_to_be_held_is_looked_at_in_passing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspector, "WHOLE", 0)
    frame = passengers()
    frame.write_parquet(tmp_path / "table.parquet")
    parquet = inspect(Source(str(tmp_path / "table.parquet")))
    for found in (parquet, looked_at(tmp_path, frame)):
        assert (found.rows, found.all_columns) == (400, 8)
        assert found.best == "Survived"
        assert column(found, "Age").missing == frame["Age"].null_count()


def test_of_very_many_columns_the_first_and_the_last_are_told_and_the_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspector, "COLUMNS", 20)
    monkeypatch.setattr(inspector, "LAST", 2)
    cells = {f"c{i}": [i, i + 1, i + 2, i] for i in range(25)}
    found = looked_at(tmp_path, pl.DataFrame({**cells, "y": [0, 1, 0, 1]}), "c22")
    assert found.all_columns == 26
    assert len(found.columns) == 21
    assert found.column("c0") is not None
    assert found.column("c20") is None
    assert found.column("c22") is not None
    assert found.target == "c22"
    assert found.best == "y"


def test_numbers_at_the_ends_of_what_is_a_number_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    cells = ["1e308", "-1e308", "1.7e308", "0", "5", "-3"] * 10
    path.write_text("x,y\n" + "".join(f"{cell},{i % 2}\n" for i, cell in enumerate(cells)))
    facts = column(inspect(Source(str(path))), "x")
    assert (facts.low, facts.high) == (-1e308, 1.7e308)
    assert facts.mean is not None
    assert np.isfinite(facts.mean)
    assert facts.histogram is not None
    assert sum(map(sum, facts.histogram.counts)) == 60


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.text(max_size=6), min_size=3, max_size=3), min_size=1, max_size=30))
def test_any_words_are_looked_at_or_refused_in_words(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "table.csv"
    frame = pl.DataFrame(rows, schema=["a", "b", "c"], orient="row")
    path.write_bytes(frame.write_csv().encode("utf-8", "surrogatepass"))
    try:
        found = inspect(Source(str(path)))
    except DatasetError:
        return
    json.dumps(found.to_dict(), allow_nan=False)


WORDS = ["1", "2", "3", "U", "-", "none", "?", "", "yes", "Yes", "no", "2020-01-02", "1,000"]


@given(
    counts=st.dictionaries(st.sampled_from(WORDS), st.sampled_from([2, 3, 40]), min_size=2, max_size=6),
)
@settings(max_examples=12)
def test_the_classes_of_a_target_are_those_that_training_takes(
    tmp_path_factory: pytest.TempPathFactory, counts: dict[str, int]
) -> None:
    cells = [word for word, many in counts.items() for _ in range(many)]
    frame = pl.DataFrame({"a": [i * 37 % 101 / 7 for i in range(len(cells))], "class": cells})
    found = looked_at(tmp_path_factory.mktemp("classes"), frame, "class")
    assume(len(found.classes) > 1)
    labels = target_of(frame["class"], "a file", multiclass=True)
    assert sorted(value for value, _ in found.classes) == sorted(labels.classes)
    facts = next(facts for facts in found.columns if facts.name == "class")
    assert facts.distinct == len(labels.classes)
    assert facts.missing == (0 if labels.labelled is None else int((~labels.labelled).sum()))
    assert not [remark for remark in found.remarks if "counts as missing" in remark]


def test_a_word_among_the_numbers_of_a_target_is_a_class(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [i / 7 for i in range(99)], "class": ["1", "2", "3"] * 32 + ["U"] * 3})
    for target in (None, "class"):
        found = looked_at(tmp_path, frame, target)
        assert (found.target, dict(found.classes)["U"], found.remarks) == ("class", 3, ())
        assert found.candidates[0].reasons == ("its name", "4 values", "the last column")
    learned = looked_at(tmp_path, frame.with_columns(y=pl.Series(["no", "yes", "no"] * 33)), "y")
    assert "count as missing" in learned.remarks[0]


def test_a_positive_value_that_the_target_does_not_have_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f"{i / 3:.2f},{'Yes' if i % 3 else 'No'}" for i in range(30)]
    path.write_text("\n".join(["x,y", *rows]) + "\n")
    told = inspect(Source(str(path), "y", "maybe")).warnings[0]
    no_such = "The target 'y' of 'a.csv' has no value 'maybe'."
    assert told.text == f"{no_such} Give --positive one of 'Yes', 'No'."
    assert not any("no value" in one.text for one in inspect(Source(str(path), "y", "yes")).warnings)
