"""What the engine knows of a dataset that the catalogue does not describe as it stands."""

from __future__ import annotations

import time

from lrtui.core.store import Description
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.source import Source
from lrtui.tui.desk import Desk


class DescriptionWatch:
    """Asks the engine about the dataset on the desk, and keeps the answer."""

    def __init__(self, desk: Desk) -> None:
        self.found: Description | None = None
        self._desk = desk
        self._asked_at: float | None = None
        self._asked: Source | None = None

    def ask(self) -> None:
        """The dataset on the desk is another one."""
        source = self._desk.source
        if self._asked_at is not None and self.found is None and source != self._asked:
            self._desk.store.commands.send(self._desk.engine.token, "undescribe")
        self.found = self._asked_at = None
        self._asked = source
        if source.name in CATALOGUE or self._desk.needs_target:
            return
        self._asked_at = time.time()
        self._desk.store.commands.send(self._desk.engine.token, "describe", source=source.to_dict())

    def look(self) -> None:
        """Read the answer, once it is there."""
        if self._asked_at is not None and self.found is None:
            self.found = self._desk.store.engines.description(self._desk.source, self._asked_at)
