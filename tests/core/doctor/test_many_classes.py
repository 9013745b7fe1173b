"""The doctor at more than two classes: every cause that it looks for there, and healthy runs."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from math import inf
from typing import Any

import numpy as np
import pytest

from lrtui.core.config import Config, changed
from lrtui.core.doctor.diagnosis import Diagnosis, Health
from lrtui.core.doctor.doctor import glance
from lrtui.core.doctor.pipeline import Pipeline
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.source import Source
from tests.core.doctor.cases import causes, examine, outcome_of
from tests.core.doctor.many_classes import noise, rare, real, rings
from tests.core.doctor.sorted_rows import Sorted
from tests.core.training.problems import blobs, classes

# --- each cause, proved ---


@pytest.mark.parametrize(
    ("cause", "data", "values", "changes"),
    [
        ("lr-too-low", "wine", {"lr": 1e-6, "epochs": 60}, {"lr"}),
        ("lr-too-high", "iris", {"lr": 1e5}, {"lr"}),
        ("too-few-epochs", "wine", {"epochs": 1, "batch_size": 0}, {"epochs"}),
        ("unscaled", "wine", {"scaling": "none", "lr": 0.01}, {"scaling"}),
        ("bad-init", "wine", {"init": "normal", "init_std": 1000.0, "lr": 0.1, "epochs": 100}, {"init"}),
        (
            "weight-decay-too-strong",
            "wine",
            {"weight_decay": 5.0, "lr": 0.3, "epochs": 30},
            {"weight_decay"},
        ),
    ],
)
def test_a_setting_is_named_first_and_its_fix_heals(
    cause: str, data: str, values: dict[str, Any], changes: set[str]
) -> None:
    found = examine(real(data), **values)
    fine = cause == "lr-too-high"  # whose labels are as good as can be
    assert (found.status, found.cause) == (Health.IMPROVABLE if fine else Health.SICK, cause)
    assert set(found.fix or {}) == changes
    first = found.findings[0]
    assert first.proved
    assert first.closure is not None
    assert first.closure > 0.8
    assert found.after is not None
    # The same fix, applied by hand, gives what the letter says.
    again = examine(real(data), **{**values, **(found.fix or {})})
    assert again.before.test_balanced_accuracy == found.after.test_balanced_accuracy
    assert again.status is Health.HEALTHY


def test_rows_sorted_by_class_follow_the_last_one() -> None:
    data = blobs(n=400, k=3, p=2, seed=4)
    config = changed(Config(), shuffle=False, lr=2.0, batch_size=8, epochs=50)
    found = Pipeline(Sorted(data, inf, lambda: True), config, 20.0).diagnose(None)
    assert (found.status, found.cause, found.fix) == (Health.SICK, "not-shuffled", {"shuffle": True})


def test_labels_that_depend_on_nothing_are_told_so() -> None:
    for data in (noise(), replace(real("iris"), y=np.random.default_rng(0).permutation(real("iris").y))):
        found = examine(data, epochs=30)
        assert (found.status, found.cause, found.fix) == (Health.UNLEARNABLE, "no-signal", None)


def test_one_label_for_nearly_all_rows_of_rare_classes_is_imbalance_and_class_weights_heal() -> None:
    found = examine(rare(), epochs=20)
    assert found.single_label
    assert found.majority_label == "common"
    assert found.verdict.startswith("99 %")
    assert "of the test rows are predicted common" in found.verdict
    assert (found.cause, found.fix) == ("imbalance", {"class_weight": "balanced"})
    assert found.after is not None
    assert found.after.test_balanced_accuracy > found.before.test_balanced_accuracy + 0.15
    healed = examine(rare(), epochs=20, class_weight="balanced")
    assert healed.status is Health.HEALTHY


def test_classes_that_no_lines_part_get_other_features() -> None:
    found = examine(rings())
    assert (found.status, found.cause) == (Health.SICK, "non-linear")
    assert found.fix is not None
    assert found.fix["features"] in ("poly2", "poly3", "rbf")
    assert found.after is not None
    assert found.after.test_balanced_accuracy > 0.9


def test_a_single_class_in_the_training_part_is_told() -> None:
    data = blobs(n=60, k=3)
    found = examine(replace(data, y=np.full(60, 2, np.int8), plain_split=True))
    assert (found.status, found.cause, found.majority_label) == (Health.UNLEARNABLE, "one-class", "c2")


# --- healthy runs stay healthy ---


@pytest.mark.parametrize(
    ("data", "values"),
    [
        ("iris", {"lr": 0.1}),
        ("wine", {"init": "zeros", "batch_size": 0, "lr": 0.5}),
        ("wine", {"optimizer": "lbfgs", "lr": 1.0, "epochs": 2, "batch_size": 0}),
        ("digits", {"optimizer": "adam", "lr": 0.02, "epochs": 20}),
    ],
)
def test_a_run_that_is_well_is_left_in_peace(data: str, values: dict[str, Any]) -> None:
    found = examine(real(data), **values)
    assert found.status is Health.HEALTHY
    assert found.fix is None
    assert causes(found) in ([], ["separable"])
    assert not found.single_label


@pytest.mark.parametrize("k", [3, 8])
def test_classes_that_simply_overlap_are_no_alarm(k: int) -> None:
    assert examine(blobs(n=40 * k, k=k, p=4)).status is Health.HEALTHY


def test_the_letter_says_what_was_not_looked_at_and_does_not_rule_it_out() -> None:
    found = examine(real("iris"), lr=0.1)
    (note,) = [note for note in found.notes if "more than two classes" in note]
    left_out = ("threshold",)
    assert all(cause in note for cause in left_out)
    assert not {item.cause for item in found.ruled_out} & set(left_out)
    assert not any("more than two classes" in note for note in examine(_two()).notes)


def _two() -> Dataset:
    data = blobs(n=80, k=3)
    kept = data.take(np.flatnonzero(data.y < 2))
    return replace(kept, class_names=("a", "b"), source=Source("two"))


# --- what travels ---


def test_a_letter_survives_the_store_and_json_has_the_usual_fields() -> None:
    found = examine(real("iris"), lr=1e5)
    assert Diagnosis.from_dict(json.loads(json.dumps(asdict(found)))) == found
    assert found.class_names == ("setosa", "versicolor", "virginica")
    assert found.to_json().keys() == examine(_two(), epochs=5).to_json().keys()
    json.dumps(found.to_json(), allow_nan=False)


def test_a_glance_at_a_run_that_trains_names_suspects() -> None:
    data, config = classes(n=200), changed(Config(), lr=1e-7)
    trainer = Trainer(data, config)
    losses = trainer.advance(epochs=5)
    found = glance(data, config, outcome_of(trainer, losses))
    assert "lr-too-low" in causes(found)
    assert found.class_names == data.class_names
