"""The store: an open SQLite file and its tables."""

from __future__ import annotations

from pathlib import Path

from lrtui.core.config import Config
from lrtui.core.store.answers import AnswerTable
from lrtui.core.store.branches import BranchTable
from lrtui.core.store.commands import CommandTable, EngineTable
from lrtui.core.store.database import Database
from lrtui.core.store.diagnoses import DiagnosisTable
from lrtui.core.store.features import FeatureTable
from lrtui.core.store.history import HistoryTable
from lrtui.core.store.labels import LabelTable
from lrtui.core.store.loads import LoadTable
from lrtui.core.store.losses import LossTable
from lrtui.core.store.preparations import PreparationTable
from lrtui.core.store.records import WATCHED
from lrtui.core.store.runs import RunTable
from lrtui.core.store.scripts import Asked, ScriptTable
from lrtui.core.store.sweeps import SweepTable


class Store(Database):
    """One open store, for one thread: a database with its tables. Use it as a context manager."""

    def __init__(self, path: Path | None = None) -> None:
        """Open the person's store, or one at another ``path``."""
        super().__init__(path)
        self.losses = LossTable(self)
        self.history = HistoryTable(self, self.losses)
        self.runs = RunTable(self, self.history)
        self.labels = LabelTable(self)
        self.features = FeatureTable(self)
        self.branches = BranchTable(self)
        self.preparations = PreparationTable(self)
        self.commands = CommandTable(self)
        self.engines = EngineTable(self)
        self.sweeps = SweepTable(self)
        self.diagnoses = DiagnosisTable(self)
        self.answers = AnswerTable(self)
        self.loads = LoadTable(self)
        self.scripts = ScriptTable(self)

    def new_script(self, asked: Asked, owner: str) -> int:
        """A new run of a script, queued; ``owner`` is the process that will see to it."""
        with self.transaction():
            run_id = self.runs.create(asked.source, Config(), origin=WATCHED, owner=owner)
            self.scripts.begin(run_id, asked)
        return run_id
