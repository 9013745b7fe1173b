"""The doctor's learning rates: what it advises is what the form, the limits and a sweep say too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lrtui.core.config import Config, changed
from lrtui.core.training.problem import problem_of
from lrtui.core.training.smoothness import smoothness
from lrtui.datasets.catalogue import CATALOGUE
from tests.core.doctor.cases import causes, examine, loaded

RATES = {"lr-too-high", "lr-too-low", "batch-too-small"}
MOMENTUM = {"optimizer": "momentum"}
SICK = [
    ("lr-too-low", "two-gaussians:n=200", {"lr": 1e-5, "epochs": 100}),
    ("lr-too-low", "two-gaussians:n=200", {"lr": 1e-4, "batch_size": 0, "epochs": 200}),
    ("lr-too-low", "two-gaussians:n=200", {"lr": 1e-6, "epochs": 60, **MOMENTUM}),
    ("lr-too-high", "two-gaussians:noise=1.5,n=200", {"lr": 500.0, "epochs": 50}),
    ("lr-too-high", "two-gaussians:noise=1.5,n=200", {"lr": 500.0, "batch_size": 0, "epochs": 50}),
    ("lr-too-high", "diabetes-median", {"lr": 100.0, "epochs": 50, **MOMENTUM}),
]


@pytest.mark.parametrize(("cause", "name", "values"), SICK)
def test_a_learning_rate_that_heals_is_one_that_the_form_calls_safe(
    cause: str, name: str, values: dict[str, Any]
) -> None:
    found = examine(name, **values)
    assert found.cause == cause
    assert found.fix is not None
    config = changed(Config(), **{**values, **found.fix})
    X = problem_of(loaded(name), config).design_train.astype(np.float64)
    n, b = len(X), config.batch_size or len(X)
    full, row = np.linalg.eigvalsh(X.T @ X)[-1] / (4 * n), (X**2).sum(axis=1).max() / 4
    share = 1 - config.momentum if config.optimizer != "sgd" else 1.0
    of_batch = (n * (b - 1) * full + (n - b) * row) / (b * (n - 1))
    stable, safe = 2 * share / full, share / full if b == n else share / (2 * of_batch)
    assert config.lr <= safe or (b == n and config.lr < stable)
    evidence = found.findings[0].evidence
    assert evidence["stable_below"] == pytest.approx(stable, rel=1e-5)
    assert evidence["safe_rate"] == pytest.approx(safe, rel=1e-5)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("iris-versicolor", {"lr": 1e-5, "optimizer": "nesterov", "epochs": 50}),
        ("diabetes-median", {"lr": 1e-4, "scaling": "minmax", "epochs": 60}),
    ],
)
def test_a_learning_rate_beside_other_changes_is_safe_with_them(name: str, values: dict[str, Any]) -> None:
    fix = examine(name, **values).fix
    assert fix is not None
    config = changed(Config(), **{**values, **fix})
    assert smoothness(problem_of(loaded(name), config), config).allows(config, config.lr)


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_default_config_has_no_fault_in_its_steps_on_any_dataset_of_the_catalogue(name: str) -> None:
    few = f"{name}:n=300" if "n" in CATALOGUE[name].parameters else name
    assert not RATES & set(causes(examine(few)))


@pytest.mark.parametrize(
    ("name", "batch_size"),
    [
        ("two-gaussians:n=200", 1),
        ("two-gaussians:n=200", 32),
        ("two-gaussians:n=200", 0),
        ("no-signal:n=200", 1),
        ("duplicates:n=200", 32),
    ],
)
def test_a_run_at_the_suggested_rate_has_no_fault_in_its_steps(name: str, batch_size: int) -> None:
    config = changed(Config(), batch_size=batch_size)
    rate = smoothness(problem_of(loaded(name), config), config).suggested(config)
    found = examine(name, batch_size=batch_size, lr=rate, epochs=50)
    assert not RATES & set(causes(found))


@pytest.mark.parametrize("epochs", [1, 30])
def test_newtons_method_is_told_nothing_of_learning_rates(epochs: int) -> None:
    found = examine("two-gaussians:n=200", optimizer="newton", epochs=epochs)
    assert not RATES & set(causes(found))
    said = {entry.cause: entry.why for entry in found.ruled_out}
    assert said["lr-too-high"] == said["lr-too-low"] == "Newton's method takes no learning rate."
    for finding in found.findings:
        assert not {"lr", "lr_times_L", "stable_below", "safe_rate"} & set(finding.evidence)


def test_of_adam_no_limit_is_evidence() -> None:
    found = examine("two-gaussians:n=200", optimizer="adam", lr=1e-6, epochs=50)
    evidence = found.findings[0].evidence
    assert found.cause == "lr-too-low"
    assert evidence["lr"] == pytest.approx(1e-6)
    assert not {"lr_times_L", "lr_times_L_b", "stable_below", "safe_rate"} & set(evidence)
