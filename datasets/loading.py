"""From a source to a dataset."""

from __future__ import annotations

import numpy as np

from lrtui.datasets.dataset import Dataset
from lrtui.datasets.made import EXAMPLES, GENERATORS, example, made
from lrtui.datasets.source import Source


def load(source: Source) -> Dataset:
    """The dataset that a source names.

    Raises:
        DatasetError: it is not to be had, or the file cannot be used as asked.
    """
    if source.is_file:
        from lrtui.datasets.csvfile import read_csv  # polars, only for files

        return read_csv(source)
    entry, parameters = source.entry, source.parameters
    if entry.name in EXAMPLES or entry.name in GENERATORS:
        X, y = example(entry.name) if entry.name in EXAMPLES else made(entry.name, parameters)
        names = tuple(f"x{i}" for i in range(1, X.shape[1] + 1))
        classes = ("0", "1")
    else:
        from lrtui.datasets.bundled import (
            bundled,
        )  # scikit-learn, only where its tables are asked for

        X, y, names, classes = bundled(entry.name)
    return Dataset(
        source,
        np.ascontiguousarray(X, dtype=np.float64),
        y.astype(np.int8),
        names,
        classes,
        entry.shows,
        entry.plain_split,
    )
