"""What went wrong in the engine, as people see it."""

from __future__ import annotations

from lrtui.core.errors import LrtuiError
from lrtui.core.store import Failure


def failure_of(error: Exception | None) -> Failure:
    """What went wrong while data was loaded, as people see it."""
    if isinstance(error, LrtuiError):
        return Failure.of(error)
    if isinstance(error, MemoryError):
        return Failure("Engine", "It ran out of memory.", "Take fewer rows, or a machine with more memory.")
    what = "The engine hit an unexpected error while it read the data."
    return Failure("Engine", what, "The details are in engine.log, beside the store.")
