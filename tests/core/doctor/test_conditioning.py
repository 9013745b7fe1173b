"""Scales and condition numbers, against NumPy's own."""

from __future__ import annotations

import numpy as np
import pytest

from lrtui.core.doctor.causes.scale import conditioning
from lrtui.core.doctor.view import View


def view(X: np.ndarray) -> View:
    return View(
        np.column_stack([X, np.ones(len(X))]), (np.arange(len(X)) % 2).astype(float), np.ones(len(X))
    )


def test_condition_numbers_are_those_of_the_singular_values() -> None:
    X = np.random.default_rng(0).normal(3, 1, (200, 4)) * [1, 10, 100, 0.5]
    found = conditioning(view(X))
    s = np.linalg.svd(np.column_stack([X, np.ones(200)]), compute_uv=False)
    assert found.seen == pytest.approx((s[0] / s[-1]) ** 2)
    assert found.largest == pytest.approx(s[0] ** 2 / 200)
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    s = np.linalg.svd(np.column_stack([Z, np.ones(200)]), compute_uv=False)
    assert found.standardized == pytest.approx((s[0] / s[-1]) ** 2)
    assert found.worse == pytest.approx(found.seen / found.standardized)
    assert found.spread == pytest.approx(X.std(axis=0).max() / X.std(axis=0).min())
    assert found.off_centre == pytest.approx((np.abs(X.mean(axis=0)) / X.std(axis=0)).max())


def test_scales_nine_powers_of_ten_apart_keep_their_condition_number() -> None:
    X = np.random.default_rng(0).normal(size=(200, 3)) * [1e-3, 1, 1e6]
    design = np.column_stack([X, np.ones(200)])
    assert conditioning(view(X)).seen == pytest.approx(np.linalg.cond(design) ** 2, rel=1e-4)


def test_a_constant_column_is_another_bias_of_its_own_size() -> None:
    X = np.random.default_rng(0).normal(size=(50, 2))
    found = conditioning(view(np.column_stack([X, np.full(50, 100.0)])))
    s = np.linalg.svd(np.column_stack([X, np.full(50, 100.0), np.ones(50)]), compute_uv=False)
    assert found.seen == pytest.approx((s[0] / s[2]) ** 2)  # the last direction holds nothing
    assert found.largest == pytest.approx(s[0] ** 2 / 50)
    assert found.constant == pytest.approx(100)
    assert found.spread == conditioning(view(X)).spread


def test_columns_that_say_nothing_at_all_are_no_trouble() -> None:
    found = conditioning(view(np.ones((20, 3))))
    assert (found.spread, found.off_centre, found.worse) == (1.0, 0.0, 1.0)


def test_numbers_beyond_all_bounds_are_infinitely_bad() -> None:
    found = conditioning(view(np.array([[1e200, 1.0], [-1e200, 2.0], [3e200, 1.0]])))
    assert found.seen == np.inf
