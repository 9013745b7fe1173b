"""The benchmark's two axes of health, against scikit-learn, statsmodels' formulas and arithmetic."""

from __future__ import annotations

from dataclasses import replace
from math import inf, log
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, log_loss, roc_auc_score

from lrtui.core.config import Config, changed
from lrtui.core.training.problem import problem_of
from tests.benchmarks.doctor.axes import Axes, axes, measured
from tests.benchmarks.doctor.generated import linear, table
from tests.benchmarks.doctor.records import Setup
from tests.benchmarks.doctor.reference import clipped, reference
from tests.benchmarks.doctor.runs import Answers, auc, run

TABLE = linear("a table", 3, n=400, p=4, strength=2.5)
SETUP = Setup(TABLE, Config())
APART = table("apart", np.linspace(-1, 1, 200)[:, None], np.arange(200) >= 100)


def some(setup: Setup = SETUP, **fields: Any) -> Answers:
    """The ridge's answers, some fields of them replaced."""
    return replace(reference(setup).ridge, **fields)


def test_the_lowest_training_loss_is_scikit_learns() -> None:
    problem = problem_of(TABLE, Config(), single=False)
    known = LogisticRegression(C=inf, solver="newton-cholesky", tol=1e-10).fit(
        problem.X_train, problem.y_train
    )
    lowest = log_loss(problem.y_train, known.predict_proba(problem.X_train))
    assert reference(SETUP).loss == pytest.approx(lowest, abs=1e-6)
    share = float(problem.y_train.mean())
    assert reference(SETUP).base == pytest.approx(-share * log(share) - (1 - share) * log(1 - share))


def test_of_columns_that_are_nearly_equal_the_lowest_loss_is_found_too() -> None:
    random = np.random.default_rng(0)
    a, d = random.normal(size=(2, 800))
    y = random.random(800) < 1 / (1 + np.exp(-2.5 * d))
    whole = reference(Setup(table("turned", np.column_stack([a, d]), y), Config()))
    pair = reference(Setup(table("a pair", np.column_stack([a, a + 1e-4 * d]), y), Config()))
    assert pair.loss == pytest.approx(whole.loss, abs=1e-5)


def test_where_the_classes_lie_apart_it_is_the_infimum() -> None:
    assert reference(Setup(APART, Config())).loss < 1e-4


def test_scale_and_centre_of_the_columns_are_nothing_to_it() -> None:
    moved = replace(TABLE, X=TABLE.X * (1e4, 1, 1e-3, 1) + (0, 500, 0, -3))
    one, two = reference(SETUP), reference(Setup(moved, changed(Config(), scaling="none", lr=1e-6)))
    assert two.loss == pytest.approx(one.loss, abs=1e-6)
    assert two.ridge.level.loss == pytest.approx(one.ridge.level.loss, abs=1e-4)


def test_a_ridge_is_chosen_that_wide_tables_need() -> None:
    wide = Setup(linear("wide", 5, n=250, p=80, strength=2.0), Config())
    problem = problem_of(wide.dataset, wide.config, single=False)
    bare = LogisticRegression(C=1e9, max_iter=5_000).fit(problem.X_train, problem.y_train)
    assert (
        reference(wide).ridge.level.loss
        < log_loss(problem.y_test, bare.predict_proba(problem.X_test)) - 0.05
    )


def test_losses_and_scores_are_scikit_learns() -> None:
    found = run(SETUP)
    p = 1 / (1 + np.exp(-found.test))
    assert found.level.loss == pytest.approx(log_loss(found.y_test, p))
    known = balanced_accuracy_score(found.y_test, p >= 0.5)
    assert found.level.balanced_accuracy == pytest.approx(known)
    assert found.auc == pytest.approx(roc_auc_score(found.y_test, p))
    logits = np.random.default_rng(0).normal(size=(60, 3))
    labels = (np.arange(60) % 3).astype(np.int8)
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    many = Answers(logits, logits, labels, labels, np.ones(60), np.ones(60), 0.5)
    assert many.level.loss == pytest.approx(log_loss(labels, shares))
    assert auc(logits, labels) == pytest.approx(roc_auc_score(labels, shares, multi_class="ovr"))


def test_far_cells_are_brought_near_and_no_others() -> None:
    X = np.random.default_rng(0).normal(size=(300, 2))
    assert clipped(X, X) is None
    far = X.copy()
    far[5, 0] = 1e7
    near = clipped(far, far)
    assert near is not None
    assert abs(near[0][5, 0]) < 10
    np.testing.assert_allclose(near[0][:, 1], (X[:, 1] - X[:, 1].mean()) / X[:, 1].std())


def test_a_run_as_good_as_the_reference_is_healthy_on_both_axes() -> None:
    assert axes(SETUP).status == "healthy"
    assert measured(some(), reference(SETUP)).fine


def test_a_large_loss_under_right_labels_spoils_the_probabilities_alone() -> None:
    sure = some(test=50 * reference(SETUP).ridge.test)
    found = measured(sure, reference(SETUP))
    assert (found.labels, found.probabilities, found.status) == (True, False, "improvable")


def test_turned_labels_spoil_the_labels() -> None:
    found = measured(some(test=-reference(SETUP).ridge.test), reference(SETUP))
    assert (found.labels, found.status) == (False, "sick")


def test_one_label_is_bad_where_two_would_do_better() -> None:
    ridge = reference(SETUP).ridge
    found = measured(some(test=ridge.test + 100), reference(SETUP))
    assert (found.single_label, found.labels) == (True, False)


def test_the_base_rate_as_threshold_can_be_had_where_training_rows_show_it() -> None:
    rare = Setup(linear("rare", 1, n=4000, p=3, strength=1.2, rate=0.1), Config())
    best = reference(rare)
    at_base_rate = reference(rare.having(threshold="base-rate")).ridge.level.balanced_accuracy
    assert best.ridge.level.balanced_accuracy < 0.6 < best.level.balanced_accuracy
    assert best.level.balanced_accuracy == pytest.approx(at_base_rate)
    assert axes(rare).status == "sick"


@pytest.mark.parametrize(
    ("below", "above", "single", "doubtful", "status"),
    [
        (0.0, 0.0, False, False, "healthy"),
        (0.05, 0.0, False, True, ""),  # on the bar of the labels
        (0.0, 1.1, False, True, ""),  # on that of the probabilities
        (0.05, 5.0, False, False, ""),  # something is wrong for sure, and what is it called?
        (0.1, 1.0, False, False, "sick"),
        (0.0, 2.0, False, False, "improvable"),
        (0.1, 0.0, True, False, "sick"),
        (0.0, 0.0, True, True, ""),  # one label, and nothing does better
    ],
)
def test_cases_on_a_bar_are_doubtful(
    below: float, above: float, single: bool, doubtful: bool, status: str
) -> None:
    found = Axes(below, above, single)
    assert (found.doubtful, found.status) == (doubtful, status)
