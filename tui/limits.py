"""How large a learning rate the problem on the desk bears: asked of the engine, shown as a quiet mark."""

from __future__ import annotations

import time
from dataclasses import asdict
from math import inf

from lrtui.core.config import Config
from lrtui.core.store.sweeps import smoothness_key
from lrtui.core.training.limits import Smoothness
from lrtui.tui.desk import Desk
from lrtui.tui.text import rounded_down


class LimitWatch:
    """Keeps the smoothness constants of the problem on the desk, once the engine has found them."""

    def __init__(self, desk: Desk) -> None:
        self.found: Smoothness | None = None
        self._desk = desk
        self._asked: tuple[str, str] | None = None  # which engine, and about what
        self._asked_at = 0.0

    def look(self) -> bool:
        """Ask when the problem is another, and read the answer; returns whether something is new."""
        desk = self._desk
        key = smoothness_key(desk.source, desk.config)
        if self._asked != (desk.engine.token, key):
            had, self.found = self.found, None
            self._asked, self._asked_at = (desk.engine.token, key), time.time()
            if not desk.source.is_file or desk.source.target:
                desk.store.commands.send(
                    desk.engine.token,
                    "limits",
                    source=asdict(desk.source),
                    config=desk.config.model_dump(),
                )
            return had is not None
        if self.found is None:
            self.found = desk.store.sweeps.smoothness(key, self._asked_at)
            return self.found is not None
        return False

    @property
    def rate(self) -> float | None:
        """What theory says of the learning rate, if it says anything."""
        found = None if self.found is None else self.found.limit(self._desk.config)
        return found if found is not None and 0 < found < inf else None


def limit_text(found: Smoothness | None, config: Config) -> str:
    """What theory says of the learning rate, in few words; nothing while it is not known."""
    if found is None:
        return ""
    limit = found.limit(config)
    if limit is None:
        return "w tries learning rates"
    if limit == inf:
        return "stable at any rate"
    return f"{'safe up to' if found.in_batches(config) else 'stable below'} {rounded_down(limit)}"
