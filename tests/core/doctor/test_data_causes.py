"""Whole diagnoses of data: too much alike, without signal, curved, of rare classes; and healthy ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.special import expit
from sklearn.datasets import load_breast_cancer, load_digits

from lrtui.core.doctor.causes.no_diversity import diversity, rounded
from lrtui.core.doctor.diagnosis import Health
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.source import Source
from tests.core.doctor.cases import causes, examine
from tests.core.doctor.many_classes import made

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
AND, OR, XOR = [0, 0, 0, 1], [0, 1, 1, 1], [0, 1, 1, 0]


def table(X: Any, y: Any) -> Dataset:
    found = made(np.asarray(X), np.asarray(y).astype(np.int8), ("no", "yes"))
    return replace(found, source=Source("made"))


# --- diversity ---


@pytest.mark.parametrize(
    ("labels", "times", "status"),
    [
        (AND, 10, Health.IMPROVABLE),
        (OR, 50, Health.HEALTHY),
    ],
)
def test_a_repeated_truth_table_that_a_line_learns_is_learned(
    labels: list[int], times: int, status: Health
) -> None:
    found = examine(table(np.tile(CORNERS, (times, 1)), np.tile(labels, times)))
    assert found.before.test_balanced_accuracy == 1.0
    assert found.status is status


@pytest.mark.parametrize("times", [1, 10])
def test_the_rows_of_exclusive_or_are_curved_and_products_learn_them(times: int) -> None:
    data = table(np.tile(CORNERS, (2 * times, 1)), np.tile(XOR, 2 * times))
    found = examine(replace(data, in_test=np.arange(8 * times) >= 4 * times))
    assert (found.status, found.cause) == (Health.SICK, "non-linear")
    assert (found.fix or {})["features"] == "poly2"
    assert found.after is not None
    assert found.after.test_balanced_accuracy == 1.0


@pytest.mark.parametrize("scaling", ["none", "standard", "minmax"])
def test_rows_that_differ_by_next_to_nothing_are_the_same_row(scaling: str) -> None:
    random = np.random.default_rng(0)
    X = np.array([1.0, 5.0, -3.0, 0.0]) + 1e-9 * random.normal(size=(300, 4))
    found = examine(table(X, random.random(300) < 0.5), scaling=scaling)
    assert (found.status, found.cause) == (Health.UNLEARNABLE, "no-diversity")


def test_small_differences_that_the_labels_follow_are_data() -> None:
    random = np.random.default_rng(0)
    far = 1 + 1e-7 * random.normal(size=(400, 2))
    found = examine(table(far, far[:, 0] + 2e-8 * random.normal(size=400) > 1), scaling="standard")
    assert found.status is not Health.UNLEARNABLE
    assert "no-diversity" not in causes(found)


def test_what_float32_cannot_tell_apart_is_counted_as_the_same() -> None:
    X = np.array([[1.0, 1e6], [1 + 1e-9, 1e6 + 1e-3], [2.0, 1e6]])
    assert diversity(rounded(X)) == (2, pytest.approx(1 / 3), 1)
    assert diversity(rounded(1e-9 * np.arange(6.0).reshape(3, 2)))[0] == 3  # small all over is no sameness


def test_a_table_of_categories_alone_is_data() -> None:
    random = np.random.default_rng(0)
    levels, weights = random.integers(0, 4, (600, 3)), 1.2 * random.normal(size=(3, 4))
    z = sum(weights[j][levels[:, j]] for j in range(3))
    X = np.concatenate([np.eye(4)[levels[:, j]] for j in range(3)], axis=1)
    found = examine(table(X, random.random(600) < expit(z)))
    assert found.status is not Health.UNLEARNABLE


def test_few_distinct_rows_that_say_nothing_are_no_data() -> None:
    random = np.random.default_rng(0)
    for distinct in (1, 2, 4):
        X = random.normal(size=(distinct, 5))[np.arange(300) % distinct]
        found = examine(table(X, random.permutation(np.arange(300) % 2)))
        assert (found.status, found.cause) == (Health.UNLEARNABLE, "no-diversity")


# --- little data ---


def test_wide_tables_of_few_rows_that_were_learned_are_not_given_up() -> None:
    random, digits = np.random.default_rng(0), load_digits()
    rows = random.permutation(np.flatnonzero(digits.target < 2))[:100]
    X = np.column_stack([digits.data[rows], random.normal(size=(100, 300))])
    found = examine(table(X, digits.target[rows]), epochs=50)
    assert (found.before.test_balanced_accuracy or 0) > 0.9
    assert found.status is not Health.UNLEARNABLE


def test_too_few_rows_to_tell_say_so_in_plain_words() -> None:
    random = np.random.default_rng(3)
    found = examine(table(random.normal(size=(20, 8)), np.arange(20) % 2))
    assert (found.status, found.cause) == (Health.UNLEARNABLE, "too-little-data")


def test_a_dozen_rows_learned_by_heart_are_too_few_and_no_other_test_part() -> None:
    random = np.random.default_rng(0)
    X, weights = random.normal(size=(800, 10)), random.normal(size=10)
    p = 1 / (1 + np.exp(-4 * X @ weights / np.linalg.norm(weights)))
    y = (random.random(800) < p).astype(int)
    rows = random.permutation(800)
    rows = np.concatenate([rows[200:212], rows[:200]])
    data = replace(table(X[rows], y[rows]), in_test=np.arange(212) >= 12)
    found = examine(data, scaling="none", lr=0.5, epochs=150)
    assert (found.status, found.cause) == (Health.UNLEARNABLE, "too-little-data")


def test_real_features_with_shuffled_labels_are_no_signal_and_the_letter_says_what_could_hide() -> None:
    random, cancer = np.random.default_rng(100), load_breast_cancer()
    found = examine(table(cancer.data, random.permutation(cancer.target)), epochs=20)
    assert (found.status, found.cause) == (Health.UNLEARNABLE, "no-signal")
    evidence = found.findings[0].evidence
    assert evidence["auc_low"] <= 0.5 <= evidence["auc_high"]
    assert min(evidence["p"], evidence["p_linear"]) > 0.005
    assert "may hide" in found.findings[0].sentence


# --- curves ---


@pytest.mark.parametrize("seed", [1, 4])
def test_one_label_for_all_is_no_answer_where_a_faint_curve_gives_two(seed: int) -> None:
    random = np.random.default_rng(seed)
    X = random.normal(size=(3000, 9))
    y = 0.35 * X[:, 2] ** 2 - 0.8 + random.logistic(size=3000) > 0
    found = examine(table(X, y))
    assert found.single_label
    assert (found.status, found.cause) == (Health.SICK, "non-linear")
    assert found.fix is not None
    assert found.fix["features"] == "poly2"
    assert found.findings[0].proved
    assert found.after.majority_share < 0.95
    assert found.after.test_balanced_accuracy > found.before.test_balanced_accuracy


def test_a_product_of_two_among_twenty_columns_is_curved() -> None:
    random = np.random.default_rng(1)
    X = random.normal(size=(600, 20))
    found = examine(table(X, random.random(600) < expit(2.5 * X[:, 3] * X[:, 7])), epochs=20)
    assert (found.status, found.cause) == (Health.SICK, "non-linear")
    assert (found.fix or {})["features"] == "poly2"
    assert "x3 × x7" in found.findings[0].sentence


def test_parity_of_three_among_six_binary_columns_is_curved() -> None:
    bits = np.random.default_rng(0).random((500, 6)) < 0.5
    found = examine(table(bits.astype(float), bits[:, 0] ^ bits[:, 2] ^ bits[:, 5]))
    assert (found.status, found.cause) == (Health.SICK, "non-linear")
    assert (found.fix or {})["features"] == "poly3"
    assert found.after is not None
    assert found.after.test_balanced_accuracy == 1.0


# --- rare classes ---


@pytest.mark.parametrize(("rate", "slope"), [(0.16, 0.8), (0.24, 0.5)])
def test_one_label_at_any_base_rate_is_flagged_where_another_threshold_does_better(
    rate: float, slope: float
) -> None:
    random = np.random.default_rng(0)
    X = random.normal(size=(1500, 4))
    z = np.log(rate / (1 - rate)) + slope * X[:, 0] + slope / 2 * X[:, 1]
    found = examine(table(X, random.random(1500) < expit(z)), epochs=50)
    assert (found.status, found.cause) == (Health.SICK, "imbalance")
    evidence = found.findings[0].evidence
    assert evidence["gain"] > 2.5 * evidence["gain_error"]


def test_balanced_classes_and_tuned_thresholds_are_left_in_peace() -> None:
    random = np.random.default_rng(0)
    X = random.normal(size=(1500, 4))
    even = table(X, random.random(1500) < expit(X[:, 0]))
    rare = table(X, random.random(1500) < expit(1.5 * X[:, 0] - 3))
    assert examine(even, epochs=50).status is Health.HEALTHY
    for threshold in (0.08, "base-rate"):
        assert examine(rare, threshold=threshold, epochs=50).status is Health.HEALTHY
