"""Dealing rows over blocks: nothing is lost, and every block is a sample of the whole file."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrtui.datasets.storage import block_shuffle
from lrtui.datasets.storage.block_shuffle import BlockShuffle


def deal(rows: int, blocks: int) -> BlockShuffle:
    """Rows of so many columns that there are about that many blocks."""
    return BlockShuffle(rows, max(1, block_shuffle.NUMBERS * blocks // max(rows, 1)))


@given(st.integers(0, 500), st.integers(1, 40), st.integers(1, 60))
def test_every_row_has_a_place_of_its_own(rows: int, blocks: int, piece: int) -> None:
    dealt = deal(rows, blocks)
    places = np.concatenate(
        [np.empty(0, np.int64), *(dealt.places(at, min(piece, rows - at)) for at in range(0, rows, piece))]
    )
    assert sorted(places.tolist()) == list(range(rows))
    bounds = dealt.bounds()
    assert bounds[0][0] == 0
    assert bounds[-1][1] == rows
    assert [stop for _, stop in bounds[:-1]] == [start for start, _ in bounds[1:]]


@given(st.integers(1, 500), st.integers(1, 40), st.data())
def test_what_is_written_by_the_block_lies_where_it_should(
    rows: int, blocks: int, data: st.DataObject
) -> None:
    dealt = deal(rows, blocks)
    first = data.draw(st.integers(0, rows - 1))
    count = data.draw(st.integers(1, rows - first))
    written = np.full(rows, -1)
    places, order, cuts = dealt.laid_out(first, count)
    for place, start, stop in zip(places, cuts[:-1], cuts[1:], strict=True):
        written[place : place + stop - start] = first + order[start:stop]
    expected = np.full(rows, -1)
    expected[dealt.places(first, count)] = np.arange(first, first + count)
    assert written.tolist() == expected.tolist()


@pytest.mark.parametrize("label", ["sorted", "alternating", "every eighth"])
def test_every_block_holds_both_classes_in_their_shares(label: str) -> None:
    n = 64_000
    rows = np.arange(n)
    y = {"sorted": rows >= n // 4, "alternating": rows % 2 == 1, "every eighth": rows % 8 == 3}[label]
    dealt = deal(n, 64)
    lying = np.empty(n, np.bool_)
    lying[dealt.places(0, n)] = y
    bounds = dealt.bounds()
    assert len(bounds) >= 60
    drawn = 0.5 / np.sqrt(n / len(bounds))  # how far a share is off where rows are drawn at random, at most
    assert all(abs(lying[start:stop].mean() - y.mean()) < 5 * drawn for start, stop in bounds)
