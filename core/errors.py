"""The errors of core; the base class lives in the lowest layer, so that every layer can raise it."""

from __future__ import annotations

from lrtui.datasets.errors import DatasetError as DatasetError
from lrtui.datasets.errors import LrtuiError as LrtuiError


class ConfigError(LrtuiError):
    """A hyperparameter has a value it cannot have."""

    title = "Hyperparameter"


class StoreError(LrtuiError):
    """The store cannot be opened, read or written."""

    title = "Store"


class StoreLostError(StoreError):
    """The file at the store's path is no longer the one that was opened: nothing is written there."""


class UnreadableError(StoreError):
    """What was asked for is not in the store, or its row is damaged; the rest is as good as before."""


class ExportError(LrtuiError):
    """What was asked for cannot be made of a run, or not be written."""

    title = "Export"


class EngineError(LrtuiError):
    """The engine or the training in it failed."""

    title = "Engine"


class RanksError(EngineError):
    """A process that trains with others is gone, stands still, or cannot go on."""

    title = "Processes"
