"""``Inspector``: a table read once, and looked at with one target after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lrtui.datasets.inspection.becoming import becomes
from lrtui.datasets.inspection.candidates import MOST_CLASSES, candidates
from lrtui.datasets.inspection.cautions import cautions
from lrtui.datasets.inspection.facts import OTHERS, as_text, facts_of, histogram, levels_of
from lrtui.datasets.inspection.held import Held, held
from lrtui.datasets.inspection.record import Caution, Facts, Inspection, Level
from lrtui.datasets.source import Source
from lrtui.datasets.tables.kinds import Understood, understand
from lrtui.datasets.text import listed, quote

MOST_COLUMNS = 2000  # told one by one, about
LAST = 50  # of them from the end, where a target often stands
SHOWN_CLASSES = 5  # in histograms; where there are more, the last stands for all others

NO_TARGET = "No column can be the target as it is: a target has a few values that stand in many rows."

Codes = NDArray[np.int64]


def inspect(source: Source) -> Inspection:
    """What stands in a table, with the target that the source names or else the best candidate.

    Raises:
        DatasetError: the table cannot be read.
    """
    return Inspector(source).look(source.target)


class Inspector:
    """Holds a table, or a sample of a large one, and what its columns are."""

    def __init__(self, source: Source) -> None:
        """Read it.

        Raises:
            DatasetError: it cannot be read.
        """
        self._held: Held = held(source)
        self._frame = _told(self._held.frame, source)
        self._found: Sequence[Understood] = [understand(series) for series in self._frame]

    @cached_property
    def _facts(self) -> list[Facts]:
        return [facts_of(found, self._frame[found.column.name], becomes(found)) for found in self._found]

    def look(self, target: str | None = None) -> Inspection:
        """The inspection with the classes of a target, or of the best candidate."""
        table, frame = self._held, self._frame
        ranked = candidates(self._facts, rows=frame.height, told=table.target)
        unknown = target is not None and target not in frame.columns
        best = next((one.column for one in ranked if one.ready), "")
        chosen = target if target is not None and not unknown else best
        classes = self._classes(chosen)
        codes = self._codes(chosen, [value for value, _ in classes])
        shown, merged = _shown(classes, codes)
        columns = tuple(
            replace(facts, histogram=histogram(found, merged, max(len(shown), 1)))
            for facts, found in zip(self._facts, self._found, strict=True)
        )
        told = cautions(frame, self._found, self._facts, chosen, classes, codes, table.columns)
        if not chosen:
            told = (Caution("target", NO_TARGET), *told)
        if unknown:
            told = (_no_such(str(target), frame.columns), *told)
        return Inspection(
            table.label,
            table.size,
            table.rows,
            frame.height,
            table.columns,
            columns,
            ranked,
            chosen,
            classes,
            shown,
            told,
            (*table.remarks, *(one.remark for one in self._found if one.remark)),
        )

    def _classes(self, target: str) -> tuple[Level, ...]:
        if not target:
            return ()
        found = next(one for one in self._found if one.column.name == target)
        return levels_of(found, self._frame[target], MOST_CLASSES)

    def _codes(self, target: str, values: list[str]) -> Codes:
        """The class of each row by its number, -1 where it has none; all 0 where there is no target."""
        if not values:
            return np.zeros(self._frame.height, dtype=np.int64)
        numbers = as_text(self._frame[target]).replace_strict(
            values, range(len(values)), default=-1, return_dtype=pl.Int64
        )
        return np.asarray(numbers.fill_null(-1).to_numpy(), np.int64)


def _told(frame: pl.DataFrame, source: Source) -> pl.DataFrame:
    """The columns told one by one: of very many the first, the last, and those that have a part."""
    names = frame.columns
    if len(names) <= MOST_COLUMNS:
        return frame
    parts = {source.target, source.weights, source.group, source.time, *source.columns[:MOST_COLUMNS]}
    ends = {*names[: MOST_COLUMNS - LAST], *names[-LAST:]}
    return frame.select([name for name in names if name in ends or name in parts])


def _shown(classes: Sequence[Level], codes: Codes) -> tuple[tuple[str, ...], Codes]:
    """The classes that histograms tell apart, and the number among them for each row."""
    if len(classes) <= SHOWN_CLASSES:
        # By value, so that no comes before yes and 0 before 1, whichever is commoner.
        order = sorted(range(len(classes)), key=lambda number: classes[number][0])
        place = np.empty(len(classes) + 1, dtype=np.int64)
        place[order] = np.arange(len(classes))
        place[-1] = -1
        return tuple(classes[number][0] for number in order), place[codes] if classes else codes
    few = SHOWN_CLASSES - 1
    names = (*(value for value, _ in classes[:few]), f"{len(classes) - few} {OTHERS}")
    return names, np.minimum(codes, few)


def _no_such(target: str, columns: Sequence[str]) -> Caution:
    return Caution(
        "target", f"There is no column called {quote(target)}; the columns are {listed(columns)}.", target
    )
