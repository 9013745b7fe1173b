"""What several processes have found in one pass, each over its own rows, put together as if by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from lrtui.datasets.array_types import Floats
from lrtui.datasets.ingest.column_encoders import Unfit
from lrtui.datasets.ingest.one_pass import Columns, Pass
from lrtui.datasets.peers import Peers
from lrtui.datasets.storage.mapped import map_file
from lrtui.datasets.storage.writing import RowFile
from lrtui.datasets.tables.missing import Gap, HoleCounter, Holes, blocks
from lrtui.datasets.tables.statistics import Statistics
from lrtui.datasets.tables.type_inference import MOST_LEVELS


@dataclass(frozen=True)
class Outcome:
    """What a pass came to: why it begins anew, or what it found; levels of categories by their place."""

    trouble: Exception | None
    statistics: Statistics
    levels: dict[int, tuple[str, ...]]

    @classmethod
    def of(cls, found: Pass | Exception, columns: Columns) -> Outcome:
        """Of one process."""
        if isinstance(found, Exception):
            return cls(found, Statistics(columns.width), {})
        places = enumerate(encoder.columns[0] for encoder in columns.encoders)
        levels = {place: column.levels for place, column in places if column.kind == "category"}
        return cls(None, found.statistics, levels)


def whole_statistics(outcomes: Sequence[Outcome]) -> Statistics:
    """Those of the rows of all processes."""
    if len(outcomes) == 1:
        return outcomes[0].statistics
    whole = Statistics(outcomes[0].statistics.columns)
    for outcome in outcomes:
        whole.merge(outcome.statistics)
    return whole


def share_levels(
    columns: Columns, table: RowFile, own: Outcome, outcomes: Sequence[Outcome]
) -> list[Unfit]:
    """Give each level the number that it has where one process reads all rows: as it is first met.

    The numbers in the table are made anew where others met levels first. Returns what holds too many.
    """
    wide, renumbered = list[Unfit](), dict[int, Floats]()
    starts = np.cumsum([0, *(len(encoder.columns) for encoder in columns.encoders)])
    for place, levels in own.levels.items():
        encoder = columns.encoders[place]
        merged = tuple(dict.fromkeys(level for outcome in outcomes for level in outcome.levels[place]))
        if len(merged) > MOST_LEVELS:
            wide.append(
                Unfit(encoder.name, f"more than {MOST_LEVELS:,} different texts, too many for categories")
            )
        numbers = {level: float(number) for number, level in enumerate(merged)}
        if merged[: len(levels)] != levels:
            renumbered[int(starts[place])] = np.array([numbers[level] for level in levels])
        encoder.columns = (replace(encoder.columns[0], levels=merged),)
    if renumbered and not wide:
        _renumber(table, renumbered)
    return wide


def _renumber(table: RowFile, numbers: dict[int, Floats]) -> None:
    """New numbers for those in some columns of a table."""
    X = map_file(table.path, (table.rows, table.columns or 1), table.dtype)
    for block in blocks(*X.shape):
        rows = np.array(X[block])
        for column, new in numbers.items():
            there = np.isfinite(rows[:, column])
            rows[there, column] = new[rows[there, column].astype(np.intp)]
        table.put(block.start, rows)


@dataclass(frozen=True)
class Found:
    """What is known of the rows of all processes together.

    Attributes:
        rows: of each process. holes, gaps, odd, unlabelled: as of one pass over all of them.
    """

    rows: tuple[int, ...]
    holes: Holes
    gaps: dict[str, Gap]
    odd: dict[str, Gap]
    unlabelled: int


def merge(found: Pass, peers: Peers) -> Found:
    """What all processes have found."""
    told = peers.gather((found.rows, found.seen, found.holes, found.gaps, found.odd, found.unlabelled))
    holes, gaps, odd = HoleCounter(len(found.holes.finish().counts)), dict[str, Gap](), dict[str, Gap]()
    seen = 0
    for _, passed, counter, first, words, _ in told:
        holes.merge(counter)
        for known, fresh in ((gaps, first), (odd, words)):
            for name, gap in fresh.items():
                known.setdefault(name, replace(gap, row=gap.row + seen))
        seen += passed
    return Found(tuple(one[0] for one in told), holes.finish(), gaps, odd, sum(one[5] for one in told))


def whole_column(values: pl.Series, peers: Peers) -> pl.Series:
    """A column of all processes."""
    return values if peers.world == 1 else pl.concat(peers.gather(values))
