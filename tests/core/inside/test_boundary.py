"""What is predicted over two columns, against the same model made by hand from the columns as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from lrtui.core.inside.looking import look
from lrtui.core.inside.record import Asked, Curves, Map
from lrtui.core.inside.trained import InsideError, Trained
from lrtui.datasets.array_types import Floats
from lrtui.datasets.columns import Column
from tests.core.inside.cases import noisy, table, trained


def at(found: dict[str, Any], class_: str, across: int, up: int) -> float:
    return float(found["probabilities"][class_][up][across])


def by_hand(model: Trained, row: Floats, *, degree: int = 1) -> Floats:
    """p of each class for a row of the file, by scikit-learn's own preparation of the training rows."""
    X = noisy(classes=model.problem.classes).X[model.problem.train_rows]
    first = StandardScaler().fit(X)
    made, wanted = first.transform(X), first.transform(row[None])
    if degree > 1:
        expansion = PolynomialFeatures(degree, include_bias=False).fit(made)
        made, wanted = expansion.transform(made), expansion.transform(wanted)
        second = StandardScaler().fit(made)
        wanted = second.transform(wanted)
    z = np.append(wanted[0], 1.0) @ model.weights.T
    return np.exp(z) / np.exp(z).sum() if z.ndim else np.array([1 / (1 + np.exp(z)), 1 / (1 + np.exp(-z))])


@pytest.mark.parametrize(
    ("classes", "features", "degree"), [(2, "linear", 1), (2, "poly2", 2), (3, "linear", 1)]
)
def test_each_cell_is_what_the_model_says_there(classes: int, features: str, degree: int) -> None:
    model = trained(noisy(classes=classes), features=features, weight_decay=0.01)
    found = look(model, "boundary", Asked(features=("x1", "x3"))).data()
    assert found["features"] == ["x1", "x3"]
    mean = noisy(classes=classes).X[model.problem.train_rows].mean(axis=0)
    assert found["others"] == pytest.approx({"x2": mean[1]})
    for across, up in ((0, 0), (95, 3), (40, 39)):
        row = np.array([found["values"][0][across], mean[1], found["values"][1][up]])
        p = by_hand(model, row, degree=degree)
        for number, name in enumerate(model.problem.class_names):
            if classes > 2 or number:
                assert at(found, name, across, up) == pytest.approx(p[number], rel=1e-3, abs=1e-6)


def test_the_map_turns_at_the_threshold_and_has_the_test_rows_on_it() -> None:
    model = trained(noisy())
    for threshold in (0.5, 0.9):
        found = look(model, "boundary", Asked(threshold=threshold, features=("x1", "x2")))
        part, p = found.seen.parts[0], np.array(found.data()["probabilities"]["yes"])
        assert isinstance(part, Map)
        said = np.array([[cell in ":=" for cell in row] for row in part.cells])
        assert (said == (p >= threshold)).all()
    rows = noisy().X[model.problem.test_rows]
    assert sorted((one.x, one.y) for one in part.spots) == sorted(map(tuple, rows[:, :2].tolist()))


def test_keys_step_through_the_columns_and_the_two_that_matter_come_first() -> None:
    random = np.random.default_rng(0)
    X = random.normal(size=(400, 6))
    model = trained(table(X, 3 * X[:, 1] - 3 * X[:, 4] + random.normal(size=400) > 0))
    seen = look(model, "boundary", Asked()).seen
    assert [(one.of, one.at, one.count) for one in seen.choices] == [("x", 1, 6), ("y", 4, 6)]
    other = look(model, "boundary", Asked(features=(0, 5))).seen
    assert other.about == "x1 and x6"
    with pytest.raises(InsideError, match="no column of the model called 'x9'"):
        look(model, "boundary", Asked(features=("x1", "x9")))
    with pytest.raises(InsideError, match="are one"):
        look(model, "boundary", Asked(features=("x1", "x1")))


def test_a_category_has_its_levels_and_stands_at_the_commonest() -> None:
    random = np.random.default_rng(0)
    codes = random.choice(3, 300, p=[0.2, 0.5, 0.3])
    X = np.column_stack([random.normal(size=(300, 2)), codes])
    columns = (
        Column("a", "number"),
        Column("b", "number"),
        Column("colour", "category", ("red", "green", "blue")),
    )
    model = trained(table(X, X[:, 0] + codes + random.normal(size=300) > 1, columns=columns))
    found = look(model, "boundary", Asked(features=("a", "b")))
    assert found.data()["others"] == {"colour": "green"}
    assert "'colour' 'green'" in found.seen.notes[1]
    part = look(model, "boundary", Asked(features=("colour", "a"))).seen.parts[0]
    assert isinstance(part, Map)
    assert part.x_names == ("red", "green", "blue")
    assert len(part.cells[0]) == 3


def test_of_one_column_it_is_a_curve() -> None:
    X = noisy().X[:, :1]
    part = look(trained(table(X, noisy().y)), "boundary", Asked()).seen.parts[0]
    assert isinstance(part, Curves)
    assert [one.mark for one in part.series] == ["", "A", "B"]
