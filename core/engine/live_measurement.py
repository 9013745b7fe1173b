"""The newest measurement of a run, for whoever looks at it while it trains."""

from __future__ import annotations

import time
from collections.abc import Sequence

from lrtui.core.training.measurement import Measurement
from lrtui.core.training.snapshotter import Snapshot
from lrtui.core.training.trainer import Trainer

LIVE_SHARE = 0.005  # of the time may go into measurements for the screen alone


class LiveMeasurement:
    """Measures unless that would cost more than its share of the time; ``newest`` is what it found last."""

    def __init__(self) -> None:
        self.newest: Measurement | None = None
        self._cost = 0.0
        self._at = 0.0

    def of(
        self, trainer: Trainer, snapshots: Sequence[Snapshot], *, fresh: bool
    ) -> dict[str, object] | None:
        """A measurement as JSON; ``None`` where it is not yet time for another one.

        The last of the ``snapshots`` will do where they are ``fresh``; else the present state is measured.
        """
        now = time.monotonic()
        if fresh and snapshots:
            self.newest = snapshots[-1].measurement  # new enough, and measured already
            self._at = now
            return self.newest.to_json()
        if fresh and now - self._at < self._cost / LIVE_SHARE:
            return None
        self.newest = trainer.shown().measurement
        self._at = time.monotonic()
        self._cost = self._at - now
        return self.newest.to_json()
