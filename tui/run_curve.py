"""The loss curve of a stored run, read at once."""

from __future__ import annotations

from lrtui.core.store import Run, Store
from lrtui.tui.plots.curve import Curve

WHOLE_LIMIT = 200_000  # epochs: a longer stretch is read by its rows' extremes, not value by value


def curve_of(store: Store, run: Run) -> Curve:
    """Training loss over the epochs (a watched script: over its steps)."""
    found = Curve()
    if run.epoch > WHOLE_LIMIT:
        for chunk in store.losses.summary(run.id):
            found.extend_summary(chunk.first_epoch, chunk.count, chunk.lowest, chunk.highest)
    else:
        for chunk in store.losses.read(run.id):
            found.extend(chunk.first_epoch, chunk.values)
    return found
