"""What no line can learn is learned with the features that fit it."""

from __future__ import annotations

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source


def accuracy(name: str, features: str) -> float:
    config = changed(Config(), features=features)
    trainer = Trainer(problem_of(load(Source(name)), config), config)
    trainer.advance()
    return trainer.measure().test_accuracy


@pytest.mark.parametrize(("name", "features"), [("circles", "poly2"), ("xor", "poly2"), ("moons", "rbf")])
def test_a_curve_learns_what_a_line_cannot(name: str, features: str) -> None:
    assert accuracy(name, features) > 0.95 > accuracy(name, "linear") + 0.05


def test_random_labels_stay_random_with_any_features() -> None:
    for features in ("linear", "poly2", "rbf"):
        assert accuracy("no-signal:n=2000", features) < 0.6
