"""Axes have round numbers that fit their gutter and never stand on one another."""

from __future__ import annotations

from math import log10

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrtui.tui.plots.ticks import (
    Axis,
    epoch_ticks,
    linear_axis,
    log_axis,
    round_up,
)

finite = st.floats(-1e308, 1e308)
positive = st.floats(5e-324, 1e308)
ranges = st.tuples(finite, finite).map(lambda ends: (min(ends), max(ends)))
positive_ranges = st.tuples(positive, positive).map(lambda ends: (min(ends), max(ends)))


def labels(axis: Axis) -> list[str]:
    return [label for _, label in axis.ticks]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.02, 0.7, ["0", "0.5"]),
        (0, 40, ["0", "20", "40"]),
        (0, 39_000, ["0", "20k", "40k"]),
        (0, 4.2e29, ["0", "5e29"]),
        (0.6931, 0.6931, ["0.690", "0.695"]),
    ],
)
def test_linear_ticks_are_round(low: float, high: float, expected: list[str]) -> None:
    assert labels(linear_axis(low, high, 5, 5)) == expected


@pytest.mark.parametrize(
    ("low", "high", "rows", "expected"),
    [
        (0.01, 1, 5, ["0.01", "0.1", "1"]),
        (1e-7, 1, 5, ["1e-5", "1"]),
        (0.2, 1, 9, ["0.2", "0.5", "1"]),
        (1, 1e20, 9, ["1", "1e5", "1e10", "1e15", "1e20"]),
    ],
)
def test_log_ticks_are_powers_of_ten_or_1_2_5(
    low: float, high: float, rows: int, expected: list[str]
) -> None:
    assert labels(log_axis(low, high, rows, 5)) == expected


@given(ranges, st.integers(1, 60), st.integers(4, 9))
def test_a_linear_axis_holds_its_range(found: tuple[float, float], rows: int, room: int) -> None:
    check(linear_axis(*found, rows, room), rows, room)


@given(positive_ranges, st.integers(1, 60), st.integers(4, 9))
def test_a_log_axis_holds_its_range(found: tuple[float, float], rows: int, room: int) -> None:
    axis = log_axis(*found, rows, room)
    check(axis, rows, room)
    assert axis.fraction(0) is None
    if found[0] > 1e-290 and found[1] < 1e290:
        assert log10(axis.low) <= log10(found[0]) + 1e-9
        assert log10(axis.high) >= log10(found[1]) - 1e-9


def check(axis: Axis, rows: int, room: int) -> None:
    assert axis.low < axis.high
    at = [axis.fraction(value) for value, _ in axis.ticks]
    assert all(f is not None and 0 <= f <= 1 for f in at)
    if len(axis.ticks) > 1:
        assert all(len(label) <= room for label in labels(axis))
        assert len(set(labels(axis))) == len(axis.ticks)
        placed = [round((f or 0) * (rows - 1)) for f in at]
        assert len(set(placed)) == len(placed)


@given(ranges, st.integers(1, 60))
def test_a_label_says_what_its_tick_is(found: tuple[float, float], rows: int) -> None:
    axis = linear_axis(*found, rows, 7)
    for value, label in axis.ticks:
        said = float(label.replace("k", "e3"))
        assert said == pytest.approx(value, rel=1e-6, abs=(axis.high - axis.low) * 1e-6)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (200, ["0", "50", "100", "150", "200"]),
        (10_000, ["0", "2k", "4k", "6k", "8k", "10k"]),
        (2_000_000, ["0", "0.5M", "1M", "1.5M", "2M"]),
        (1, ["0", "1"]),
    ],
)
def test_epochs_are_short(last: int, expected: list[str]) -> None:
    assert [label for _, label in epoch_ticks(last, 48)] == expected


@given(st.integers(1, 10**10), st.integers(1, 300))
def test_epoch_ticks_are_whole_epochs_within_the_axis(last: int, columns: int) -> None:
    for epoch, _ in epoch_ticks(last, columns):
        assert epoch == int(epoch)
        assert 0 <= epoch <= last


def test_round_up() -> None:
    assert [round_up(n) for n in (0, 1, 3, 5, 6, 11, 21, 1000, 1001)] == [
        1, 1, 5, 5, 10, 20, 50, 1000, 2000,
    ]  # fmt: skip
