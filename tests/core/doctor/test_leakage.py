"""Columns that give the answer away are dropped, whatever they look like; strong ones are left in peace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine, make_blobs
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import roc_auc_score

from lrtui.core.doctor.causes.leakage import leak
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.doctor.quantities.separation import area, discriminant, separation, smallest_set
from lrtui.core.doctor.view import View
from lrtui.datasets.array_types import Floats
from lrtui.datasets.dataset import Dataset
from tests.core.doctor.cases import causes, dataset, examine
from tests.core.doctor.many_classes import made, real

Random = np.random.Generator


def view(X: Floats, y: Floats, classes: int = 2) -> View:
    X = (X - X.mean(axis=0)) / np.maximum(X.std(axis=0), 1e-12)
    return View(np.column_stack([X, np.ones(len(X))]), y.astype(np.float64), np.ones(len(X)), classes)


def columns(X: Floats, y: Floats, classes: int = 2) -> set[int]:
    """The numbers of the columns that are blamed."""
    found = leak(view(X, y, classes), [str(j) for j in range(X.shape[1])])
    return set() if found is None else {int(name) for name in found.columns}


# --- what a leak may look like ---


def flipped(y: Floats, share: float, random: Random) -> Floats:
    some = random.choice(len(y), max(1, round(share * len(y))), replace=False)
    found = y.astype(np.float64)
    found[some] = 1 - found[some]
    return found


def difference(y: Floats, noise: float, random: Random) -> Floats:
    before = random.normal(50, 20, len(y))
    return np.column_stack([before + 3 * y + random.normal(0, noise, len(y)), before])


LEAKS: dict[str, Callable[[Floats, Random], Floats]] = {
    "a copy": lambda y, _: y,
    "the other way round": lambda y, _: 1000 - 250 * y,
    "two copies": lambda y, _: np.column_stack([y, y]),
    "1 in 500 wrong": lambda y, r: flipped(y, 0.002, r),
    "1 in 100 wrong": lambda y, r: flipped(y, 0.01, r),
    "a little noise": lambda y, r: y + r.normal(0, 0.05, len(y)),
    "some noise": lambda y, r: y + r.normal(0, 0.2, len(y)),
    "a copy and a noisy copy": lambda y, r: np.column_stack([y, y + r.normal(0, 0.1, len(y))]),
    "a difference of two": lambda y, r: difference(y, 0.0, r),
    "a noisy difference of two": lambda y, r: difference(y, 0.2, r),
    "a sum that holds its parts": lambda y, r: np.insert(
        (parts := r.normal(0, 3, (len(y), 2))), 0, parts.sum(axis=1) + y, axis=1
    ),
    "an amount that only one class has": lambda y, r: np.where(y == 1, r.lognormal(3, 1, len(y)), 0.0),
}


@pytest.mark.parametrize("kind", LEAKS)
def test_a_leak_is_found_and_nothing_else_is_blamed(kind: str) -> None:
    random = np.random.default_rng(0)
    honest = random.normal(size=(400, 6))
    y = (random.random(400) < 1 / (1 + np.exp(0.5 - honest[:, 0] - honest[:, 1]))).astype(np.float64)
    X = np.column_stack([honest, LEAKS[kind](y, random)])
    assert columns(X, y) == set(range(6, X.shape[1]))


@pytest.mark.parametrize("kind", ["a copy", "two copies", "1 in 100 wrong", "a little noise"])
def test_a_leak_is_found_where_the_others_are_nearly_as_good(kind: str) -> None:
    table = load_breast_cancer()
    y = table.target.astype(np.float64)
    X = np.column_stack([table.data, LEAKS[kind](y, np.random.default_rng(1))])
    assert columns(X, y) == set(range(30, X.shape[1]))


@pytest.mark.parametrize("told", ["every class", "one class"])
def test_a_leak_is_found_among_more_than_two_classes(told: str) -> None:
    random = np.random.default_rng(0)
    y = random.integers(0, 4, 600)
    X = random.normal(size=(600, 5)) + 0.5 * y[:, None]
    answer = y[:, None] if told == "every class" else (y == 2)[:, None]
    assert columns(np.column_stack([X, answer]), y, 4) == {5}


# --- what is no leak ---


def tables() -> Iterator[tuple[str, Floats, Floats]]:
    """Pairs of classes of scikit-learn's tables."""
    for name, load in (("iris", load_iris), ("wine", load_wine), ("digits", load_digits)):
        table = load()
        pairs = list(combinations(np.unique(table.target), 2))
        for a, b in pairs if name != "digits" else pairs[::15]:
            rows = np.isin(table.target, [a, b])
            yield f"{name} {a} {b}", table.data[rows], (table.target[rows] == b).astype(np.float64)
    table = load_breast_cancer()
    yield "breast cancer", table.data, table.target.astype(np.float64)


@pytest.mark.parametrize(("X", "y"), [pytest.param(X, y, id=name) for name, X, y in tables()])
def test_real_columns_however_strong_are_no_leak(X: Floats, y: Floats) -> None:
    assert columns(X, y) == set()


def drawn(logits: Floats, random: Random) -> Floats:
    return (random.random(len(logits)) < 1 / (1 + np.exp(-logits))).astype(np.float64)


HONEST: dict[str, Callable[[Random, int], tuple[Floats, Floats]]] = {
    "one steep column": lambda r, p: (X := r.normal(size=(300, p)), drawn(10 * X[:, 0], r)),
    "one steep even column": lambda r, p: (X := r.uniform(-2, 2, (300, p)), drawn(10 * X[:, 0], r)),
    "a steep difference": lambda r, p: (X := r.normal(size=(300, p)), drawn(20 * (X[:, 0] - X[:, 1]), r)),
    "a line without error": lambda r, p: (X := r.normal(size=(300, p)), (X[:, 0] > X[:, 1]).astype(float)),
    "one column alone": lambda r, p: (X := r.normal(size=(300, 1)), drawn(10 * X[:, 0], r)),
    "columns of 0 and 1": lambda r, p: (
        X := (r.normal(size=(300, p)) > 0) * 1.0,
        drawn(6 * X[:, 0] - 3, r),
    ),
    "blobs": lambda r, p: make_blobs(300, p, centers=2, cluster_std=1.0, random_state=int(r.integers(1e6))),
    "tight blobs": lambda r, p: make_blobs(
        300, p, centers=2, cluster_std=0.2, random_state=int(r.integers(1e6))
    ),
}


@pytest.mark.parametrize("kind", HONEST)
def test_honest_columns_however_strong_are_no_leak(kind: str) -> None:
    for seed in range(2):
        random = np.random.default_rng(seed)
        X, y = HONEST[kind](random, int(random.integers(2, 14)))
        assert columns(X, y) == set(), seed


def test_a_column_that_alone_says_anything_may_be_a_leak_or_not() -> None:
    random = np.random.default_rng(0)
    table = dataset("two-gaussians:n=300")
    X = np.column_stack([table.y, random.normal(size=(300, 3))])
    found = examine(replace(table, X=X, feature_names=tuple("abcd")))
    assert (found.status, causes(found), found.fix) == (Health.CANNOT_TELL, ["leakage"], None)
    assert not found.findings[0].proved
    assert "only who knows where it comes from can tell" in found.findings[0].sentence


# --- the letter ---


def leaky(*answers: Floats) -> Dataset:
    table = dataset("diabetes-median")
    names = (*table.feature_names, *(f"answer{i}" for i in range(len(answers))))
    return replace(table, X=np.column_stack([table.X, *answers]), feature_names=names)


def test_all_leaking_columns_are_dropped_and_the_letter_says_what_is_left() -> None:
    y = dataset("diabetes-median").y
    found = examine(leaky(y, 1 - y), epochs=50)
    honest = examine("diabetes-median", epochs=50).before.test_balanced_accuracy
    assert (found.status, causes(found)) == (Health.SICK, ["leakage"])
    assert found.fix == {"drop_columns": ("answer0", "answer1")}
    assert found.before.test_balanced_accuracy == 1.0
    assert found.after is not None
    assert found.after.test_balanced_accuracy == honest
    assert f"Without them balanced accuracy is {honest:.2f}, with them 1.00." in found.findings[0].sentence


def test_a_run_on_products_of_a_leak_is_told_the_column() -> None:
    table = leaky(dataset("diabetes-median").y)
    kept = replace(table, X=np.ascontiguousarray(table.X[:, -5:]), feature_names=table.feature_names[-5:])
    assert examine(kept, features="poly2", epochs=50).fix == {"drop_columns": ("answer0",)}


def test_a_leak_among_many_classes_is_dropped() -> None:
    wine = real("wine")
    random = np.random.default_rng(0)
    y = np.where(random.random(wine.n) < 0.4, random.integers(0, 3, wine.n), wine.y)
    found = examine(made(np.column_stack([wine.X, y]), y, ("a", "b", "c")), epochs=50)
    assert found.cause == "leakage"
    assert found.fix is not None
    assert found.fix["drop_columns"] == ("x13",)


# --- the quantities against others' ---


@settings(max_examples=20)
@given(st.integers(4, 60), st.integers(0, 10_000))
def test_the_area_is_scikit_learns(n: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    own, scores = np.arange(n) % 2 == 1, random.integers(0, 6, n).astype(np.float64)  # ties
    assert area(scores, own) == pytest.approx(roc_auc_score(own, scores))


def test_the_discriminant_is_scikit_learns_for_rows_not_seen() -> None:
    random = np.random.default_rng(0)
    own, fold = np.arange(200) % 3 == 0, np.arange(200) % 5
    X = random.normal(size=(200, 4)) @ random.normal(size=(4, 4)) + 0.8 * own[:, None]
    found = discriminant(X, own, fold)
    for out in range(5):
        seen = fold != out
        oracle = LinearDiscriminantAnalysis().fit(X[seen], own[seen]).decision_function(X[~seen])
        assert np.corrcoef(found[~seen], oracle)[0, 1] == pytest.approx(1, abs=1e-9)


def test_the_smallest_set_is_the_pair_that_brute_force_finds() -> None:
    random = np.random.default_rng(0)
    X, own = random.normal(size=(300, 12)), np.arange(300) % 2 == 1
    X[:, 4] = X[:, 9] + 0.5 * own + random.normal(0, 0.02, 300)

    def told(pair: tuple[int, ...]) -> float:
        model = LinearDiscriminantAnalysis().fit(X[:, pair], own)
        return float(roc_auc_score(own, model.decision_function(X[:, pair])))

    best = max(combinations(range(12), 2), key=told)
    assert tuple(smallest_set(X, own, 3)) == best == (4, 9)


def test_a_sharp_cut_through_one_hill_leaves_no_valley_and_two_hills_do() -> None:
    random = np.random.default_rng(0)
    hill = random.normal(size=600)
    assert not separation(hill, hill > 0).valley
    own = np.arange(600) % 2 == 1
    found = separation(own + random.normal(0, 0.2, 600), own)
    assert found.valley
    assert found.tightness == pytest.approx(5, rel=0.15)
    assert separation(own.astype(np.float64), own).tightness == inf
