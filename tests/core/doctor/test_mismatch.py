"""A test part for which the training part does not hold: told by column, and never where chance made it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import ks_2samp
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split

from lrtui.core.doctor.causes.mismatch import Why, why
from lrtui.core.doctor.diagnosis import Diagnosis, Health
from lrtui.core.doctor.quantities.smoothers import FOLDS, STRENGTHS, folds
from lrtui.core.doctor.quantities.transfer import Transfer, moved, transfer
from lrtui.core.doctor.view import View
from lrtui.datasets.array_types import Floats
from lrtui.datasets.columns import Column
from lrtui.datasets.dataset import Dataset
from tests.core.doctor.cases import causes, dataset, examine

Change = Callable[[Floats], Floats]


def compared(A: Floats, a: Floats, B: Floats, b: Floats, classes: int = 2) -> Transfer:
    """Two parts, in deviations of the first."""
    mean, deviation = A.mean(axis=0), np.where(A.std(axis=0) > 0, A.std(axis=0), 1)

    def view(X: Floats, y: Floats) -> View:
        X = (X - mean) / deviation
        return View(np.column_stack([X, np.ones(len(X))]), y.astype(float), np.ones(len(X)), classes)

    train = view(A, a)
    return transfer(train, view(B, b), folds(train.X[:, :-1], np.random.default_rng(0)))


def reason(found: Transfer) -> Why | None:
    return why(found, np.array([str(j) for j in range(found.A.shape[1])]))


def signal(n: int = 600, seed: int = 0) -> tuple[Floats, Floats]:
    """The first of six columns says the most, the second something, the others nothing."""
    random = np.random.default_rng(seed)
    X = random.normal(size=(n, 6)) * [1, 5, 20, 1, 1, 1] + [3, 50, 3, 0, 0, 9]
    y = random.random(n) < 1 / (1 + np.exp(-2 * (X[:, 0] - 3) - (X[:, 1] - 50) / 5))
    return X, y.astype(np.float64)


def column(j: int, change: Change) -> Change:
    def changed(B: Floats) -> Floats:
        B = B.copy()
        B[:, j] = change(B[:, j])
        return B

    return changed


WRECKED: dict[str, tuple[Change, set[str]]] = {
    "moved by 3 deviations": (column(0, lambda x: x + 3), {"0"}),
    "divided by 100": (column(0, lambda x: x / 100), {"0"}),
    "multiplied by 100": (column(0, lambda x: x * 100), {"0"}),
    "zeros": (column(0, lambda x: 0 * x), {"0"}),
    "the mean, which tells nothing": (column(0, lambda x: 0 * x + 3), {"0"}),
    "a constant of another column": (column(1, lambda x: 0 * x), {"1"}),
}


@pytest.mark.parametrize("kind", WRECKED)
@pytest.mark.parametrize("seed", range(3))
def test_the_column_that_was_wrecked_is_blamed_and_no_other(kind: str, seed: int) -> None:
    change, blamed = WRECKED[kind]
    X, y = signal(seed=seed)
    found = reason(compared(X[:400], y[:400], change(X[400:]), y[400:]))
    assert found is not None
    assert set(found.columns) == blamed
    assert not found.all


@pytest.mark.parametrize("change", [lambda B: (B - B.mean(axis=0)) / B.std(axis=0), lambda B: 100 * B])
def test_where_the_scale_of_nearly_all_columns_moved_all_are_blamed(change: Change) -> None:
    wine = load_wine()
    A, B, a, b = train_test_split(wine.data, wine.target, test_size=0.3, random_state=0)
    found = reason(compared(A, a, change(B), b, 3))
    assert found is not None
    assert found.all
    assert len(found.columns) >= 10


def test_labels_that_were_turned_are_told_as_such() -> None:
    X, y = signal()
    found = compared(X[:400], y[:400], X[400:], 1 - y[400:])
    assert reason(found) == Why(turned=True)
    assert found.aucs()[1] < 0.2


def test_other_shares_of_the_classes_are_told_as_such() -> None:
    random = np.random.default_rng(0)
    y = (random.random(3000) < 0.1).astype(np.float64)
    y[2000:] = random.random(1000) < 0.7
    X = random.normal(size=(3000, 3)) + 0.3 * y[:, None]
    found = reason(compared(X[:2000], y[:2000], X[2000:], y[2000:]))
    assert found == Why(shares=True)


# --- what is no mismatch ---


def test_a_column_that_moved_and_does_no_harm_is_not_to_blame() -> None:
    X, y = signal()
    B = column(4, lambda x: 100 * x + 30)(X[400:])
    found = compared(X[:400], y[:400], B, y[400:])
    mended = compared(X[:400, :4], y[:400], X[400:, :4], y[400:])
    assert mended.gap < 0.05  # it is the fourth that harms, if any does
    told = reason(found)
    assert told is None or set(told.columns) == {"4"}
    assert reason(compared(X[:400, [0, 1, 3]], y[:400], X[400:, [0, 1, 3]] + [0, 0, 2], y[400:])) is None


@pytest.mark.parametrize("load", [load_iris, load_wine, load_breast_cancer])
def test_a_random_split_is_no_mismatch_however_small(load: Callable[[], object]) -> None:
    table = load()
    X, y, classes = table.data, table.target, len(table.target_names)  # type: ignore[attr-defined]
    for seed in range(20):
        A, B, a, b = train_test_split(X, y, test_size=(0.3, 0.1, 12)[seed % 3], random_state=seed)
        assert reason(compared(A, a, B, b, classes)) is None, seed


def test_a_random_split_of_hard_labels_is_no_mismatch() -> None:
    table = load_diabetes()
    y = (table.target > np.median(table.target)).astype(np.float64)
    for seed in range(50):
        A, B, a, b = train_test_split(table.data, y, test_size=(0.3, 0.05)[seed % 2], random_state=seed)
        assert reason(compared(A, a, B, b)) is None, seed


def test_columns_that_say_nothing_may_lie_anywhere() -> None:
    random = np.random.default_rng(0)
    X, y = random.normal(size=(400, 5)), random.integers(0, 2, 400).astype(np.float64)
    assert reason(compared(X[:300], y[:300], X[300:] * 0.5, y[300:])) is None


# --- the letter ---


def with_test_part(
    data: Dataset, change: Change = lambda B: B, turned: bool = False, rows: int = 100
) -> Dataset:
    """The last of its rows, in random order, as a test part that was given and wrecked."""
    in_test = np.zeros(data.n, np.bool_)
    in_test[np.random.default_rng(0).permutation(data.n)[:rows]] = True
    X, y = data.X.copy(), data.y.copy()
    X[in_test] = change(X[in_test])
    if turned:
        y[in_test] = 1 - y[in_test]
    return replace(data, X=X, y=y, in_test=in_test)


def sentence(found: Diagnosis) -> str:
    assert found.cause == "train-test-mismatch"
    return found.findings[0].sentence


def test_a_column_in_other_units_is_named_and_left_out_where_that_is_better() -> None:
    wine = dataset("wine-1")
    proline = list(wine.feature_names).index("proline")
    found = examine(with_test_part(wine, column(proline, lambda x: x / 100)))
    assert (found.status, found.fix) == (Health.SICK, {"drop_columns": ("proline",)})
    assert "'proline' varies" in sentence(found)
    assert "times less than in training" in sentence(found)
    assert found.after is not None
    assert found.before.test_loss is not None
    assert found.after.test_loss is not None
    assert found.after.test_loss < found.before.test_loss - 0.2


def test_turned_labels_are_mended_by_no_setting() -> None:
    found = examine(with_test_part(dataset("diabetes-median"), turned=True))
    assert (found.status, found.fix) == (Health.UNLEARNABLE, None)
    assert "labels stand the other way round" in sentence(found)
    assert found.findings[0].evidence["test_auc"] < 0.3


def test_a_test_part_scaled_by_itself_is_told() -> None:
    wine = dataset("wine-1")
    found = examine(with_test_part(wine, lambda B: (B - B.mean(axis=0)) / B.std(axis=0)))
    assert (found.status, found.fix) == (Health.UNLEARNABLE, None)
    assert "13 columns moved in all" in sentence(found)


def test_levels_that_training_never_saw_are_told() -> None:
    random = np.random.default_rng(0)
    n = 600
    level = random.integers(0, 4, n).astype(np.float64)
    y = (random.random(n) < np.array([0.02, 0.98, 0.02, 0.98])[level.astype(int)]).astype(np.int8)
    X = np.column_stack([random.normal(size=(n, 2)), level])
    kinds = (
        Column("a", "number"),
        Column("b", "number"),
        Column("city", "category", ("Bonn", "Köln", "Ulm", "Hof", "Jena")),
    )
    base = replace(
        dataset("two-gaussians"), X=X, y=y, columns=kinds, feature_names=tuple(one.name for one in kinds)
    )
    found = examine(with_test_part(base, column(2, lambda x: 0 * x + 4), rows=150))
    assert "'city' has values in 100 % of the test rows that no training row has" in sentence(found)


@pytest.mark.parametrize("split", ["time", "group"])
def test_later_rows_and_other_groups_that_are_alike_are_no_mismatch(split: str) -> None:
    table, random = dataset("diabetes-median"), np.random.default_rng(0)
    by = (
        {"times": random.random(table.n)}
        if split == "time"
        else {"groups": random.integers(0, 40, table.n)}
    )
    assert causes(examine(replace(table, **by))) == []


def test_later_rows_that_lie_elsewhere_are_told() -> None:
    table = dataset("diabetes-median")
    times = np.random.default_rng(0).permutation(table.n).astype(np.float64)
    X = table.X.copy()
    bmi = list(table.feature_names).index("bmi")
    X[times > 0.8 * table.n, bmi] += 4 * X[:, bmi].std()
    assert "'bmi' lies" in sentence(examine(replace(table, X=X, times=times)))


# --- the quantities against others' ---


def test_rows_not_seen_are_scored_as_scikit_learns_ridge_scores_them() -> None:
    X, y = signal(200)
    found = compared(X[:150], y[:150], X[150:], y[150:])
    A, size = found.A, float((found.A**2).sum())
    tried = []
    for strength in STRENGTHS:
        scores = np.empty(150)
        for out in range(FOLDS):
            rows = found.fold == out
            # The ridge is the whole part's in every fold, as in the closed form.
            model = Ridge(alpha=strength * size).fit(A[~rows], y[:150][~rows])
            scores[rows] = model.predict(A[rows]) - y[:150][~rows].mean()
        tried.append(scores)
    assert any(np.allclose(found.scores[:, 0], scores, atol=1e-2) for scores in tried)
    weights = [Ridge(alpha=strength * size).fit(A, y[:150]).coef_ for strength in STRENGTHS]
    assert any(np.allclose(found.weights[:, 0], w) for w in weights)


def test_columns_move_as_scipys_kolmogorov_smirnov_says() -> None:
    random = np.random.default_rng(0)
    A, B = random.normal(size=(300, 5)), random.normal(size=(80, 5)) * [1, 1, 3, 1, 1] + [0, 0.5, 0, 2, 0]
    for chance in (0.2, 1e-3, 1e-6):
        oracle = [5 * ks_2samp(A[:, j], B[:, j], method="asymp").pvalue < chance for j in range(5)]
        assert moved(A, B, chance).tolist() == oracle


def test_two_rows_that_repeat_are_no_question_of_the_test_part() -> None:
    found = dataset("two-gaussians")
    which = np.random.default_rng(0).integers(0, 2, found.n)
    repeated = replace(found, X=np.ascontiguousarray(found.X[which]))
    for seed in range(3):
        letter = examine(repeated, split_seed=seed)
        assert letter.status is Health.UNLEARNABLE
        assert causes(letter) == ["no-diversity"]
