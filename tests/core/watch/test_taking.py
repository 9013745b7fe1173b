"""A regression of a script as a problem of lrtui's own, and what its model answers in lrtui's numbers."""

from __future__ import annotations

import io

import numpy as np
import pytest

from lrtui.core.watch.measured import measured, of_batch
from lrtui.core.watch.taking import taken
from tests.core.watch.conftest import Observe
from tests.core.watch.scripts import HEALTHY, MODEL, SGD, changed

LINEAR = changed(
    (MODEL, "model = nn.Linear(3, 1)\n"),
    (SGD, "optimizer = torch.optim.SGD(model.parameters(), lr=0.25, momentum=0.5, weight_decay=0.01)\n"),
)


def test_a_regression_is_taken_with_its_rows_and_settings(observe: Observe) -> None:
    heard: list[dict[str, object]] = []
    seen = observe(LINEAR, heard=lambda frame: heard.append(dict(frame)))
    found = taken(seen)
    assert found is not None
    asked = {name: found.config[name] for name in ("lr", "optimizer", "momentum", "weight_decay", "epochs")}
    assert asked == {
        "lr": 0.25,
        "optimizer": "momentum",
        "momentum": 0.5,
        "weight_decay": 0.01,
        "epochs": 12,
    }
    with np.load(io.BytesIO(found.train)) as rows:
        assert rows["X"].shape == (40, 3)
        assert np.array_equal(rows["y"], rows["X"][:, 0] + rows["X"][:, 1] > 0)
    assert LINEAR.splitlines()[found.places["optimizer"][0][1] - 1] == LINEAR.splitlines()[9]
    losses = [loss for frame in heard if frame["kind"] == "pulse" for loss in frame.get("array", ())]  # type: ignore[attr-defined]
    assert len(losses) == 12
    assert losses == sorted(losses, reverse=True)
    numbers = measured(seen, 12)
    assert numbers is not None
    assert sum(numbers.confusion) == 40
    assert sum(map(sum, numbers.histogram)) == 40
    assert numbers.test_accuracy == pytest.approx((numbers.confusion[0] + numbers.confusion[3]) / 40)


def test_other_models_are_not_taken(observe: Observe) -> None:
    assert taken(observe(HEALTHY)) is None


def test_a_batch_is_measured_by_what_its_loss_takes() -> None:
    truth = np.array([0, 1, 1, 0])
    logits = of_batch(
        np.array([-2.0, 2.0, 1.0, 3.0]), truth, "binary_cross_entropy_with_logits", 1, logits=True
    )
    assert logits is not None
    assert logits.confusion == (1, 1, 0, 2)
    shares = of_batch(np.array([0.2, 0.9, 0.4, 0.1]), truth, "binary_cross_entropy", 1, logits=False)
    assert shares is not None
    assert shares.confusion == (2, 0, 1, 1)
    classes = of_batch(np.eye(3)[[0, 1, 2, 0]], np.array([0, 1, 1, 0]), "cross_entropy", 1, logits=False)
    assert classes is not None
    assert (classes.test_accuracy, classes.classes) == (0.75, 3)
    assert of_batch(np.array([1.0, 2.0]), np.array([0.5, 7.0]), "mse_loss", 1, logits=False) is None
