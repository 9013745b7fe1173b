"""Samples of rows that are compared are the same rows."""

from __future__ import annotations

import numpy as np
import pytest

from lrtui.core.config import Config
from lrtui.core.doctor import problem_analysis
from lrtui.core.doctor.problem_analysis import ProblemAnalysis, same_test_rows
from lrtui.core.training.problem import problem_of
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source


@pytest.mark.parametrize(("numbers", "rows"), [(7_000, (2_200, 2_000)), (6_300, (2_100, 2_000))])
def test_two_sets_of_features_are_compared_on_the_same_test_rows(
    numbers: int, rows: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problem_analysis, "NUMBERS", numbers)
    dataset = load(Source("circles:n=11000"))
    straight, curved = (
        ProblemAnalysis(problem_of(dataset, config), config)
        for config in (Config(), Config(features="poly2"))
    )
    assert (straight.test.rows, curved.test.rows) == rows
    first, second = same_test_rows(straight, curved)
    assert first.rows == second.rows == min(rows)
    assert np.array_equal(first.y, second.y)
    assert np.allclose(first.X[:, :2], second.X[:, :2])
