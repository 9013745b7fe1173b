"""The one channel between dashboard, engine and command line: a SQLite file."""

from lrtui.core.store.diagnoses import Diagnosed, Work
from lrtui.core.store.records import (
    Change,
    Command,
    Description,
    EngineRecord,
    Failure,
    LossChunk,
    ProblemFacts,
    Run,
    SnapshotRow,
    Status,
    Sweep,
)
from lrtui.core.store.store import Store

__all__ = [
    "Change",
    "Command",
    "Description",
    "Diagnosed",
    "EngineRecord",
    "Failure",
    "LossChunk",
    "ProblemFacts",
    "Run",
    "SnapshotRow",
    "Status",
    "Store",
    "Sweep",
    "Work",
]
