"""The rows of one process among those that are dealt over blocks, against all of them dealt by one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from lrtui.core.training.design import Part
from lrtui.core.training.epochs import EpochSpec
from lrtui.core.training.losses import default_loss
from lrtui.datasets.storage.block_shuffle import BlockShuffle
from lrtui.datasets.storage.own_rows import OwnDeal, OwnRows


@st.composite
def shared(draw: st.DrawFn) -> tuple[int, int, list[int]]:
    """Rows, columns, and where the rows of each process begin."""
    rows = draw(st.integers(1, 200))
    cuts = sorted(draw(st.lists(st.integers(0, rows), max_size=4)))
    return rows, draw(st.integers(1, 60)), [0, *cuts, rows]


@given(shared(), st.integers(1, 50))
def test_what_lies_on_all_disks_is_what_lies_on_one(given_: tuple[int, int, list[int]], piece: int) -> None:
    rows, columns, cuts = given_
    deal = BlockShuffle(rows, columns)
    lying = np.empty(rows, np.int64)
    lying[deal.places(0, rows)] = np.arange(rows)
    for start, stop in pairwise(cuts):
        own = OwnDeal(rows, columns, start, stop)
        here = np.full(stop - start, -1)
        for first in range(0, stop - start, piece):
            count = min(piece, stop - start - first)
            places, order, ends = own.laid_out(first, count)
            for place, begin, end in zip(places, ends[:-1], ends[1:], strict=True):
                here[place : place + end - begin] = start + first + order[begin:end]
        assert here.tolist() == [row for row in lying.tolist() if start <= row < stop]
        assert own.own.rows == rows


@given(shared(), st.integers(1, 40), st.booleans(), st.booleans())
def test_all_processes_together_have_the_order_that_one_draws(
    given_: tuple[int, int, list[int]], batch: int, dealt: bool, shuffle: bool
) -> None:
    rows, columns, cuts = given_
    updates: list[set[int]] = []
    for start, stop in pairwise(cuts):
        own = OwnDeal(rows, columns, start, stop).own if dealt else OwnRows.in_memory(rows, start, stop)
        part = Part(torch.zeros(stop - start, 1), torch.zeros(stop - start), None, counts=(rows,), own=own)
        theta = torch.zeros(1)
        spec = EpochSpec(part, theta, default_loss(2), batch, shuffle, torch.Generator().manual_seed(3))
        order, steps = spec.steps()
        # Where each row of this process stands among all: by block, and within it.
        places = np.concatenate(
            [np.arange(block.first, block.stop) + at for block, at in zip(
                own.blocks(), (np.cumsum(own.sizes) - own.sizes).tolist(), strict=True
            )]
        )  # fmt: skip
        places = places if order is None else places[order.numpy()]
        updates = updates or [set() for _ in steps]
        for known, (first, last, many) in zip(updates, steps, strict=True):
            known |= set(places[first:last].tolist())
            assert many == min(batch, rows) or many == rows % batch
    assert [len(known) for known in updates] == [
        min(batch, rows - at) for at in range(0, rows, min(batch, rows))
    ]
    assert set.union(*updates) == set(range(rows))
    if not dealt and shuffle and batch < rows:
        drawn = torch.randperm(rows, generator=torch.Generator().manual_seed(3)).tolist()
        assert updates == [set(drawn[at : at + batch]) for at in range(0, rows, batch)]
