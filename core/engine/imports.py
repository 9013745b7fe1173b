"""Everything heavy that an engine may need, imported by its own thread, a stage at a time.

Of packages that need each other Python can show a second thread a module that is half made. So no thread is
begun before everything is imported, and none that is begun imports anything.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from importlib import import_module

from lrtui.core.garbage import collect_again

# In the order in which people need them, each in well under a second: a command waits for one at most.
STAGES = (
    "scipy.stats",
    "sklearn.model_selection",  # most datasets
    "sklearn.datasets",
    "lrtui.core.training.smoothness",
    "lrtui.core.doctor.doctor",  # after every run
    "lrtui.core.doctor.suggestions",
    "lrtui.core.inside.looking",
    "polars",  # tables
    "lrtui.datasets.ingest.assembly",
    "lrtui.datasets.inspection.inspector",
    "lrtui.datasets.ingest.large",
    "lrtui.datasets.reading.arff",
    "lrtui.datasets.reading.arrays",
    "lrtui.datasets.reading.jsonlines",
    "lrtui.datasets.reading.svmlight",
    "lrtui.datasets.reading.openml",
    "lrtui.datasets.reading.bundles",
    "sklearn.feature_extraction",
    "sklearn.kernel_approximation",
    "sklearn.gaussian_process",
    "fastexcel",
)
EXTRA = frozenset({"fastexcel"})  # of an extra: not everybody has it


class Imports:
    """What is still to be imported; ``advance`` until it is ``complete``."""

    def __init__(self) -> None:
        self._left = deque(STAGES)

    @property
    def complete(self) -> bool:
        """Threads may begin."""
        return not self._left

    def advance(self) -> None:
        """Import what is next."""
        name = self._left.popleft()
        with suppress(*((ModuleNotFoundError,) if name in EXTRA else ())):
            import_module(name)
        if self.complete:
            collect_again()
