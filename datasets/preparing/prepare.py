"""From a dataset to a problem: split; encode, scale and expand with what the training part teaches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lrtui.datasets.array_types import Design, Indices
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.peers import ALONE, Peers
from lrtui.datasets.preparing.features import PrepareOptions
from lrtui.datasets.preparing.fit import learn_from, relative_weights
from lrtui.datasets.preparing.on_disk import prepare_on_disk
from lrtui.datasets.preparing.problem import Part, Problem, problem_of
from lrtui.datasets.preparing.sharing import share_of
from lrtui.datasets.progress import NOBODY, Progress
from lrtui.datasets.storage.mapped import mapping_of

CACHE_LINE = 64  # bytes


def aligned(rows: int, columns: int, dtype: np.dtype[Any]) -> Design:
    """An empty table from the start of a cache line: products then give the same bits in every process."""
    size = rows * columns * dtype.itemsize
    room = np.empty(size + CACHE_LINE, np.uint8)
    first = -room.ctypes.data % CACHE_LINE
    table: Design = room[first : first + size].view(dtype).reshape(rows, columns)
    return table


def prepare(
    dataset: Dataset,
    *,
    scaling: str,
    test_size: float,
    split_seed: int,
    features: str = "linear",
    missing: str = "error",
    drop_columns: Sequence[str] = (),
    clip: float = 0.0,
    missing_codes: Sequence[float] = (),
    validation: float = 0.0,
    single: bool = False,
    watch: Progress = NOBODY,
    peers: Peers = ALONE,
) -> Problem:
    """Split, encode, scale and expand; ``single`` keeps the design matrices in float32, as in training.

    ``missing`` says what becomes of cells without a finite number: an ``error``, the ``median`` of the
    training part, with ``indicator`` also a column that says where they were, or to ``drop`` their rows
    before the split. Cells that hold one of ``missing_codes`` are such cells too. ``clip`` is the share of
    cells that is pulled in at either end of a column of numbers (``preparing.clip``). ``validation`` is the
    share of the training rows that is kept apart from training, by the rules of the split; nothing is
    learned from them, and the test part stays as it is.

    What means and ranges do not tell, a sample of the training rows teaches where there are very many. Then
    both parts keep the order of the file.
    What lies on disk is prepared on disk, in an order of its own (``preparing.on_disk``).
    Where there are ``peers``, each gets its share of the rows: on disk it has no others to begin with.

    Raises:
        DatasetError: there is no such column to drop; a cell is missing where that is an error, or cannot
            be filled in; a part would be empty, lack a class, or hold numbers too large to scale; or there
            would be too many features; or the disk is full.
        Cancelled: the watcher says so.
    """
    asked = PrepareOptions(
        scaling, test_size, split_seed, features, missing, tuple(drop_columns), clip, tuple(missing_codes),
        validation,
    )  # fmt: skip
    if mapping_of(dataset.X) is not None:
        return prepare_on_disk(dataset, asked, single=single, watch=watch, peers=peers)
    learned, (train, test, *apart) = learn_from(dataset, asked)
    weights = relative_weights(dataset, train)

    def part(rows: Indices) -> Part:
        made = aligned(len(rows), len(learned.names) + 1, np.dtype(np.float32 if single else np.float64))
        learned.write(dataset.X, rows, made)
        return Part(made, dataset.y[rows], rows, None if weights is None else weights[rows])

    kept = part(apart[0]) if apart else None
    found = problem_of(dataset, asked, learned, part(train), part(test), kept)
    return found if peers.world == 1 else share_of(found, peers.rank, peers.world)
