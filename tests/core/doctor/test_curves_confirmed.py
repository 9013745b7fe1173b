"""Other features heal a run only where its test rows say so beyond what chance makes of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from lrtui.core.doctor.diagnosis import Health
from lrtui.datasets.dataset import Dataset
from tests.core.doctor.cases import causes, examine
from tests.core.doctor.test_data_causes import table


def waves(seed: int, rows: int, waves: float) -> Dataset:
    """A plane of bumps: the more waves, the less a kernel of few centres sees of them."""
    X = np.random.default_rng(seed).uniform(-3, 3, (rows, 2))
    return table(X, np.sin(waves * X[:, 0]) * np.sin(waves * X[:, 1]) > 0)


def squares(seed: int, rows: int) -> Dataset:
    """A board of chess."""
    places = np.random.default_rng(seed).integers(0, 6, (rows, 2))
    return table(places.astype(float), places.sum(axis=1) % 2 == 1)


BARELY: list[tuple[Callable[..., Dataset], tuple[float, ...]]] = [
    (waves, (3, 1500, 2.5)),
    (waves, (0, 1500, 2.5)),
    (waves, (3, 1500, 3.0)),
    (waves, (4, 1500, 2.5)),
    (waves, (0, 400, 2.5)),
    (squares, (0, 900)),
    (squares, (4, 900)),
]


@pytest.mark.parametrize(("make", "values"), BARELY)
def test_answers_that_are_hardly_better_than_chance_are_no_cure(
    make: Callable[..., Dataset], values: tuple[float, ...]
) -> None:
    found = examine(make(*values))
    assert found.fix is None
    assert "Healed" not in found.verdict
    assert found.status is Health.HEALTHY
    assert causes(found) == ["non-linear"]  # which is told, for curved models do see it
    assert "No features that were tried make use of it" in found.findings[0].sentence


@pytest.mark.parametrize(("seed", "rows", "many"), [(0, 400, 1.0), (2, 1500, 1.0), (1, 400, 2.0)])
def test_answers_that_are_surely_better_heal(seed: int, rows: int, many: float) -> None:
    found = examine(waves(seed, rows, many))
    assert (found.status, found.cause) == (Health.SICK, "non-linear")
    assert found.after.test_balanced_accuracy > 0.75
    assert found.after.test_loss < found.before.test_loss - 0.1


@pytest.mark.parametrize("seed", [0, 8])
def test_a_gain_too_small_for_labels_alone_counts_where_the_loss_gains_too(seed: int) -> None:
    random = np.random.default_rng(seed)
    X = random.normal(size=(3000, 9))
    found = examine(table(X, 0.35 * X[:, 2] ** 2 - 0.8 + random.logistic(size=3000) > 0))
    assert (found.status, found.cause) == (Health.SICK, "non-linear")
    assert found.after.test_balanced_accuracy - 0.5 > 0.05
    assert found.after.test_loss < found.before.test_loss
