"""What the form was before each change, newest last."""

from __future__ import annotations

from collections.abc import Callable

from lrtui.core.config import Config
from lrtui.datasets.source import Source

DEPTH = 100


class Undo:
    """Datasets with their configs, to go back to."""

    def __init__(self) -> None:
        self._before: list[tuple[Source, Config]] = []

    def __bool__(self) -> bool:
        """Whether there is anything to go back to."""
        return bool(self._before)

    def remember(self, source: Source, config: Config) -> None:
        """Something else comes; of very many changes the oldest are forgotten."""
        self._before = [*self._before[-DEPTH:], (source, config)]

    def back(self) -> tuple[Source, Config]:
        """What was remembered last, which is forgotten by that."""
        return self._before.pop()

    def clear(self) -> None:
        """Nothing can be taken back any more."""
        self._before = []

    def replace(self, other: Callable[[Config], Config], present: Config) -> None:
        """Other configs in the place of these; what then is the ``present`` one is no step back."""
        self._before = [(source, other(config)) for source, config in self._before]
        while self._before and self._before[-1][1] == present:
            self._before.pop()
