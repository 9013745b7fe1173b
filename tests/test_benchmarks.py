"""What the benchmarks call a fall off a cliff."""

from __future__ import annotations

import math

import pytest

from tests.benchmarks.report import Result


@pytest.mark.parametrize(
    ("ratio", "bar", "fell"),
    [
        (1.9, 1.0, False),
        (2.0, 1.0, False),
        (2.1, 1.0, True),
        (0.0, 0.0, False),
        (1.0, 0.0, True),
        (math.nan, 1.0, True),
    ],
)
def test_a_row_falls_off_a_cliff_beyond_twice_its_bar_or_where_it_is_no_number(
    ratio: float, bar: float, fell: bool
) -> None:
    assert Result("what", "ours", "against", ratio, bar).fell is fell
