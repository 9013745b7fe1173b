"""Other rows take the way of the training rows: the stored preparation, the stored weights."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from lrtui.core.errors import DatasetError, ExportError
from lrtui.core.export.predicting import Predictor, predicted
from lrtui.core.export.predictions import write_predictions
from lrtui.core.export.trained import TrainedModel, trained_model
from lrtui.core.export.writing import new_file
from lrtui.core.store import Run, Store
from lrtui.core.training.problem import problem_of
from lrtui.datasets import loading
from lrtui.datasets.ingest import one_pass
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.preparation import Preparation
from lrtui.datasets.progress import Progress, Step
from lrtui.datasets.source import Source
from tests.core.export.tables import every_kind, trained, written


def predictions(model: TrainedModel, path: Path) -> tuple[np.ndarray, Predictor]:
    """The probabilities (n, K) of all rows of a file."""
    found: list[np.ndarray] = []

    def take(predictor: Predictor) -> None:
        found[:] = [block.probabilities for block in predictor.blocks()]

    done = predicted(model, Source(str(path)), take)
    return np.concatenate(found), done


WAYS: list[dict[str, Any]] = [
    {"features": "poly2", "clip": 0.02, "scaling": "robust"},
    {"features": "rbf", "missing": "median", "scaling": "minmax", "drop_columns": ("when (month)",)},
    {"missing_codes": (-999.0, 170.0), "threshold": "base-rate", "drop_columns": ("city",)},
    {"missing": "drop", "scaling": "none", "lr": 1e-7},
]


@pytest.mark.parametrize("values", WAYS, ids=lambda values: next(iter(values)))
def test_the_raw_rows_of_the_test_part_get_what_they_got_in_training(
    store: Store, tmp_path: Path, values: dict[str, Any]
) -> None:
    path = written(every_kind(), tmp_path / "a.csv")
    run = trained(store, Source(str(path), target="risk"), **values)
    found, done = predictions(trained_model(store, run), path)
    problem = problem_of(load(run.source), run.config)
    newest = store.history.newest_snapshot(run.id)
    assert newest is not None
    z = problem.design_test.astype(np.float64) @ np.array([*newest.weights, newest.bias])
    if values.get("missing") != "drop":  # else rows are counted without those that were dropped
        assert_allclose(found[problem.test_rows, 1], 1 / (1 + np.exp(-z)), atol=2e-6)
    else:
        assert np.isnan(found[:, 1]).sum() == every_kind()["age"].null_count() == done.seen.blank
    test = written(every_kind()[problem.test_rows.tolist()], tmp_path / "test.csv")
    if values.get("missing") != "drop":
        scores = predictions(trained_model(store, run), test)[1].scores()
        assert scores is not None
        assert run.measured is not None
        assert scores["accuracy"] == pytest.approx(run.measured["test_accuracy"])
        assert scores["loss"] == pytest.approx(run.measured["test_loss"], rel=1e-5)
        assert scores["auc"] == pytest.approx(run.measured["test_auc"], abs=1e-6)


def test_a_preparation_that_was_kept_is_the_same(store: Store, tmp_path: Path) -> None:
    frame = every_kind(2000).with_columns(pl.Series("many", [f"level {n % 105}" for n in range(2000)]))
    run = trained(store, Source(str(written(frame, tmp_path / "a.csv")), target="risk"))
    problem = problem_of(load(run.source), run.config)
    packed = store.preparations.get(run.id)
    assert packed is not None
    assert problem.preparation is not None
    kept = Preparation.unpack(packed)
    assert kept.columns == problem.preparation.columns
    assert kept.readings == problem.preparation.readings
    assert any("#" in name for name in problem.feature_names)  # hashed
    found, _ = predictions(trained_model(store, run), tmp_path / "a.csv")
    newest = store.history.newest_snapshot(run.id)
    assert newest is not None
    z = problem.design_train.astype(np.float64) @ np.array([*newest.weights, newest.bias])
    assert_allclose(found[problem.train_rows, 1], 1 / (1 + np.exp(-z)), atol=2e-6)


def test_scikit_learns_pipeline_says_the_same_of_rows_unlike_any_in_training(
    store: Store, tmp_path: Path
) -> None:
    frame = every_kind().select("age", "height", "city", "risk")
    run = trained(store, Source(str(written(frame, tmp_path / "a.csv")), target="risk"))
    model, problem = trained_model(store, run), problem_of(load(run.source), run.config)
    table = frame.cast({"age": pl.Float64})
    numbers = table.select("age", "height").to_numpy()
    words = table["city"].to_numpy().astype(object)[:, None]
    X = np.hstack([numbers.astype(object), words])
    pipeline = make_pipeline(
        make_column_transformer(
            (SimpleImputer(strategy="median"), [0, 1]),
            (OneHotEncoder(handle_unknown="ignore", sparse_output=False), [2]),
            (FlagHoles(), [0]),
        ),
        StandardScaler(),
        LogisticRegression(),
    )
    rows = problem.train_rows
    pipeline.fit(X[rows], problem.y_train)
    pipeline[-1].coef_, pipeline[-1].intercept_ = model.weights, model.bias
    other = pl.DataFrame(
        {
            "extra": ["1", "2", "3", "4"],
            "city": ["Rome", "Nowhere", "'x'", "Rome"],
            "height": ["171.5", None, "1e3", "n/a"],
            "age": ["33", "", "1,234", "66"],
        }
    )
    found, done = predictions(model, written(other, tmp_path / "b.csv"))
    hole = np.nan
    unlike = np.array(
        [[33, 171.5, "Rome"], [hole, hole, "Nowhere"], [1234, 1e3, "'x'"], [66, hole, "Rome"]], object
    )
    assert_allclose(found, pipeline.predict_proba(np.array(unlike, object)), atol=1e-9)
    assert done.seen.ignored == ["extra"]
    assert done.seen.missing == {"age": 1, "height": 2}
    assert (done.seen.noted["city"].row, done.seen.noted["city"].text) == (2, "Nowhere")
    assert done.scores() is None


class FlagHoles:
    """1 where a number is missing."""

    def fit(self, X: Any, y: Any = None) -> FlagHoles:
        return self

    def fit_transform(self, X: Any, y: Any = None) -> Any:
        return self.transform(X)

    def transform(self, X: Any) -> Any:
        return np.isnan(X.astype(float)).astype(float)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        return {}

    def set_params(self, **_: Any) -> FlagHoles:
        return self


def test_three_classes_in_a_typed_file_without_the_target(store: Store, tmp_path: Path) -> None:
    run = trained(store, Source("sklearn:iris", target="target", multiclass=True))
    frame = load(run.source)
    table = pl.DataFrame(frame.X, schema=list(frame.feature_names))
    model = trained_model(store, run)
    found, done = predictions(model, written(table, tmp_path / "a.parquet"))
    assert_allclose(found.sum(axis=1), 1)
    problem = problem_of(frame, run.config)
    z = problem.X_test.astype(np.float64) @ model.weights.T + model.bias
    assert_allclose(found[problem.test_rows], np.exp(z) / np.exp(z).sum(1, keepdims=True), atol=1e-6)
    assert sum(done.seen.counts) == done.seen.rows == 150
    assert done.target is None


def test_a_file_too_large_to_be_held_is_streamed_and_a_word_far_down_is_a_missing_cell(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(every_kind(), tmp_path / "a.csv")
    model = trained_model(store, trained(store, Source(str(path), target="risk")))
    frame = every_kind(3000, seed=1)
    whole, _ = predictions(model, written(frame, tmp_path / "b.csv"))
    monkeypatch.setattr(loading, "LARGE_BYTES", 0)
    monkeypatch.setattr(one_pass, "BATCH", 700)
    assert_allclose(predictions(model, tmp_path / "b.csv")[0], whole, atol=1e-12)
    tall = pl.when(pl.int_range(3000) == 2900).then(pl.lit("tall"))
    odd = frame.with_columns(height=tall.otherwise(pl.col("height").cast(pl.String)))
    found, done = predictions(model, written(odd, tmp_path / "c.csv"))
    assert_allclose(np.delete(found, 2900, 0), np.delete(whole, 2900, 0), atol=1e-12)
    assert (done.seen.noted["height"].row, done.seen.noted["height"].text) == (2901, "tall")
    assert not np.isnan(found[2900]).any()
    steps: list[Step] = []
    with new_file(tmp_path / "p.parquet") as draft:  # begun twice, for the word far down
        take = partial(write_predictions, path=draft)
        predicted(model, Source(str(tmp_path / "c.csv")), take, Progress(tell=steps.append))
    again = max(number for number, step in enumerate(steps) if step.share == 0)
    shares = [step.share for step in steps[again:]]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(2800 / 3000, rel=0.1)  # the rows before the last batch
    assert {step.what for step in steps} == {"predicting"}
    table = pl.read_parquet(tmp_path / "p.parquet")
    assert_allclose(table.select(pl.last()).to_series(), found[:, 1])


def test_what_cannot_be_predicted_is_refused(store: Store, tmp_path: Path) -> None:
    frame = every_kind().with_columns(pl.col("age").fill_null("40"))
    run = trained(store, Source(str(written(frame, tmp_path / "a.csv")), target="risk"), missing="error")
    model = trained_model(store, run)
    with pytest.raises(ExportError, match=r"lacks the columns 'city', 'income', which run 1 learned from"):
        predictions(model, written(frame.drop("city", "income"), tmp_path / "b.csv"))
    holed = frame.with_columns(height=pl.when(pl.int_range(300) != 7).then(pl.col("height")))
    with pytest.raises(DatasetError, match=r"Column 'height' of 'c.csv' holds no number in row 8"):
        predictions(model, written(holed, tmp_path / "c.csv"))
    steep = {"lr": 1e6, "weight_decay": 1e6}
    diverged = trained(store, Source(str(tmp_path / "a.csv"), target="risk"), **steep)
    with pytest.raises(ExportError, match="diverged"):
        trained_model(store, diverged)


def test_a_run_of_before_learns_it_again_from_the_same_file_alone(store: Store, tmp_path: Path) -> None:
    path = written(every_kind(), tmp_path / "a.csv")
    run: Run = trained(store, Source(str(path), target="risk"), class_weight="balanced")
    before, _ = predictions(trained_model(store, run), path)
    store.execute("DELETE FROM preparations")
    assert_allclose(predictions(trained_model(store, run), path)[0], before)
    store.preparations.put(run.id, b"damaged")
    assert_allclose(predictions(trained_model(store, run), path)[0], before)
    written(every_kind(seed=5), path)
    with pytest.raises(ExportError, match="has changed since"):
        trained_model(store, run)
    path.unlink()
    with pytest.raises(ExportError, match="cannot be had: There is no file"):
        trained_model(store, run)
