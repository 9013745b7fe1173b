"""``Inspector``: a table, or a sample of a large one, looked at with one target after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import polars as pl

from lrtui.datasets.array_types import Indices
from lrtui.datasets.cores import side_by_side
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.inspection.as_target import as_target, facts_as_target
from lrtui.datasets.inspection.candidates import MOST_CLASSES, candidates
from lrtui.datasets.inspection.cautions import cautions
from lrtui.datasets.inspection.facts import OTHERS, as_text, facts_of, histogram, levels_of, numbers
from lrtui.datasets.inspection.far_cautions import typed
from lrtui.datasets.inspection.far_cells import Far, far_of
from lrtui.datasets.inspection.record import Caution, Facts, Inspection, Level
from lrtui.datasets.progress import NOBODY, Progress
from lrtui.datasets.reading.error_translation import refusing
from lrtui.datasets.reading.reader import read_table, size_of
from lrtui.datasets.reading.scanning import scan_table
from lrtui.datasets.reading.table import Scan, Table
from lrtui.datasets.remote.bringing import bring
from lrtui.datasets.source import Source
from lrtui.datasets.tables.labels import named_value
from lrtui.datasets.tables.two_parts import understand_parts
from lrtui.datasets.tables.type_inference import Understood
from lrtui.datasets.text import listed, quote

ROWS = 1_000_000  # that statistics come from, at most; of very many columns fewer
CELLS = 50_000_000
WHOLE = 200_000_000  # bytes of a file that is still read whole
COLUMNS = 2000  # told one by one, about
LAST = 50  # of them from the end, where a target often stands
SHOWN_CLASSES = 5  # in histograms; where there are more, the last stands for all others

NO_TARGET = "No column can be the target as it is: a target has a few values that stand in many rows."


class Inspector:
    """Holds rows of a table, all or some from everywhere, and what its columns are."""

    def __init__(self, source: Source, watch: Progress = NOBODY) -> None:
        """``watch`` follows the fetching of what lies elsewhere."""
        if source.elsewhere:
            bring(source, watch)
        self._label, self._size, self._positive = source.label, size_of(source), source.positive
        scan = scan_table(source) if self._size > WHOLE else None
        self._table, self._rows, self._step = _whole(source) if scan is None else _sample(scan)
        self._frame = _told(self._table.frame, source)
        own = self._table.test_from
        own = None if own is None else -(-own // self._step)
        test = self._table.test_where
        self._found: Sequence[Understood] = [understand_parts(series, own, test) for series in self._frame]

    @cached_property
    def _facts(self) -> list[Facts]:
        told = side_by_side(lambda found: facts_of(found, self._frame[found.column.name]), self._found)
        return [
            facts
            if facts.kind == "date"
            else replace(facts, codes=tuple(typed(c.value) for c in far.codes))
            for facts, far in zip(told, self._far, strict=True)
        ]

    @cached_property
    def _far(self) -> list[Far]:
        return side_by_side(
            lambda one: far_of(numbers(one)) if one.column.kind in ("number", "date") else Far(),
            self._found,
        )

    def _place(self, row: int) -> tuple[int, str]:
        """The number of a row in its file, and words for the file where it is that of the test part."""
        number, own = row * self._step, self._table.test_from
        return (number + 1, "") if own is None or number < own else (number - own + 1, " of the test part")

    @cached_property
    def _as_targets(self) -> list[Facts]:
        pairs = zip(self._found, self._facts, strict=True)
        return [facts_as_target(found, self._frame[facts.name], facts) for found, facts in pairs]

    def _with_target(self, target: str) -> list[tuple[Understood, Facts]]:
        """Every column, the target as its classes make it."""
        pairs = zip(self._found, self._facts, self._as_targets, strict=True)
        return [
            (as_target(found, self._frame[target]), told) if facts.name == target else (found, facts)
            for found, facts, told in pairs
        ]

    def look(self, target: str | None = None) -> Inspection:
        """The inspection with the classes of a target, or of the best candidate."""
        table, frame = self._table, self._frame
        ranked = candidates(self._as_targets, rows=frame.height, told=table.target)
        unknown = target is not None and target not in frame.columns
        best = next((one.column for one in ranked if one.ready), "")
        chosen = target if target is not None and not unknown else best
        classes = self._classes(chosen)
        codes = self._codes(chosen, [value for value, _ in classes])
        shown, merged = _shown(classes, codes)
        pairs = self._with_target(chosen)
        histograms = side_by_side(lambda pair: histogram(pair[0], merged, max(len(shown), 1)), pairs)
        columns = tuple(
            replace(facts, histogram=found) for (_, facts), found in zip(pairs, histograms, strict=True)
        )
        far = dict(zip(frame.columns, self._far, strict=True))
        told = cautions(frame, pairs, chosen, classes, codes, table.frame.width, far, self._place)
        if not chosen:
            told = (Caution("target", NO_TARGET), *told)
        if unknown:
            no_such = f"There is no column called {quote(str(target))}"
            there = f"{no_such}; the columns are {listed(frame.columns)}."
            told = (Caution("target", there, str(target)), *told)
        whole = self._step == 1 and 0 < len(classes) < MOST_CLASSES  # else it may stand elsewhere
        if self._positive is not None and whole:
            try:
                named_value(self._positive, dict(classes), chosen, table.where)
            except DatasetError as error:
                told = (Caution("target", f"{error.what} {error.fix}", chosen), *told)
        return Inspection(
            self._label,
            self._size,
            self._rows,
            frame.height,
            table.frame.width,
            columns,
            ranked,
            chosen,
            classes,
            shown,
            told,
            self._remarks([one for one, _ in pairs]),
        )

    def _remarks(self, columns: Sequence[Understood]) -> tuple[str, ...]:
        table, below = self._table, tuple[str, ...]()
        if table.test_from is not None:
            below = (
                f"{self._rows - table.test_from:,} of the rows are the test part, {table.test_where}.",
            )
        return (*below, *table.remarks, *(remark for one in columns for remark in one.remarks))

    def _classes(self, target: str) -> tuple[Level, ...]:
        if not target:
            return ()
        found = next(one for one, _ in self._with_target(target) if one.column.name == target)
        return levels_of(found, self._frame[target], MOST_CLASSES)

    def _codes(self, target: str, values: list[str]) -> Indices:
        """The class of each row by its number, -1 where it has none; all 0 where there is no target."""
        if not values:
            return np.zeros(self._frame.height, dtype=np.int64)
        numbers = as_text(self._frame[target]).replace_strict(
            values, range(len(values)), default=-1, return_dtype=pl.Int64
        )
        return np.asarray(numbers.fill_null(-1).to_numpy(), np.int64)


def _whole(source: Source) -> tuple[Table, int, int]:
    """A table, or of a large one every so-manyth row; how many rows it has, and which of them these are."""
    table = read_table(source)
    rows = table.frame.height
    step = _step(rows, table.frame.width)
    return replace(table, frame=table.frame.gather_every(step)), rows, step


def _sample(scan: Scan) -> tuple[Table, int, int]:
    """The same in two passes: one counts the rows where the format does not tell, one takes the sample."""
    with refusing(scan.where, "a table"):
        rows = scan.rows
        if rows is None:
            rows = int(scan.lazy.select(pl.len()).collect(engine="streaming").item())
        step = _step(rows, scan.head.width)
        frame = scan.lazy.gather_every(step).collect(engine="streaming")
    return Table(frame, scan.where, remarks=scan.remarks), rows, step


def _step(rows: int, columns: int) -> int:
    """Every how-manyth row is looked at."""
    most = max(1000, min(ROWS, CELLS // max(columns, 1)))
    return max(1, -(-rows // most))


def _told(frame: pl.DataFrame, source: Source) -> pl.DataFrame:
    """The columns told one by one: of very many the first, the last, and those that have a part."""
    names = frame.columns
    if len(names) <= COLUMNS:
        return frame
    parts = {source.target, source.weights, source.group, source.time, *source.columns[:COLUMNS]}
    ends = {*names[: COLUMNS - LAST], *names[-LAST:]}
    return frame.select([name for name in names if name in ends or name in parts])


def _shown(classes: Sequence[Level], codes: Indices) -> tuple[tuple[str, ...], Indices]:
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
