"""Every cause of the catalogue: a run that has it, where it is named first, and one that is well."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lrtui.core.config import Config, changed
from lrtui.core.doctor.diagnosis import Diagnosis, Health
from lrtui.core.doctor.doctor import diagnose
from lrtui.datasets.columns import Column
from lrtui.datasets.dataset import Dataset
from tests.core.doctor.cases import causes, dataset, examine, shifted
from tests.core.doctor.many_classes import made

SICK_SETTINGS: list[tuple[str, str | Dataset, dict[str, Any], str]] = [
    ("unscaled", "wine-1", {"scaling": "none"}, "scaling"),
    ("uncentred", "uncentred:n=200", {"scaling": "none"}, "scaling"),
    ("lr-too-high", "two-gaussians:noise=1.5,n=200", {"lr": 500.0, "epochs": 50}, "lr"),
    ("lr-too-low", "breast-cancer", {"lr": 1e-5, "seed": 2, "epochs": 40}, "lr"),
    ("too-few-epochs", "two-gaussians:n=200", {"epochs": 1, "lr": 0.005}, "epochs"),
    ("batch-too-small", "two-gaussians:n=200", {"batch_size": 1, "lr": 1.0, "epochs": 40}, "batch_size"),
    (
        "batch-too-small",
        "two-gaussians:noise=1.5,n=100",
        {"optimizer": "lbfgs", "lr": 1.0, "epochs": 10},
        "batch_size",
    ),
    ("stopped-too-early", "two-gaussians:n=200", {"patience": 1, "validation": 0.01}, "patience"),
    ("bad-init", "two-gaussians:n=200", {"init": "normal", "init_std": 300.0, "seed": 1}, "init"),
    ("bad-init", "two-gaussians:n=200", {"init_bias": 500.0, "epochs": 60}, "init_bias"),
    ("saturated", "two-gaussians:n=300", {"loss": "bce", "init_bias": 200.0, "lr": 1.0}, "loss"),
    (
        "weight-decay-too-strong",
        "imbalanced:n=1000",
        {"weight_decay": 20.0, "lr": 0.1, "epochs": 50},
        "weight_decay",
    ),
    ("threshold", "two-gaussians:n=200", {"threshold": 0.0}, "threshold"),
    ("imbalance", "imbalanced:n=1000", {"epochs": 60}, "threshold"),
    ("non-linear", "circles:n=200", {}, "features"),
]


@pytest.mark.parametrize(("cause", "data", "values", "field"), SICK_SETTINGS)
def test_a_setting_is_named_first_and_its_fix_heals(
    cause: str, data: str | Dataset, values: dict[str, Any], field: str
) -> None:
    found = examine(data, **values)
    assert found.status is Health.SICK
    assert found.cause == cause
    assert found.findings[0].proved
    assert found.fix is not None
    assert field in found.fix
    assert_the_fix_is_as_told(data, values, found)


def assert_the_fix_is_as_told(data: str | Dataset, values: dict[str, Any], found: Diagnosis) -> None:
    """Trained once more with the fix, the run scores what the letter says, and is well."""
    assert found.after is not None
    again = examine(data, **{**values, **(found.fix or {})})
    assert again.status is Health.HEALTHY
    assert again.before.test_loss == pytest.approx(found.after.test_loss, rel=1e-3, abs=1e-5)
    assert again.before.test_balanced_accuracy == pytest.approx(
        found.after.test_balanced_accuracy, abs=1e-6
    )


def leaky() -> Dataset:
    found = dataset("diabetes-median")
    noise = np.random.default_rng(0).normal(0, 0.01, found.n)
    X = np.ascontiguousarray(np.column_stack([found.X, found.y + noise]))
    return replace(found, X=X, feature_names=(*found.feature_names, "outcome"))


def with_gaps() -> Dataset:
    found = dataset("breast-cancer")
    X = found.X.copy()
    X[[3, 50, 51], [0, 4, 4]] = np.nan
    X[7, 2] = np.inf
    return replace(found, X=X)


def copied(rows: int = 12) -> Dataset:
    found = dataset("breast-cancer")
    which = np.arange(400) % rows
    chosen = np.concatenate(
        [np.flatnonzero(found.y == 0)[: rows // 2], np.flatnonzero(found.y)[: rows // 2]]
    )
    return replace(found, X=np.ascontiguousarray(found.X[chosen][which]), y=found.y[chosen][which])


def of_one_class() -> Dataset:
    found = dataset("two-gaussians:n=100")
    return replace(found, y=np.ones_like(found.y), plain_split=True)


def drifted() -> Dataset:
    found = dataset("two-gaussians:n=200")
    order = np.random.RandomState(42).permutation(found.n)
    X = found.X.copy()
    X[order[:40]] += 5
    return replace(found, X=X, plain_split=True)


def few(rows: int = 24, columns: int = 20) -> Dataset:
    random = np.random.default_rng(1)
    X = random.normal(size=(rows, columns))
    y = (X[:, 0] + X[:, 1] + random.normal(0, 0.5, rows) > 0).astype(np.int8)
    names = tuple(f"x{i}" for i in range(columns))
    return replace(dataset("two-gaussians:n=100"), X=X, y=y, feature_names=names)


def test_a_column_that_gives_the_answer_away_is_dropped() -> None:
    found = examine(leaky())
    assert found.status is Health.SICK
    assert found.findings[0].fix == {"drop_columns": ("outcome",)}
    assert found.after is not None
    assert found.before.test_balanced_accuracy == 1.0
    assert found.after.test_balanced_accuracy == examine("diabetes-median").before.test_balanced_accuracy


def test_a_good_column_that_parts_a_few_rows_by_luck_is_no_leak() -> None:
    assert examine("breast-cancer", test_size=0.95).status is Health.HEALTHY


def test_two_columns_that_are_as_good_are_no_leak() -> None:
    assert examine("two-gaussians:noise=0.1,n=200").status is Health.HEALTHY


def test_cells_that_hold_no_number_are_counted_and_filled_in() -> None:
    found = examine(with_gaps(), missing="error")
    assert (found.status, found.cause) == (Health.SICK, "non-finite")
    assert found.findings[0].evidence == {
        "cells": 4, "rows": 4, "columns": 3, "infinite": 1, "of_rows": 569, "of_columns": 30,
        "in_worst_column": 2, "first_row": 51,
    }  # fmt: skip
    assert found.fix == {"missing": "median"}
    assert found.before.train_loss is None
    assert found.after is not None
    assert found.after.test_balanced_accuracy > 0.9  # type: ignore[operator]
    assert examine(with_gaps(), missing="median").status is Health.HEALTHY
    assert examine(with_gaps()).status is Health.HEALTHY


def test_a_few_rows_over_and_over_are_no_data_where_they_teach_nothing() -> None:
    found = examine("duplicates:noise=0.5")
    assert (found.status, found.cause, found.fix) == (Health.UNLEARNABLE, "no-diversity", None)
    assert found.findings[0].evidence["distinct_rows"] == 4
    for data in ("duplicates", copied()):  # and where they teach something, that is learned
        assert examine(data).status is not Health.UNLEARNABLE


def test_copies_that_differ_in_their_label_teach_nothing_about_curves() -> None:
    random = np.random.default_rng(0)
    distinct, which = random.normal(size=(20, 4)), np.arange(400) % 20
    y = (distinct[which] @ [1, 1, 0, 0] + random.normal(0, 1, 400) > 0).astype(np.int8)
    found = replace(dataset("two-gaussians:n=400"), X=distinct[which], y=y, feature_names=tuple("abcd"))
    assert "non-linear" not in causes(examine(found))


def test_constant_columns_alone_are_no_data() -> None:
    found = dataset("two-gaussians:n=100")
    assert examine(replace(found, X=np.ones_like(found.X))).cause == "no-diversity"


def test_many_rows_that_happen_twice_are_data() -> None:
    found = dataset("two-gaussians:n=400")
    twice = replace(found, X=np.vstack([found.X, found.X]), y=np.concatenate([found.y, found.y]))
    assert examine(twice).status is Health.HEALTHY


def test_one_class_is_nothing_to_tell_apart() -> None:
    found = examine(of_one_class())
    assert (found.status, found.cause, found.fix) == (Health.UNLEARNABLE, "one-class", None)


def test_another_split_that_holds_both_classes_is_named() -> None:
    found = dataset("two-gaussians:n=40")
    _, test = np.split(np.random.RandomState(42).permutation(40)[::-1], [32])
    y = np.zeros_like(found.y)
    y[np.random.RandomState(42).permutation(40)[:8]] = 1
    diagnosis = examine(replace(found, y=y, plain_split=True))
    assert diagnosis.cause == "one-class"
    assert diagnosis.status is Health.SICK
    assert set(diagnosis.fix or {}) == {"split_seed"}
    assert len(test) == 8


def test_features_too_small_for_any_step_are_unscaled() -> None:
    found = examine(shifted("two-gaussians:n=200", 1e-40), scaling="none")
    assert (found.status, found.cause, found.fix) == (Health.SICK, "unscaled", {"scaling": "standard"})


@pytest.mark.parametrize(("factor", "scaling"), [(1e60, "standard"), (1e300, "maxabs")])
def test_numbers_beyond_float32_are_scaled_down(factor: float, scaling: str) -> None:
    found = examine(shifted("two-gaussians:n=200", [factor, 1.0]), scaling="none")
    assert (found.status, found.cause, found.fix) == (Health.SICK, "unscaled", {"scaling": scaling})
    assert found.before.train_loss is None


def test_a_rate_too_high_for_curves_comes_with_them() -> None:
    found = examine("moons", lr=100.0)
    assert (found.status, causes(found)) == (Health.SICK, ["lr-too-high", "non-linear"])
    assert set(found.fix or {}) >= {"features", "lr"}


def test_a_threshold_put_wrong_on_purpose_is_not_called_imbalance() -> None:
    found = examine("imbalanced:n=1000", class_weight="balanced", threshold="base-rate", epochs=60)
    assert (found.cause, found.fix) == ("threshold", {"threshold": 0.5})


def test_a_loss_beyond_all_bounds_is_no_health() -> None:
    large = shifted("two-gaussians:n=200", 1e4)
    config = changed(Config(), scaling="none", optimizer="lbfgs", batch_size=0, epochs=1, lr=0.1)
    found = diagnose(large, config, work=0.1)
    assert (found.before.train_loss or 0) > 100
    assert found.status is Health.SICK


def test_labels_of_minus_one_and_one_are_recoded() -> None:
    found = dataset("two-gaussians:n=200")
    diagnosis = examine(replace(found, y=(2 * found.y - 1).astype(np.int8)))
    assert diagnosis.cause == "target-coding"
    assert diagnosis.findings[0].evidence == {"low": -1, "high": 1}


def test_a_test_part_from_elsewhere_is_told() -> None:
    found = examine(drifted())
    assert (found.status, found.cause) == (Health.UNLEARNABLE, "train-test-mismatch")
    assert found.findings[0].evidence["loss_on_test_part"] > 3


@pytest.mark.parametrize("data", [few(), "example-small-data"])
def test_too_little_data_says_how_much_would_do(data: str | Dataset) -> None:
    found = examine(data)
    assert (found.status, found.cause, found.fix) == (Health.UNLEARNABLE, "too-little-data", None)


@pytest.mark.parametrize(
    ("data", "values"),
    [
        ("no-signal", {}),
        ("no-signal:n=300,seed=4", {"lr": 1e-5}),
        ("example-learning-rate", {"lr": 1.0}),
        ("example-scaling", {"scaling": "none", "lr": 0.01, "epochs": 1000}),
    ],
)
def test_random_labels_are_learnable_by_no_setting(data: str, values: dict[str, Any]) -> None:
    found = examine(data, **values)
    assert (found.status, found.cause, found.fix) == (Health.UNLEARNABLE, "no-signal", None)
    assert found.findings[0].evidence["p"] > 0.01


def test_the_first_example_is_besides_thousands_of_times_above_its_stable_learning_rate() -> None:
    found = examine("example-scaling", scaling="none", lr=0.01, epochs=1000)
    assert causes(found) == ["no-signal", "unscaled"]
    assert found.findings[1].evidence["lr_over_stable"] > 1_000


def test_the_second_examples_learning_rate_is_not_too_high() -> None:
    found = examine("example-learning-rate", lr=1.0)
    why = next(item.why for item in found.ruled_out if item.cause == "lr-too-high")
    assert why == (
        "The learning rate 1 is not too high: with all rows in each update, training is stable below 5.56."
    )


def test_sorted_rows_in_order_follow_the_last_class() -> None:
    from tests.core.doctor.sorted_rows import examine_sorted

    found = examine_sorted(shuffle=False)
    assert (found.status, found.cause, found.fix) == (Health.SICK, "not-shuffled", {"shuffle": True})
    assert examine_sorted(shuffle=True).status is Health.HEALTHY


def test_a_category_that_gives_the_answer_away_is_dropped_by_the_name_of_its_column() -> None:
    found = dataset("diabetes-median")
    X = np.ascontiguousarray(np.column_stack([found.X, found.y]))
    kinds = (*found.kinds, Column("refund", "category", ("never", "paid")))
    names = tuple(column.name for column in kinds)
    answered = examine(replace(found, X=X, feature_names=names, columns=kinds))
    assert answered.findings[0].fix == {"drop_columns": ("refund",)}
    assert "The column 'refund' alone tells the two classes apart" in answered.findings[0].sentence


def test_steps_that_a_few_rows_cannot_bear_are_named_though_the_loss_is_not_far() -> None:
    random = np.random.default_rng(0)
    X = random.normal(size=(400, 4))
    y = (X @ [2, -1.5, 1, 0.5] + random.logistic(size=400) > 0).astype(np.int8)
    order = np.argsort(y, kind="stable")
    found = examine(made(X[order], y[order], ("0", "1")), shuffle=False, lr=3.0, batch_size=16)
    assert (found.cause, set(found.fix or {})) == ("lr-too-high", {"lr"})


def test_a_run_that_cannot_be_trained_is_not_told_the_scores_of_the_mended_one() -> None:
    found = examine(with_gaps(), missing="error")
    assert found.before.test_loss is None
    assert found.after is not None
    assert found.verdict.startswith("The run cannot be trained as it is: ")
    assert "balanced accuracy is 0.97" in found.verdict
