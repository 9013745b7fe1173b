"""From a source to a dataset."""

from __future__ import annotations

import numpy as np

from lrtui.datasets.dataset import Dataset
from lrtui.datasets.disk.size import is_large
from lrtui.datasets.made import GENERATORS, example, made
from lrtui.datasets.memory_limit import TABLES, check_memory
from lrtui.datasets.source import Source
from lrtui.datasets.watching import NOBODY, Watch


def load(source: Source, watch: Watch = NOBODY) -> Dataset:
    """The dataset that a source names; a large file is streamed to the disk, which ``watch`` may follow.

    Raises:
        DatasetError: it is not to be had, or the file cannot be used as asked.
        MemoryLimitError: what reads tables has no room in memory. Cancelled: the watcher says so.
    """
    if source.is_table:
        check_memory(*TABLES)
    if is_large(source):
        from lrtui.datasets.disk.large import load_large  # polars

        found = load_large(source, watch)
        if found is not None:
            return found
    if source.is_table:
        from lrtui.datasets.reading.reader import read_table  # polars, only for tables
        from lrtui.datasets.tables.assembly import dataset_of

        return dataset_of(source, read_table(source))
    entry, parameters = source.entry, source.parameters
    if entry.group == "example" or entry.name in GENERATORS:
        X, y = example(entry.name) if entry.group == "example" else made(entry.name, parameters)
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
