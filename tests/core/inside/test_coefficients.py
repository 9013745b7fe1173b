"""Errors of weights against autograd's Hessian, and against fits of our own on the columns as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats
from torch.nn import functional

from lrtui.core.inside.looking import look
from lrtui.core.inside.record import Asked, Table
from lrtui.core.inside.trained import InsideError, Trained
from lrtui.datasets.array_types import Floats
from lrtui.datasets.columns import Column
from tests.core.inside.cases import noisy, table, trained

Records = dict[str, dict[str, Any]]


def told(model: Trained, class_: str = "yes", **asked: Any) -> Records:
    data = look(model, "coefficients", Asked(**asked)).data()
    return {one["feature"]: one for one in data["coefficients"] if one["class"] == class_}


def column(records: Records, name: str) -> Floats:
    return np.array([np.nan if one[name] is None else one[name] for one in records.values()])


def hessian(X: Floats, y: Any, theta: Floats, weight: Floats | None = None) -> Floats:
    """Of the summed loss, by autograd."""
    rows, labels = torch.tensor(X), torch.tensor(np.asarray(y, dtype=np.int64))
    each = torch.ones(len(X), dtype=torch.float64) if weight is None else torch.tensor(weight)

    def loss(flat: torch.Tensor) -> torch.Tensor:
        z = torch.tensordot(rows, flat.view(theta.shape), dims=([1], [theta.ndim - 1]))
        if theta.ndim == 1:
            return functional.binary_cross_entropy_with_logits(z, labels.double(), each, reduction="sum")
        return (functional.cross_entropy(z, labels, reduction="none") * each).sum()

    found = torch.autograd.functional.hessian(loss, torch.tensor(theta).flatten())
    return np.asarray(found)


def fitted(X: Floats, y: Any) -> tuple[Floats, Floats]:
    """Maximum likelihood on the columns as they are, by iterations of our own: weights and covariance."""
    theta = np.zeros(X.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-X @ theta))
        information = (X * (p * (1 - p))[:, None]).T @ X
        theta = theta + np.linalg.solve(information, X.T @ (y - p))
    return theta, np.linalg.inv(information)


@pytest.fixture(scope="module")
def binary() -> Trained:
    return trained(noisy())


def test_errors_are_those_of_the_inverse_information_on_both_scales(binary: Trained) -> None:
    problem, records = binary.problem, told(binary)
    order = [*problem.feature_names, "bias"]
    X = problem.design_train.astype(np.float64)
    scaled = np.sqrt(np.diag(np.linalg.inv(hessian(X, problem.y_train, binary.weights))))
    assert [records[name]["weight_error"] for name in order] == pytest.approx(scaled, rel=1e-6)
    raw = np.column_stack([noisy().X[problem.train_rows], np.ones(len(X))])
    theta, covariance = fitted(raw, problem.y_train)
    errors = np.sqrt(np.diag(covariance))
    assert [records[name]["per_unit"] for name in order] == pytest.approx(theta, rel=1e-4)
    assert [records[name]["per_unit_error"] for name in order] == pytest.approx(errors, rel=1e-4)
    z = theta / errors
    assert [records[name]["p"] for name in order] == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-2)
    low, high = stats.norm.interval(0.95, theta, errors)
    assert [records[name]["low"] for name in order] == pytest.approx(low, rel=1e-3)
    assert [records[name]["high"] for name in order] == pytest.approx(high, rel=1e-3)
    assert [records[name]["odds_ratio"] for name in order] == pytest.approx(np.exp(theta), rel=1e-3)


def test_the_largest_standardized_weight_comes_first_and_the_bias_last(binary: Trained) -> None:
    records = told(binary)
    sizes = np.abs(column(records, "standardized"))
    assert list(records)[-1] == "bias"
    assert sizes[:-1].tolist() == sorted(sizes[:-1], reverse=True)
    part = look(binary, "coefficients", Asked()).seen.parts[0]
    assert isinstance(part, Table)
    assert [row[0] for row in part.rows] == list(records)
    assert max(map(abs, part.bars)) == 1


def test_levels_of_a_category_are_told_against_their_mean() -> None:
    random = np.random.default_rng(1)
    codes, x = random.integers(0, 3, 400), random.normal(size=400)
    y = random.random(400) < 1 / (1 + np.exp(-(x + np.array([0.0, 1.0, -1.5])[codes])))
    columns = (Column("x", "number"), Column("colour", "category", ("red", "green", "blue")))
    model = trained(table(np.column_stack([x, codes]), y, columns=columns))
    rows, records = model.problem.train_rows, told(model)
    dummies = [(codes == 1)[rows], (codes == 2)[rows]]
    theta, covariance = fitted(
        np.column_stack([x[rows], *dummies, np.ones(len(rows))]), model.problem.y_train
    )
    contrast = np.array([[0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]) - np.array([0, 1, 1, 0]) / 3
    expected, errors = contrast @ theta, np.sqrt(np.diag(contrast @ covariance @ contrast.T))
    names = ["colour=red", "colour=green", "colour=blue"]
    assert [records[name]["per_unit"] for name in names] == pytest.approx(expected, rel=1e-3)
    assert [records[name]["per_unit_error"] for name in names] == pytest.approx(errors, rel=1e-3)
    assert records["x"]["per_unit_error"] == pytest.approx(np.sqrt(covariance[0, 0]), rel=1e-3)
    assert records["colour=red"]["weight_error"] is None  # what levels and bias share is open


def test_of_many_classes_each_is_told_against_the_mean_of_all() -> None:
    model = trained(noisy(classes=3))
    X, theta = model.problem.design_train.astype(np.float64), model.weights
    covariance = np.linalg.pinv(hessian(X, model.problem.y_train, theta), rcond=1e-10)
    among = np.kron(np.eye(3) - 1 / 3, np.eye(X.shape[1]))
    errors = np.sqrt(np.diag(among @ covariance @ among.T)).reshape(theta.shape)
    for number, name in enumerate(model.problem.class_names):
        records = told(model, name)
        order = [*model.problem.feature_names, "bias"]
        centred = theta[number] - theta.mean(axis=0)
        assert [records[one]["weight"] for one in order] == pytest.approx(centred, rel=1e-6)
        assert [records[one]["weight_error"] for one in order] == pytest.approx(errors[number], rel=1e-5)
    assert look(model, "coefficients", Asked(class_="c2")).seen.about == "class c2"
    with pytest.raises(InsideError, match="no class called 'c9'"):
        look(model, "coefficients", Asked(class_="c9"))


def test_where_rows_weigh_differently_errors_are_the_sandwich() -> None:
    model = trained(noisy(), class_weight="balanced")
    problem, weight = model.problem, model.row_weights[0]
    assert weight is not None
    X = problem.design_train.astype(np.float64)
    inverse = np.linalg.inv(hessian(X, problem.y_train, model.weights, weight))
    p = 1 / (1 + np.exp(-X @ model.weights))
    scores = X * (weight * (p - problem.y_train))[:, None]
    errors = np.sqrt(np.diag(inverse @ scores.T @ scores @ inverse))
    records = told(model)
    assert [records[one]["weight_error"] for one in [*problem.feature_names, "bias"]] == pytest.approx(
        errors, rel=1e-6
    )


def duplicated() -> Any:
    X = noisy().X
    return table(np.column_stack([X, X[:, 0] * 3 + 1, np.ones(len(X))]), noisy().y)


def parted() -> Any:
    X = np.random.default_rng(0).normal(size=(100, 2))
    return table(X, X[:, 0] > 0.1)


@pytest.mark.parametrize(
    ("dataset", "config", "words"),
    [
        (noisy, {"optimizer": "sgd", "epochs": 2}, "the loss is not lowest here"),
        (noisy, {"weight_decay": 0.1}, "weight decay pulls"),
        (parted, {}, "separable"),
        (lambda: table(*_half_parted()), {"epochs": 12}, "would grow without end"),
        (lambda: table(*_half_parted()), {}, "would grow without end"),
        (lambda: noisy(columns=60, classes=20), {"epochs": 1}, "up to 1,000"),
    ],
)
def test_where_there_are_no_errors_it_is_said_why(dataset: Any, config: dict[str, Any], words: str) -> None:
    found = look(trained(dataset(), **config), "coefficients", Asked())
    assert words in found.seen.lines[0]
    assert words in found.data()["why_no_errors"]
    assert all(one["p"] is None for one in found.data()["coefficients"])


def _half_parted() -> tuple[Floats, Any]:
    """A flag of which every row that has it is a yes, beside a column that overlaps."""
    random = np.random.default_rng(0)
    x, flag = random.normal(size=300), np.arange(300) % 4 == 0
    return np.column_stack([x, flag]), (random.random(300) < 1 / (1 + np.exp(-x))) | flag


def test_columns_that_say_the_same_have_no_errors_and_the_others_keep_theirs() -> None:
    records = told(trained(duplicated()))
    assert [name for name, one in records.items() if one["weight_error"] is None] == ["x1", "x4", "x5"]
    plain = told(trained(noisy()))
    assert records["x2"]["weight_error"] == pytest.approx(plain["x2"]["weight_error"], rel=1e-3)


def test_a_column_that_never_varies_is_left_open_and_no_sign_of_parted_rows() -> None:
    X = np.column_stack([noisy().X[:, 0], np.full(300, 5.0)])
    records = told(trained(table(X, noisy().y)))
    assert records["x1"]["p"] is not None
    assert records["x2"]["p"] is None


def test_a_product_of_columns_has_no_unit_of_the_file(binary: Trained) -> None:
    model = trained(noisy(), features="poly2")
    records = told(model)
    assert len(records) == 10
    assert not np.isfinite(column(records, "per_unit")).any()
    assert np.isfinite(column(records, "p")).all()


def test_weights_of_a_run_that_diverged_are_refused(binary: Trained) -> None:
    with pytest.raises(InsideError, match="not finite after epoch 7"):
        Trained(binary.problem, binary.config, binary.theta * np.nan, 7, noisy)
    with pytest.raises(InsideError, match="it has changed"):
        Trained(binary.problem, binary.config, binary.theta[1:], 7, noisy)
