"""The dataset and the problem that were used last: a second look at small data costs no second loading."""

from __future__ import annotations

from pathlib import Path

from lrtui.core.config import Config
from lrtui.core.training.problem import problem_key, problem_of
from lrtui.datasets import copies
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.loading import fetch, is_large, load
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.progress import NOBODY, Progress
from lrtui.datasets.source import Source, split_part
from lrtui.datasets.storage.mapped import mapping_of

KEPT = 4_000_000  # numbers: of larger data nothing stays in memory but what is trained on

Identity = tuple[Source, tuple[int, ...]]


class DatasetCache:
    """Loads and prepares; keeps the newest of each where it is of at most ``kept`` numbers."""

    def __init__(self, kept: int = KEPT) -> None:
        self.kept = kept
        self._dataset: tuple[Identity, Dataset] | None = None
        self._problem: tuple[tuple[object, ...], Problem] | None = None
        self._large: Identity | None = None

    def holds(self, source: Source) -> bool:
        """Whether a dataset lies here as it is now."""
        return self._dataset is not None and self._dataset[0] == identity(source)

    def knows_large(self, source: Source) -> bool:
        """Whether a dataset was last found too large to be kept: it is loaded only to be trained on."""
        return self._large == identity(source)

    def takes_long(self, source: Source, config: Config | None = None) -> bool:
        """Whether loading a dataset, or the problem of a config, would hold up the engine's loop."""
        if not all(map(copies.is_fresh, source.elsewhere)):
            return True  # to ask whether it changed there takes long enough
        try:
            if not is_large(source):
                return False
        except DatasetError:  # loading says it again
            return False
        if config is None:
            return not self.holds(source)
        return self.known(source, config) is None

    def known(self, source: Source, config: Config) -> Problem | None:
        """The problem that a config makes of a source, where it lies here as it is now."""
        if self._problem is None or self._problem[0] != (identity(source), *problem_key(config)):
            return None
        return self._problem[1]

    def dataset(self, source: Source, watch: Progress = NOBODY) -> Dataset:
        """The dataset that a source names.

        Raises:
            DatasetError: it is not to be had. Cancelled: the watcher says so.
        """
        fetch(source, watch)
        this = identity(source)
        if self._dataset is not None and self._dataset[0] == this:
            return self._dataset[1]
        self._dataset = self._problem = None  # before the next one is loaded, not after
        found = load(source, watch)
        if found.X.size <= self.kept or mapping_of(found.X) is not None:
            self._dataset = this, found
        else:
            self._large = this
        _confirm(source)
        return found

    def problem(self, source: Source, config: Config, watch: Progress = NOBODY) -> Problem:
        """The problem that a config makes of a source.

        Raises:
            DatasetError: it cannot be had, or not be split as asked. Cancelled: the watcher says so.
        """
        fetch(source, watch)
        if (known := self.known(source, config)) is not None:
            return known
        key = (identity(source), *problem_key(config))
        found = problem_of(self.dataset(source, watch), config, watch=watch)
        small = found.rows * found.design_train.shape[1] <= self.kept
        if small or mapping_of(found.design_train) is not None:
            self._problem = key, found
        _confirm(source)
        return found


def identity(source: Source) -> Identity:
    """A source, and for a file what tells whether it has changed since."""
    if not source.is_file:
        return source, ()
    if source.is_elsewhere:
        held = copies.held(source.name)
        return source, (0,) if held is None else (int(held.version, 16),)
    try:
        found = Path(split_part(source.name)[0]).stat()
    except (OSError, ValueError):  # a path that this locale cannot encode
        return source, (0,)  # loading it says what is wrong
    return source, (found.st_ino, found.st_size, found.st_mtime_ns)


def _confirm(source: Source) -> None:
    """What was loaded is what the engine goes on with: it is not asked about anew at once."""
    for name in source.elsewhere:
        copies.confirm(name)
