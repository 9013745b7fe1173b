"""Runs side by side: the settings in which they differ, and what each reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from lrtui.core.config import knobs
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.errors import StoreError
from lrtui.core.results import finite
from lrtui.core.store import Run, Status

MOST = 6  # more cannot be told apart in a plot, nor stand side by side
SPLIT = ("missing", "test_size", "split_seed")  # which rows are tested
LOWER = ("train_loss", "test_loss")  # is better
METRICS = ("train_loss", "test_loss", "test_accuracy", "test_balanced_accuracy", "test_auc")


class Row(NamedTuple):
    """A setting or a number of every run; ``best`` are the places of the best of comparable numbers."""

    name: str
    values: list[Any]
    best: tuple[int, ...] = ()


class Comparison(NamedTuple):
    """Runs with what tells them apart.

    Attributes:
        differs: settings that are not the same in all: of the data first, then hyperparameters.
        reached: epochs, seconds, verdict and scores; ``None`` where a run has none.
        same_rows: whether all were tested on the same rows, so that their test scores can be compared.
    """

    runs: tuple[Run, ...]
    differs: list[Row]
    reached: list[Row]
    same_rows: bool

    @property
    def flattered(self) -> tuple[int, ...]:
        """Places of the runs whose epoch was chosen by the rows that score it: by the lowest test loss."""
        best = [run.shown_best for run in self.runs]
        return tuple(
            place for place, found in enumerate(best) if found is not None and found.part == "test"
        )

    def to_json(self) -> dict[str, Any]:
        """Plain lists, by run in the order that was asked for."""
        return {
            "runs": [run.id for run in self.runs],
            "names": [run.labels.name for run in self.runs],
            "same_test_rows": self.same_rows,
            "chosen_by_test_loss": [self.runs[place].id for place in self.flattered],
            "differs": {row.name: row.values for row in self.differs},
            "reached": {row.name: row.values for row in self.reached},
        }


def compare(runs: Sequence[Run], verdicts: Mapping[int, Health]) -> Comparison:
    """Compare runs.

    Raises:
        StoreError: there are fewer than two, or more than ``MOST``, or one cannot be read.
    """
    if broken := next((run.failure for run in runs if run.status is Status.UNREADABLE), None):
        raise StoreError(broken.what, broken.fix)
    found = {run.id: run for run in runs}
    if not 2 <= len(found) <= MOST:
        raise StoreError(
            f"{len(found)} run{'' if len(found) == 1 else 's'} cannot be compared.",
            f"Name two to {MOST} different runs.",
        )
    given = tuple(found.values())
    told = [_settings(run) for run in given]
    names = list(dict.fromkeys(name for one in told for name in one))
    rows = [Row(name, [one.get(name) for one in told]) for name in names]
    same = all(_tested(run) == _tested(given[0]) for run in given)
    return Comparison(
        given, [row for row in rows if any(value != row.values[0] for value in row.values)],
        _reached(given, verdicts, comparable=same), same,
    )  # fmt: skip


def _settings(run: Run) -> dict[str, Any]:
    """The data, the weights it began with, then the hyperparameters; a watched script has none of these."""
    if run.watched:
        return {"dataset": run.source.name}
    source = {"dataset" if name == "name" else name: value for name, value in run.source.to_dict().items()}
    began = {"from": None if run.branch is None else str(run.branch)}  # with whose weights
    return source | began | {name: getattr(run.config, name) for name in knobs()}


def _tested(run: Run) -> tuple[Any, ...]:
    """What decides which rows are tested."""
    config = () if run.watched else tuple(getattr(run.config, name) for name in SPLIT)
    return run.watched, run.source, config


def _reached(runs: Sequence[Run], verdicts: Mapping[int, Health], *, comparable: bool) -> list[Row]:
    def row(name: str, of: Callable[[Run], Any]) -> Row:
        return Row(name, [of(run) for run in runs])

    found = [
        row("status", lambda run: str(run.status)),
        row("verdict", lambda run: None if run.id not in verdicts else str(verdicts[run.id])),
        row("epochs_done", lambda run: run.epoch),
        row("seconds", lambda run: run.seconds),
    ]
    weighed = {run.config.class_weight for run in runs}
    unlike = LOWER if len(weighed) > 1 else LOWER[:1]  # losses of other functions, or of other rows
    for name in METRICS:
        values = [finite((run.measured or {}).get(name)) for run in runs]
        best = _best(values, lower=name in LOWER) if comparable and name not in unlike else ()
        found.append(Row(name, values, best))
    return found


def _best(values: Sequence[float | None], *, lower: bool) -> tuple[int, ...]:
    known = [value for value in values if value is not None]
    if len(set(known)) < 2:
        return ()
    best = min(known) if lower else max(known)
    return tuple(place for place, value in enumerate(values) if value == best)
