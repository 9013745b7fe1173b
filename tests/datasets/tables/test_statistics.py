"""Statistics of a table that passes by: those that NumPy finds of all of it at once."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lrtui.datasets.tables.statistics import Statistics


@given(
    st.integers(0, 2**32 - 1), st.integers(1, 200), st.integers(1, 70), st.sampled_from([0.0, 1e9, -1e12])
)
def test_blocks_give_the_statistics_of_the_whole(seed: int, rows: int, piece: int, offset: float) -> None:
    random = np.random.default_rng(seed)
    X = random.normal(size=(rows, 3)) + offset
    X[random.random(X.shape) < 0.2] = random.choice([np.nan, np.inf, -np.inf])
    X[:, 2] = np.nan
    one, other = Statistics(3), Statistics(3)
    half = rows // 2
    for start in range(0, half, piece):
        one.update(np.asfortranarray(X[start : min(start + piece, half)]))
    other.update(X[half:])
    one.merge(other)
    one = Statistics.from_dict(json.loads(json.dumps(one.to_dict())))
    assert one.rows == rows
    assert one.missing.tolist() == (~np.isfinite(X)).sum(0).tolist()
    for column in range(2):
        values = X[np.isfinite(X[:, column]), column]
        if not len(values):
            continue
        assert one.count[column] == len(values)
        assert (one.low[column], one.high[column]) == (values.min(), values.max())
        assert np.isclose(one.mean[column], values.mean(), rtol=1e-14)
        assert np.isclose(one.deviation[column], values.std(), rtol=1e-6, atol=2 * np.spacing(abs(offset)))
    assert one.deviation[2] == 0
