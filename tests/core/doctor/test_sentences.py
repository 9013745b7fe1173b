"""Sentences of the settings: true of the run at hand, with numbers that stand in its evidence."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lrtui.core.doctor.diagnosis import Finding
from lrtui.core.doctor.figures import short
from tests.core.doctor.cases import dataset, examine, shifted

NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?(?: (?:million|billion|trillion))?")


def first(data: Any, **values: Any) -> Finding:
    """The first finding of a run."""
    return examine(data, **values).findings[0]


def test_a_start_from_which_nothing_moves_is_not_said_to_be_on_its_way_back() -> None:
    found = first("two-gaussians:n=300", loss="bce", init_bias=50.0)
    assert found.cause == "bad-init"
    assert "has hardly moved from there in 200 epochs" in found.sentence
    assert "way back" not in found.sentence
    # Of wrong rows BCELoss cuts the loss off at 100, and half of the rows are wrong.
    assert found.evidence["first_loss"] == pytest.approx(50, abs=0.5)
    assert found.evidence["loss_at_end"] == pytest.approx(50, abs=0.5)


def test_a_start_that_is_left_is_told_with_where_the_run_has_come_to() -> None:
    diagnosis = examine("two-gaussians:n=300", epochs=20, init_bias=-20.0)
    found = diagnosis.findings[0]
    assert found.cause == "bad-init"
    assert "hardly moved" not in found.sentence
    assert f"after 20 epochs it is at {short(found.evidence['loss_at_end'])}" in found.sentence
    assert found.evidence["loss_at_end"] == pytest.approx(diagnosis.before.train_loss, rel=1e-6)
    data = dataset("two-gaussians:n=300")
    assert 9 < found.evidence["first_loss"] < 11  # a bias of −20 costs the half that are ones 20 each
    assert data.y.mean() == pytest.approx(0.5, abs=0.05)


def test_columns_of_one_scale_are_not_said_to_differ_in_scale() -> None:
    data = shifted("two-gaussians", 100.0)
    found = first(data, scaling="none", lr=1.0)
    assert found.cause == "unscaled"
    assert "very different scales" not in found.sentence
    assert f"usually varies by {short(found.evidence['largest_std'])}" in found.sentence
    assert found.evidence["largest_std"] == pytest.approx(data.X.std(axis=0).max(), rel=0.1)  # of a part


def test_weights_longer_than_the_best_are_not_said_to_be_held_short() -> None:
    for decay in (1.0, 10.0):
        found = examine("wine-1", weight_decay=decay).findings
        for finding in (one for one in found if one.cause == "weight-decay-too-strong"):
            size, best = (finding.evidence[name] for name in ("size_of_weights", "size_of_best"))
            assert ("towards zero" in finding.sentence) == (size < best)


SICK: list[tuple[str, dict[str, Any]]] = [
    ("two-gaussians:n=300", {"lr": 1e-5}),
    ("two-gaussians:n=300", {"epochs": 1, "lr": 0.01}),
    ("two-gaussians:n=200", {"batch_size": 1, "lr": 1.0, "epochs": 40}),
    ("two-gaussians:n=300", {"loss": "bce", "init_bias": 20.0}),
    ("moons:n=200", {"lr": 1000.0}),
    ("wine-1", {"scaling": "none"}),
    ("uncentred:n=200", {"scaling": "none", "epochs": 50}),
    ("wine-1", {"weight_decay": 10.0}),
]


@pytest.mark.parametrize(("data", "values"), SICK)
def test_every_number_of_a_sentence_is_measured_or_a_setting(data: str, values: dict[str, Any]) -> None:
    diagnosis = examine(data, **values)
    assert diagnosis.findings
    for finding in diagnosis.findings:
        known = {short(value) for value in finding.evidence.values()}
        known |= {f"{100 * value:.0f}" for value in finding.evidence.values() if 0 <= value <= 1}
        known |= {f"{100 * value:.1f}" for value in finding.evidence.values() if 0.99 < value < 1}
        settings = (*values.values(), *(finding.fix or {}).values())
        known |= {short(float(value)) for value in settings if isinstance(value, (int, float))}
        known |= {f"{value:g}" for value in settings if isinstance(value, (int, float))}
        known |= {f"{value:.2f}" for value in finding.evidence.values()}
        # Of the run, and of those that it went through on the way to this finding.
        for scores in (diagnosis.before, *(other.trial for other in diagnosis.findings)):
            told = [] if scores is None else [v for v in vars(scores).values() if v is not None]
            known |= {text for value in told for text in (f"{value:.2f}", short(value))}
        known |= {"0", "1", "32", "200"}  # mean 0 and spread 1; the batch size and epochs that are usual
        known |= {"1,600"} if "lr" in values else set()  # updates: 200 epochs of 8 batches
        assert {text.strip(",") for text in NUMBER.findall(finding.sentence)} <= known, finding.sentence


@pytest.mark.parametrize(("data", "values"), SICK)
def test_no_letter_speaks_in_symbols(data: str, values: dict[str, Any]) -> None:
    diagnosis = examine(data, **values)
    told = [finding.sentence for finding in diagnosis.findings] + [item.why for item in diagnosis.ruled_out]
    for sentence in told:
        assert not re.search(r"lr·L|_|float32|nats|condition number|hyperplane|NaN|BCELoss", sentence)


def test_a_batch_that_is_too_small_is_told_by_its_number_of_rows() -> None:
    found = first("two-gaussians:n=200", batch_size=1, lr=1.0, epochs=40)
    assert found.cause == "batch-too-small"
    assert "Each update looks at 1 row only" in found.sentence


def test_a_table_with_one_hole_is_told_in_the_singular() -> None:
    data = dataset("two-gaussians:n=100")
    data.X[3, 0] = np.nan
    found = examine(replace(data, X=data.X), missing="error").findings[0]
    assert found.sentence.startswith("1 cell of the table holds no finite number, in 1 of 100 rows")
