"""What a watched script has beside its run: how it was started, where it is, what it printed, its patch."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self

from lrtui.core.store.database import Table
from lrtui.core.store.reading import attempted, parsed
from lrtui.core.store.records import Json
from lrtui.datasets.source import Source


@dataclass(frozen=True)
class Asked(Json):
    """How a script is run.

    Attributes:
        arguments: the script, or ``-m`` and a module, and what follows. python: the interpreter.
        folder: where it runs. capture: bytes of tensors that are kept, at most.
        budget: seconds for all second runs; none are made unless ``rerun``. limit: for the first run.
    """

    arguments: tuple[str, ...]
    python: str
    folder: str
    capture: int = 64 << 20
    budget: float = 60.0
    limit: float | None = None
    rerun: bool = True

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """What ``to_dict`` told."""
        return super().from_dict({**data, "arguments": tuple(data["arguments"])})

    @property
    def source(self) -> Source:
        """What the table of runs calls it: a script by its whole path."""
        script = self.arguments[0] != "-m"
        return Source(os.path.abspath(os.path.join(self.folder, self.name)) if script else self.name)

    @property
    def name(self) -> str:
        """The script or module as the person called it."""
        module = self.arguments[0] == "-m" and len(self.arguments) > 1
        return self.arguments[1] if module else self.arguments[0]


@dataclass(frozen=True)
class Progress(Json):
    """Where a script is.

    Attributes:
        file, line, text: where the loss was taken last. epoch: passes over its data, 0 where unknown.
        rate: backward passes a second, of late. ending: how it ended, in a sentence.
    """

    file: str = ""
    line: int = 0
    text: str = ""
    epoch: int = 0
    rate: float = 0.0
    ending: str = ""


@dataclass(frozen=True)
class Patch(Json):
    """What heals a script.

    Attributes:
        diff: for people. before, after: the texts of the files that it changes, by path.
        kept: where the originals lie while it is applied, by path.
    """

    diff: str
    before: dict[str, str]
    after: dict[str, str]
    kept: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem(Json):
    """What lrtui can train itself of a script that is logistic or softmax regression.

    Attributes:
        config: the script's settings. places: where they are written: name → file, line, function.
        sources: the texts of the person's files as they were run, by path.
    """

    config: dict[str, Any]
    classes: int
    places: dict[str, list[list[Any]]]
    sources: dict[str, str]


@dataclass(frozen=True)
class Script:
    """All of it; ``output`` are its last lines, and ``None`` where they went to another terminal.

    ``linear``: there is a ``Problem``, and its rows.
    """

    asked: Asked
    progress: Progress = field(default_factory=Progress)
    output: tuple[str, ...] | None = None
    patch: Patch | None = None
    linear: bool = False


class ScriptTable(Table):
    """Scripts by run."""

    def begin(self, run_id: int, asked: Asked) -> None:
        """Keep how a script is started."""
        told = json.dumps(asked.to_dict())
        self._database.insert("scripts", run_id=run_id, asked=told, made=time.time())

    def asked(self, run_id: int) -> Asked | None:
        """How a script is started, if that can be read."""
        row = self._database.row("SELECT asked FROM scripts WHERE run_id = ?", (run_id,))
        return None if row is None else attempted(lambda: Asked.from_dict(parsed(row["asked"])))

    def get(self, run_id: int) -> Script | None:
        """All that is kept of a script; what is damaged is left out."""
        row = self._database.row(
            "SELECT progress, output, patch, problem IS NOT NULL AS linear FROM scripts WHERE run_id = ?",
            (run_id,),
        )
        asked = self.asked(run_id)
        if row is None or asked is None:
            return None
        progress = attempted(lambda: Progress.from_dict(parsed(row["progress"]))) or Progress()
        output = attempted(partial(_output, row["output"]))
        patch = attempted(lambda: Patch.from_dict(parsed(row["patch"]))) if row["patch"] else None
        return Script(asked, progress, output, patch, bool(row["linear"]))

    def stamp(self, run_id: int) -> tuple[object, ...]:
        """Something small that is another one once there is news."""
        row = self._database.row("SELECT made FROM scripts WHERE run_id = ?", (run_id,))
        return () if row is None else tuple(row)

    def tell(self, run_id: int, progress: Progress) -> None:
        """Say where a script is."""
        self._set(run_id, progress=json.dumps(progress.to_dict()))

    def put_output(self, run_id: int, lines: Sequence[str]) -> None:
        """Keep what a script printed last."""
        self._set(run_id, output=json.dumps(list(lines)))

    def put_patch(self, run_id: int, patch: Patch) -> None:
        """Keep what heals a script, and whether it is applied."""
        self._set(run_id, patch=json.dumps(patch.to_dict()), applied=bool(patch.kept))

    def put_problem(self, run_id: int, problem: Problem, train: bytes, test: bytes | None) -> None:
        """Keep what lrtui can train itself; the tables as files of NumPy."""
        self._set(run_id, problem=json.dumps(problem.to_dict()), train=train, test=test)

    def problem(self, run_id: int) -> Problem | None:
        """What lrtui can train itself of a script, if that can be read."""
        row = self._database.row("SELECT problem FROM scripts WHERE run_id = ?", (run_id,))
        return None if row is None else attempted(lambda: Problem.from_dict(parsed(row["problem"])))

    def tables(self, run_id: int) -> tuple[bytes, bytes | None] | None:
        """Its rows to learn from, and those to be tested on."""
        row = self._database.row("SELECT train, test FROM scripts WHERE run_id = ?", (run_id,))
        if row is None or not isinstance(row["train"], bytes):
            return None
        return row["train"], row["test"] if isinstance(row["test"], bytes) else None

    def patched(self, name: str) -> int | None:
        """The newest run whose patch is applied to a script, by the name of its source."""
        row = self._database.row(
            "SELECT run_id FROM scripts JOIN runs ON id = run_id WHERE applied AND dataset = ?"
            " ORDER BY run_id DESC LIMIT 1",
            (name,),
        )
        return None if row is None else int(row["run_id"])

    def _set(self, run_id: int, **columns: Any) -> None:
        names = ", ".join(f"{name} = ?" for name in columns)
        self._database.execute(
            f"UPDATE scripts SET {names}, made = ? WHERE run_id = ?",  # noqa: S608
            (*columns.values(), time.time(), run_id),
        )


def _output(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    return tuple(str(line) for line in json.loads(text))
