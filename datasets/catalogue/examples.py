"""Three examples of random labels: NumPy's legacy generator, seed 42, labels right after features."""

from __future__ import annotations

from functools import partial

from lrtui.datasets.catalogue.entry import Data, Entry


def _random(rows: int, *, wide: bool = False) -> Data:
    """Five columns; where it is ``wide``, then a sixth that is 10,000 times as wide."""
    import numpy as np  # not where entries are shown

    random = np.random.RandomState(42)
    X = random.rand(rows, 5)
    if wide:
        X = np.hstack([X, random.rand(rows, 1) * 10_000])
    return Data(X, random.randint(0, 2, rows))


ENTRIES = (
    Entry(
        "example-scaling", "example",
        "Random labels, one feature 10,000 times larger than the others: unscaled, one label.",
        100, 6, 0.47, 0, partial(_random, 100, wide=True), plain_split=True,
    ),
    Entry(
        "example-learning-rate", "example", "Random labels on uniform features: no learning rate can help.",
        100, 5, 0.4, 1, partial(_random, 100), plain_split=True,
    ),
    Entry(
        "example-small-data", "example", "Twenty rows with random labels: what looks learned is memorized.",
        20, 5, 0.35, 2, partial(_random, 20), plain_split=True,
    ),
)  # fmt: skip
