"""Whether labels depend on the features: likelihood ratios, products of columns, whole truth tables."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import chi2
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, log_loss

from lrtui.core.config import Config
from lrtui.core.doctor.problem_analysis import ProblemAnalysis
from lrtui.core.doctor.quantities.dependence import dependence, shuffled
from lrtui.core.doctor.quantities.paired import balanced_gain, lowest_balanced_accuracy
from lrtui.core.doctor.quantities.products import missing_product
from lrtui.core.doctor.quantities.signal import learned
from lrtui.core.doctor.quantities.smoothers import FOLDS, folds
from lrtui.core.doctor.quantities.truth_tables import truth_table
from lrtui.core.doctor.view import View
from lrtui.core.training.problem import problem_of
from tests.core.doctor.many_classes import made

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def view(X: np.ndarray, y: np.ndarray, classes: int = 2) -> View:
    return View(np.column_stack([X, np.ones(len(X))]), y.astype(np.float64), np.ones(len(X)), classes)


def oracle(X: np.ndarray, y: np.ndarray) -> float:
    """Wilks' test by scikit-learn and scipy."""
    full = LogisticRegression(C=1e10, tol=1e-10, max_iter=10_000).fit(X, y).predict_proba(X)
    base = np.tile(np.bincount(y) / len(y), (len(y), 1))
    won = log_loss(y, base, normalize=False) - log_loss(y, full, normalize=False)
    return float(chi2.sf(2 * won, X.shape[1] * (len(np.unique(y)) - 1)))


@pytest.mark.parametrize("classes", [2, 3])
def test_the_likelihood_ratio_is_that_of_scikit_learn_and_scipy(classes: int) -> None:
    random = np.random.default_rng(classes)
    X = random.normal(size=(800, 3))
    y = (X[:, 0] * 0.3 + random.gumbel(size=(classes, 800)) * np.arange(1, classes + 1)[:, None]).argmax(0)
    y = np.where(random.random(800) < expit(0.3 * X[:, 0]), y, 0)
    assert dependence(view(X, y, classes)) == pytest.approx(oracle(X, y), rel=1e-3)


def test_parts_that_differ_in_their_base_rate_alone_show_no_dependence() -> None:
    random = np.random.default_rng(0)
    first, second = random.normal(size=(600, 2)), random.normal(size=(600, 2)) + 1
    parts = view(first, np.arange(600) % 2), view(second, np.arange(600) % 10 > 0)
    together = view(np.vstack([first, second]), np.concatenate([part.y for part in parts]))
    assert dependence(together) < 1e-9  # one base rate for both blames the columns
    assert dependence(*parts) > 0.05


def test_of_few_rows_shuffled_labels_tell_and_as_many_columns_as_rows_tell_nothing() -> None:
    random = np.random.default_rng(1)
    X = random.normal(size=(60, 10))
    assert dependence(view(X, X[:, 0] + random.normal(size=60) > 0)) == 1 / 200
    assert dependence(view(X, random.random(60) < 0.5)) > 0.01
    assert dependence(view(random.normal(size=(20, 30)), np.arange(20) % 2)) == 1.0
    p = [
        shuffled(random.normal(size=(40, 5)), random.permutation(np.arange(40) % 2), np.zeros(40, int))
        for _ in range(60)
    ]
    assert 1 <= sum(one <= 0.1 for one in p) <= 14  # six are expected


def test_weak_signal_that_a_likelihood_ratio_proves_is_never_called_none() -> None:
    proved = 0
    for seed in range(25):
        random = np.random.default_rng(seed)
        X = random.normal(size=(1000, 2))
        y = (random.random(1000) < expit(0.9 + 0.25 * X[:, 0] + 0.1 * X[:, 1])).astype(np.int8)
        if oracle(X, y.astype(int)) < 0.01:
            proved += 1
            analysis = ProblemAnalysis(problem_of(made(X, y, ("0", "1")), Config()), Config())
            assert analysis.unlearnable is None, seed
    assert proved >= 15  # the test has that power


# --- products ---


@pytest.mark.parametrize(("which", "degree"), [((3, 7), 2), ((2, 2), 2), ((0, 4, 5), 3)])
def test_a_product_among_many_columns_is_found_by_its_columns(which: tuple[int, ...], degree: int) -> None:
    random = np.random.default_rng(0)
    X = random.normal(size=(2000, 30))
    found = missing_product(view(X, random.random(2000) < expit(1.2 * X[:, which].prod(axis=1))))
    assert (found.columns, found.degree) == (which, degree)
    assert found.p < 1e-6


def test_columns_that_say_nothing_and_columns_that_a_line_learns_lack_no_product() -> None:
    for seed in range(20):
        random = np.random.default_rng(seed)
        X = random.normal(size=(1000, 12)) ** (1 + 2 * (seed % 2))  # heavy tails, too
        y = random.random(1000) < (0.1 if seed % 3 else expit(np.clip(2 * X[:, 0] + X[:, 1] - 1, -9, 9)))
        assert missing_product(view(X, y)).p > 0.001


def test_a_products_p_is_that_of_its_score_recomputed() -> None:
    random = np.random.default_rng(5)
    X = random.choice([-1.0, 1.0], size=(4000, 2))
    y = random.random(4000) < expit(0.15 * X[:, 0] * X[:, 1])
    found = missing_product(view(X, y))
    full = np.column_stack([X, X[:, 0] * X[:, 1]])
    won = [
        log_loss(y, LogisticRegression(C=1e10, tol=1e-10).fit(A, y).predict_proba(A), normalize=False)
        for A in (X, full)
    ]
    assert found.counted in (3, 4)  # of two columns, or of three: the product times a square is the same
    assert found.p == pytest.approx(found.counted * chi2.sf(2 * (won[0] - won[1]), 1), rel=0.2)


def test_parity_of_three_among_six_is_no_lack_of_signal() -> None:
    bits = np.random.default_rng(0).random((600, 6)) < 0.5
    y = (bits[:, 0] ^ bits[:, 2] ^ bits[:, 5]).astype(np.int8)
    data = made(bits.astype(float), y, ("even", "odd"))
    assert ProblemAnalysis(problem_of(data, Config()), Config()).unlearnable is None


# --- whole tables ---


@pytest.mark.parametrize("labels", [[0, 0, 0, 1], [0, 1, 1, 1], [0, 1, 1, 0]])
@pytest.mark.parametrize("times", [1, 10])
def test_a_truth_table_leaves_nothing_to_be_guessed(labels: list[int], times: int) -> None:
    X, y = np.tile(CORNERS, (times, 1)), np.tile(labels, times)
    assert truth_table(view(X, y))
    assert truth_table(view(np.column_stack([X, 1 - X]), y))  # both flags of a category
    assert truth_table(view(X * [1000, 0.1] + 7, y))


def test_a_table_with_a_gap_or_two_labels_for_one_row_is_none() -> None:
    random = np.random.default_rng(0)
    assert not truth_table(view(CORNERS[:3], np.array([0, 1, 1])))
    assert not truth_table(view(np.vstack([CORNERS, CORNERS]), np.arange(8) % 5 > 1))
    assert not truth_table(view(random.normal(size=(20, 3)), np.arange(20) % 2))
    assert not truth_table(
        view(np.arange(20.0)[:, None], np.arange(20) % 2)
    )  # one column: any table is whole


def test_rows_alike_by_few_values_are_divided_one_by_one_and_copies_together() -> None:
    random = np.random.default_rng(0)
    coarse = np.tile(CORNERS, (50, 1))
    fold = folds(coarse, random)
    assert all(len(np.unique(fold[np.arange(200) % 4 == row])) == FOLDS for row in range(4))
    copied = random.normal(size=(20, 4))[np.arange(200) % 20]
    fold = folds(copied, random)
    assert all(len(np.unique(fold[np.arange(200) % 20 == row])) == 1 for row in range(20))
    assert len(np.unique(folds(np.ones((30, 2)), random))) == FOLDS  # one row over and over


# --- balanced accuracy and its error ---


def test_a_gain_in_balanced_accuracy_has_the_error_that_bootstraps_show() -> None:
    random = np.random.default_rng(0)
    y = random.random(400) < 0.2
    before = np.where(random.random(400) < 0.7, y, ~y)
    after = np.where(random.random(400) < 0.3, y, before)
    found = balanced_gain(before, after, y)
    assert found.mean == pytest.approx(
        balanced_accuracy_score(y, after) - balanced_accuracy_score(y, before)
    )
    won, drawn = (after == y) * 1.0 - (before == y), random.integers(400, size=(2000, 400))
    seen = sum((won * own)[drawn].sum(1) / own[drawn].sum(1) for own in (y, ~y)) / 2
    assert found.error == pytest.approx(np.std(seen), rel=0.1)


def test_a_gain_is_weighed_with_another_by_its_precision() -> None:
    y = np.arange(1000) % 2
    random = np.random.default_rng(0)
    before, after = random.integers(2, size=1000), random.integers(2, size=1000)
    whole = balanced_gain(before, after, y)
    halves = [balanced_gain(before[cut], after[cut], y[cut]) for cut in (slice(500), slice(500, None))]
    both = halves[0].with_other(halves[1])
    assert both.mean == pytest.approx(whole.mean, abs=whole.error / 5)
    assert both.error == pytest.approx(whole.error, rel=0.05)


def test_few_rows_prove_nothing_however_right_they_are() -> None:
    assert lowest_balanced_accuracy([[2, 0], [0, 2]]) < 0.5
    assert lowest_balanced_accuracy([[40, 2], [2, 40]]) > 0.5
    assert lowest_balanced_accuracy([[40, 0], [40, 0]]) < 0.5
    four = view(np.array([[0.0], [0.1], [2.0], [3.0]]), np.array([0, 0, 1, 1]))
    assert not learned([[2, 0], [0, 2]], four, np.array([1.0, -1.0]))
