"""Features: what scikit-learn makes of the training part, and nothing of the test part."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.kernel_approximation import Nystroem
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.loading import load
from lrtui.datasets.preparing import features as module
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source


def prepared(name: str, features: str, scaling: str = "standard") -> Problem:
    return prepare(load(Source(name)), scaling=scaling, features=features, test_size=0.2, split_seed=42)


@pytest.mark.parametrize(
    ("name", "features"),
    [
        *[
            (name, features)
            for name in ("moons", "iris-versicolor")
            for features in ("poly2", "poly3", "rbf")
        ],
        ("breast-cancer", "poly2"),
        ("breast-cancer", "rbf"),
    ],
)
def test_features_are_those_of_a_pipeline_of_scikit_learn_fitted_on_the_training_part(
    name: str, features: str
) -> None:
    found, dataset = prepared(name, features), load(Source(name))
    degree = {"poly2": 2, "poly3": 3}.get(features)
    middle = (
        Nystroem(n_components=100, random_state=42)
        if degree is None
        else PolynomialFeatures(degree, include_bias=False)
    )
    pipeline = make_pipeline(StandardScaler(), middle, StandardScaler()).fit(dataset.X[found.train_rows])
    oracle = pipeline.transform(dataset.X[found.train_rows])
    np.testing.assert_allclose(found.X_train, oracle, rtol=1e-6, atol=1e-8)
    oracle = pipeline.transform(dataset.X[found.test_rows])
    np.testing.assert_allclose(found.X_test, oracle, rtol=1e-6, atol=1e-8)
    assert len(found.feature_names) == found.X_train.shape[1]


def test_linear_features_are_the_columns() -> None:
    assert prepared("moons", "linear").feature_names == ("x1", "x2")


def test_products_are_named_after_their_columns() -> None:
    assert prepared("moons", "poly2").feature_names == ("x1", "x2", "x1^2", "x1 x2", "x2^2")


@pytest.mark.parametrize("features", ["poly2", "rbf"])
def test_the_same_settings_give_the_same_features(features: str) -> None:
    np.testing.assert_array_equal(
        prepared("circles", features).design_train, prepared("circles", features).design_train
    )


def test_rbf_of_few_distinct_rows_makes_no_more_features_than_there_are_rows() -> None:
    found = prepared("duplicates", "rbf")
    assert found.X_train.shape[1] == 4
    assert np.isfinite(found.design_train).all()


def test_too_many_features_are_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DatasetError, match="47,904 features of 64 columns") as caught:
        prepared("digits-3-8", "poly3")
    assert "rbf" in caught.value.fix
    monkeypatch.setattr(module, "MOST_NUMBERS", 1000)
    with pytest.raises(DatasetError, match="too large"):
        prepared("moons", "rbf")
    with pytest.raises(DatasetError, match="too many"):
        prepared("moons", "poly2")
