"""A curve keeps the extremes of any number of epochs, however they came in."""

from __future__ import annotations

import math
from array import array
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrtui.tui.plots.curve import BUCKETS, Curve

losses = st.lists(st.floats(width=32), max_size=60)


class Bucket(NamedTuple):
    """What is kept of ``epochs`` consecutive epochs from ``first`` on."""

    first: int
    epochs: int
    lowest: float
    highest: float


def buckets(curve: Curve) -> list[Bucket]:
    """The buckets that hold a finite value, in order."""
    width, found = curve.bucket_epochs, []
    for index, (low, high) in enumerate(zip(curve.lowest, curve.highest, strict=True)):
        if low <= high:
            first = index * width + 1
            found.append(Bucket(first, min(width, curve.last_epoch - first + 1), low, high))
    return found


def fed(values: list[float], first_epoch: int = 1) -> Curve:
    curve = Curve()
    curve.extend(first_epoch, values)
    return curve


def brute_force(values: list[float], width: int) -> list[Bucket]:
    found = []
    for start in range(0, len(values), width):
        part = values[start : start + width]
        finite = [value for value in part if math.isfinite(value)]
        if finite:
            found.append(Bucket(start + 1, len(part), min(finite), max(finite)))
    return found


@given(losses)
def test_a_short_curve_is_kept_epoch_by_epoch(values: list[float]) -> None:
    assert buckets(fed(values)) == brute_force(values, 1)


@given(losses, st.integers(100, 300))
def test_a_long_curve_keeps_the_extremes_of_every_bucket(values: list[float], times: int) -> None:
    values *= times
    curve = fed(values)
    assert buckets(curve) == brute_force(values, curve.bucket_epochs)
    assert len(buckets(curve)) <= BUCKETS


@given(losses, st.integers(1, 200), st.lists(st.integers(1, 3000), min_size=1))
def test_slicing_never_matters(values: list[float], times: int, slices: list[int]) -> None:
    values *= times
    curve, done = Curve(), 0
    while done < len(values):
        for size in slices:
            curve.extend(done + 1, values[done : done + size])
            done = min(done + size, len(values))
    whole = fed(values)
    assert buckets(curve) == buckets(whole)
    assert curve.first_nonfinite == whole.first_nonfinite
    assert curve.last_epoch == whole.last_epoch


@given(losses, st.integers(1, 200), st.integers(1, 300), st.integers(0, 20_000))
def test_spans_hold_every_value_in_order(values: list[float], times: int, slots: int, beyond: int) -> None:
    values *= times
    curve = fed(values)
    end = len(values) + beyond
    expected: dict[int, tuple[float, float]] = {}
    width = curve.bucket_epochs
    for first, _, low, high in buckets(curve):
        middle = (first + (width - 1) / 2) / max(end, 1)
        # Half-way between two slots belongs to the right one, as the spans have it.
        slot = min(math.floor(middle * (slots - 1) + 0.5 + 1e-9), slots - 1)
        a, b = expected.get(slot, (math.inf, -math.inf))
        expected[slot] = min(a, low), max(b, high)
    assert curve.spans(end, slots) == [(s, a, b) for s, (a, b) in sorted(expected.items())]


def test_memory_is_the_same_for_ten_million_epochs() -> None:
    curve = Curve()
    chunk = array("f", [0.5, 0.25] * 512)
    for first in range(1, 1_000_000, 1024):
        curve.extend(first, chunk)
    for first in range(curve.last_epoch + 1, 10_000_000, 1024):
        curve.extend_summary(first, 1024, 0.25, 0.5)
    kept = buckets(curve)
    assert BUCKETS / 2 <= len(kept) <= BUCKETS
    assert {(b.lowest, b.highest) for b in kept} == {(0.25, 0.5)}
    assert sum(b.epochs for b in kept) == curve.last_epoch


@given(st.lists(st.lists(st.floats(-9, 9), min_size=1, max_size=40), max_size=8))
def test_a_summary_is_never_narrower_than_the_values(chunks: list[list[float]]) -> None:
    whole, summed, first = Curve(), Curve(), 1
    for chunk in chunks:
        whole.extend(first, chunk)
        summed.extend_summary(first, len(chunk), min(chunk), max(chunk))
        first += len(chunk)
    assert summed.extremes() == whole.extremes()
    for exact, known in zip(buckets(whole), buckets(summed), strict=True):
        assert (exact.first, exact.epochs) == (known.first, known.epochs)
        assert known.lowest <= exact.lowest
        assert exact.highest <= known.highest


def test_values_that_are_not_finite_are_left_out_but_remembered() -> None:
    curve = fed([1.0, 2.0, math.inf, math.nan])
    assert curve.extremes() == (1.0, 2.0)
    assert curve.first_nonfinite == 3
    assert curve.last_epoch == 4


def test_huge_finite_values_whose_sum_overflows_are_finite() -> None:
    curve = fed([1e308] * 5000)
    assert curve.extremes() == (1e308, 1e308)
    assert curve.first_nonfinite is None


def test_a_chunk_without_any_finite_loss_says_so() -> None:
    curve = Curve()
    curve.extend_summary(1025, 1024, None, None)
    assert not curve
    assert curve.first_nonfinite == 1025


def test_the_least_positive_value_is_where_a_log_scale_begins() -> None:
    assert fed([-1.0, 0.0, 0.5, 0.25]).least_positive() == 0.25
    assert fed([-1.0, 0.0]).least_positive() is None


def test_epochs_count_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        fed([1.0], 0)
