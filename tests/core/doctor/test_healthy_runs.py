"""Runs that are well, and runs whose labels are while their probabilities are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lrtui.core.doctor.diagnosis import Health
from tests.core.doctor.cases import causes, dataset, examine, shifted
from tests.core.doctor.many_classes import made


def test_separable_classes_are_information_and_no_alarm() -> None:
    found = examine("separable")
    assert (found.status, causes(found), found.fix) == (Health.HEALTHY, ["separable"], None)


HEALTHY: list[tuple[str, str, dict[str, Any]]] = [
    ("as it comes", "breast-cancer", {}),
    ("as it comes", "two-gaussians:n=300", {}),
    ("as it comes", "diabetes-median", {}),
    ("zeros", "breast-cancer", {"init": "zeros"}),
    ("tiny values", "diabetes-median", {"init": "normal", "init_std": 1e-4}),
    ("a large learning rate on separable data", "separable", {"lr": 50.0}),
    ("all rows at once, lr·L = 1.5", "diabetes-median", {"batch_size": 0, "lr": 1.5 / 1.0}),
    ("another optimizer", "wine-1", {"optimizer": "adam", "lr": 0.05, "epochs": 30}),
    ("hard", "two-gaussians:noise=1.9,n=1000", {}),
    ("not shuffled, in no order", "two-gaussians:n=300", {"shuffle": False}),
    ("a sigmoid that does not saturate", "diabetes-median", {"loss": "bce"}),
    ("a little weight decay", "breast-cancer", {"weight_decay": 0.001}),
    ("class weights", "wine-1", {"class_weight": "balanced"}),
    ("stopped early, and learned enough", "two-gaussians:n=300", {"patience": 1}),
    ("features already bent", "circles:n=200", {"features": "poly2"}),
]


@pytest.mark.parametrize(("name", "data", "values"), HEALTHY)
def test_a_healthy_run_is_left_in_peace(name: str, data: str, values: dict[str, Any]) -> None:
    found = examine(data, **values)
    assert found.status is Health.HEALTHY, f"{name}: {found.verdict}"
    assert found.fix is None
    assert found.after is None


def test_twenty_percent_of_wrong_labels_and_scales_that_differ_by_three_are_healthy() -> None:
    found = dataset("two-gaussians:n=800,noise=0.6")
    flip = np.random.default_rng(0).random(found.n) < 0.2
    noisy = replace(found, y=np.where(flip, 1 - found.y, found.y).astype(np.int8))
    assert examine(noisy).status is Health.HEALTHY
    assert examine(shifted("two-gaussians:n=300", [1.0, 3.0]), scaling="none").status is Health.HEALTHY


def test_a_tuned_threshold_for_a_rare_class_is_healthy() -> None:
    found = dataset("two-gaussians:n=1500,noise=1.2")
    rows = np.concatenate([np.flatnonzero(found.y == 0), np.flatnonzero(found.y == 1)[:65]])
    rare = replace(found, X=found.X[rows], y=found.y[rows])
    assert examine(rare, threshold=0.08).status is Health.HEALTHY
    assert examine(rare, threshold="base-rate").status is Health.HEALTHY


def test_one_epoch_gives_fine_labels_and_poor_probabilities_which_more_epochs_improve() -> None:
    found = examine("breast-cancer", epochs=1, lr=0.1)
    assert (found.status, found.cause) == (Health.IMPROVABLE, "too-few-epochs")
    assert found.after is not None
    assert found.after.test_loss < found.before.test_loss / 2
    assert "labels are fine" in found.verdict


@pytest.mark.parametrize(
    ("values", "cause"),
    [
        ({"lr": 50.0, "batch_size": 0, "epochs": 50}, "lr-too-high"),
        ({"optimizer": "adam", "lr": 10.0, "epochs": 10}, "lr-too-high"),
        ({"weight_decay": 0.5, "epochs": 40}, "weight-decay-too-strong"),
    ],
)
def test_labels_that_are_fine_hide_no_poor_probabilities(values: dict[str, Any], cause: str) -> None:
    found = examine("breast-cancer", **values)
    assert (found.status, found.cause) == (Health.IMPROVABLE, cause)
    assert found.fix is not None
    assert found.after.test_loss <= found.reference.test_loss + 0.06


@pytest.mark.parametrize(
    ("rows", "columns", "status"), [(150, 30, Health.IMPROVABLE), (300, 60, Health.SICK)]
)
def test_training_rows_learned_too_closely_are_told_and_held_back(
    rows: int, columns: int, status: Health
) -> None:
    random = np.random.default_rng(0)
    X = random.normal(size=(rows, columns))
    y = (random.random(rows) < 1 / (1 + np.exp(-1.2 * X[:, 0] - X[:, 1]))).astype(np.int8)
    found = examine(made(X, y, ("0", "1")))
    assert (found.status, found.cause) == (status, "overfitting")
    assert set(found.fix) == {"weight_decay"}
    assert found.after.test_loss < found.before.test_loss


@pytest.mark.parametrize("seed", [0, 6])  # the first of few rows kept aside chose hardly any weight decay
def test_where_few_rows_kept_aside_say_little_cross_validation_holds_the_run_back(seed: int) -> None:
    random = np.random.default_rng(seed)
    X = random.normal(size=(200, 40))
    y = (X @ random.normal(0, 0.25, 40) + random.logistic(size=200) > 0).astype(np.int8)
    found = examine(made(X, y, ("0", "1")))
    assert (found.status, found.cause) == (Health.IMPROVABLE, "overfitting")
    assert found.findings[0].proved
    assert found.after.test_loss <= found.reference.test_loss + 0.05
