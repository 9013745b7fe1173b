"""Few rows for many weights: what is said to be helpless is, and what a weight decay mends is offered."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr
from sklearn.metrics import roc_auc_score

from lrtui.core.doctor.diagnosis import Health
from lrtui.core.doctor.quantities.signal import behind
from lrtui.datasets.dataset import Dataset
from tests.core.doctor.cases import causes, examine
from tests.core.doctor.test_data_causes import table


def few(seed: int, rows: int, columns: int, slope: float = 0.8) -> Dataset:
    """Of normal columns five matter; with a slope of 0 the labels are random."""
    random = np.random.default_rng(seed)
    X = random.normal(size=(rows, columns))
    return table(X, slope * X[:, :5].sum(axis=1) + random.logistic(size=rows) > 0)


# --- what rows cannot show ---


@pytest.mark.parametrize("apart", [0.8, 1.5, 2.5])
def test_behind_the_order_that_few_rows_teach_a_stronger_one_hides(apart: float) -> None:
    random, (rows, columns) = np.random.default_rng(0), (60, 90)
    found = []
    for _ in range(40):  # two normal classes, told apart by the difference of their means
        y = np.arange(rows) % 2
        X, new = random.normal(size=(rows, columns)), random.normal(size=(2_000, columns))
        truth = np.arange(2_000) % 2
        X[:, 0] += apart * y
        new[:, 0] += apart * truth
        found.append(roc_auc_score(truth, new @ (X[y == 1].mean(axis=0) - X[y == 0].mean(axis=0))))
    best = ndtr(apart / np.sqrt(2))
    assert np.mean(found) < best - 0.05
    assert behind(float(np.mean(found)), columns, rows, rows / 2) == pytest.approx(best, abs=0.03)


def test_behind_guessing_and_behind_many_rows_nothing_stronger_hides() -> None:
    assert behind(0.5, 100, 50, 25) == 0.5
    assert behind(0.7, 3, 100_000, 50_000) == pytest.approx(0.7, abs=1e-3)
    assert behind(0.6, 100, 50, 25) > behind(0.6, 10, 50, 25) > 0.6


@pytest.mark.parametrize(("rows", "columns"), [(80, 100), (60, 60), (30, 10)])
@pytest.mark.parametrize("seed", [0, 1])
def test_random_labels_of_a_wide_table_are_too_few_to_tell_and_never_learned(
    seed: int, rows: int, columns: int
) -> None:
    found = examine(few(seed, rows, columns, slope=0))
    assert (found.status, found.cause) == (Health.UNLEARNABLE, "too-little-data")
    evidence = found.findings[0].evidence
    assert evidence["auc_hidden"] > evidence["auc_by_chance"]


def test_random_labels_of_many_rows_for_each_weight_still_depend_on_nothing() -> None:
    found = examine(few(0, 300, 10, slope=0))
    assert (found.status, causes(found), found.fix) == (Health.UNLEARNABLE, ["no-signal"], None)


# --- what a weight decay mends ---


@pytest.mark.parametrize(("seed", "rows", "columns"), [(5, 80, 100), (7, 80, 100), (1, 60, 60)])
def test_weights_held_back_are_offered_where_they_make_a_run_better_than_knowing_nothing(
    seed: int, rows: int, columns: int
) -> None:
    found = examine(few(seed, rows, columns))
    assert (found.status, found.cause) == (Health.UNLEARNABLE, "too-little-data")
    assert found.fix is not None
    assert set(found.fix) == {"weight_decay"}
    assert found.findings[0].proved
    assert found.after.test_loss < found.findings[0].evidence["base_loss"] < found.before.test_loss
    assert "no setting can help" not in found.verdict
    assert "can be chance" in found.verdict


@pytest.mark.parametrize("seed", [2, 4, 5])
def test_a_run_that_no_decay_takes_below_knowing_nothing_is_offered_none(seed: int) -> None:
    found = examine(few(seed, 80, 100, slope=0))
    assert (found.status, found.cause, found.fix) == (Health.UNLEARNABLE, "too-little-data", None)
    assert "no setting can help" in found.verdict
    assert found.reference.test_loss > found.findings[0].evidence["base_loss"]


@pytest.mark.parametrize("seed", [0, 5, 6])
def test_a_run_that_has_learned_and_is_too_sure_is_healed_by_weight_decay(seed: int) -> None:
    found = examine(few(seed, 120, 60))
    assert (found.status, found.cause) == (Health.IMPROVABLE, "too-little-data")
    assert found.after.test_loss < found.before.test_loss - 0.05


# --- what has been learned all the same ---


@pytest.mark.parametrize(("seed", "rows", "columns"), [(4, 120, 60), (4, 60, 60)])
def test_a_run_that_few_rows_taught_something_is_not_said_to_be_past_help(
    seed: int, rows: int, columns: int
) -> None:
    found = examine(few(seed, rows, columns))
    assert (found.status, found.cause, found.fix) == (Health.HEALTHY, "too-little-data", None)
    assert (found.before.test_auc or 0) > 0.85
    evidence = found.findings[0].evidence
    assert found.before.test_loss < evidence["base_loss"] - 0.1
    assert "is worth something" in found.findings[0].sentence
    assert "no setting" not in found.findings[0].sentence.lower() + found.verdict.lower()


# --- evidence ---


@pytest.mark.parametrize(("seed", "columns"), [(0, 60), (4, 60), (5, 60)])
def test_the_loss_on_rows_seen_is_that_of_the_run(seed: int, columns: int) -> None:
    found = examine(few(seed, 120, columns))
    evidence = found.findings[0].evidence
    assert evidence["loss_seen"] == found.before.train_loss
    assert evidence["loss_seen"] > evidence["linear_loss"]  # the best straight model parts these classes
