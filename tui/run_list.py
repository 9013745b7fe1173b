"""All runs as a person goes through them: narrowed, sorted, marked, named, put away; no widget in here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lrtui.core.doctor.diagnosis import Health
from lrtui.core.errors import ConfigError, StoreError
from lrtui.core.run_filter import ordered, parse_filter
from lrtui.core.store import Labels, Run, Store
from lrtui.core.store.diagnoses import Verdicts
from lrtui.core.store.labels import labels_of
from lrtui.core.store.runs import RecentRuns

FIRST = 200  # runs that are read at first; the others once somebody looks for them
ALL = -1
NEWEST = ""  # the order of the store
FIELDS = (
    NEWEST, "name", "dataset", "status", "verdict", "epochs", "train", "test", "accuracy", "balanced",
    "auc", "lr", "seconds",
)  # fmt: skip


class RunList:
    """The runs, and what a person did to them here, to be taken back."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._letters = Verdicts(store.diagnoses)
        self.marked: list[int] = []  # in the order in which they were
        self.wrong = ""  # why what is typed is no filter
        self.by, self.down = NEWEST, False
        self._rule = parse_filter("")
        self._back: list[Callable[[], str]] = []
        self._limit(FIRST)

    def _limit(self, limit: int) -> None:
        self._most, self._recent = limit, RecentRuns(self._store.runs, limit)
        self.look()

    def look(self) -> None:
        """Read what is new in the store."""
        self._runs = self._recent.read()
        self.verdicts: dict[int, Health] = self._letters.read(self._runs)
        known = {run.id for run in self._runs}
        self.marked = [run_id for run_id in self.marked if run_id in known]
        self._show()

    def _show(self) -> None:
        found = [run for run in self._runs if self._rule(run, self.verdicts.get(run.id))]
        if self.by:
            found = ordered(found, self.verdicts, f"-{self.by}" if self.down else self.by)
        elif self.down:
            found.reverse()
        self.shown: list[Run] = found

    @property
    def total(self) -> int:
        """How many runs have been read."""
        return len(self._runs)

    def read_all(self) -> None:
        """The older ones, too: whoever sorts or searches means all."""
        if self._most != ALL and len(self._runs) == self._most:
            self._limit(ALL)

    def narrow(self, wanted: str) -> None:
        """Show only those that fit; what is not yet a filter shows all, and says why."""
        try:
            self._rule, self.wrong = parse_filter(wanted), ""
        except ConfigError as error:
            self._rule, self.wrong = parse_filter(""), str(error)
        if wanted:
            self.read_all()
        self._show()

    def sort(self, step: int) -> None:
        """By the next field, or the one before."""
        self.by = FIELDS[(FIELDS.index(self.by) + step) % len(FIELDS)]
        self.read_all()
        self._show()

    def turn(self) -> None:
        """The other way round."""
        self.down = not self.down
        self.read_all()
        self._show()

    def mark(self, run_id: int) -> None:
        """Mark a run, or no more."""
        if run_id in self.marked:
            self.marked.remove(run_id)
        else:
            self.marked.append(run_id)

    def chosen(self, here: Run) -> list[Run]:
        """The marked runs, or where there are none the one under the cursor."""
        found = {run.id: run for run in self._runs}
        return [found[run_id] for run_id in self.marked] or [here]

    def write(self, run: Run, field: str, text: str) -> None:
        """Give a run a ``name``, a ``note`` or ``tags`` (words between blanks).

        Raises:
            StoreError: the text is none.
        """
        had = run.labels
        values = {"name": had.name, "note": had.note, "tags": " ".join(had.tags)} | {field: text}
        self._label(
            run.id, labels_of(values["name"], values["note"], values["tags"].replace(",", " ").split())
        )
        self._back.append(partial(self._label, run.id, had))

    def _label(self, run_id: int, labels: Labels) -> str:
        self._store.labels.set(run_id, labels)
        self.look()
        return f"What was written on run {run_id} is as it was."

    def put_away(self, runs: list[Run]) -> str:
        """Take runs off the lists; returns what to tell.

        Raises:
            StoreError: one of them goes on.
        """
        if live := [run for run in runs if run.status.live]:
            raise StoreError(
                f"Run {live[0].id} is {live[0].status}, so nothing was put away.", "Stop it first."
            )
        ids = [run.id for run in runs]
        self._store.labels.put_away(ids)
        self._back.append(partial(self._bring_back, ids))
        self.look()
        return f"{_numbered(ids)} put away, and gone for good in a week."

    def _bring_back(self, ids: list[int]) -> str:
        self._store.labels.bring_back(ids)
        self.look()
        return f"{_numbered(ids)} back."

    def undo(self) -> str:
        """Take back what was done last; returns what to tell."""
        return self._back.pop()() if self._back else "There is nothing to undo."


def _numbered(ids: list[int]) -> str:
    numbers = ", ".join(map(str, ids))
    return f"Run {numbers} is" if len(ids) == 1 else f"Runs {numbers} are"
