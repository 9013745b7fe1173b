"""Passes over a large file: it begins anew where a row further down is not what the first rows say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.ingest.assembly import nothing_left
from lrtui.datasets.ingest.column_encoders import Unfit
from lrtui.datasets.ingest.merging import Outcome, share_levels, whole_statistics
from lrtui.datasets.ingest.one_pass import (
    TABLE,
    Columns,
    Imprecise,
    Pass,
    Unparsed,
    columns_of,
    encoded,
    precise,
    run,
)
from lrtui.datasets.peers import ALONE, Peers
from lrtui.datasets.progress import Progress, Step
from lrtui.datasets.reading.scanning import scan_table
from lrtui.datasets.reading.table import Scan
from lrtui.datasets.source import Source
from lrtui.datasets.storage.writing import Draft
from lrtui.datasets.tables.statistics import Statistics
from lrtui.datasets.text import quote

SOME = 5_000  # rows that say whether float32 will do; where those below say no, another pass does
PASSES = 8  # over a file, each with what the one before taught


def passes(
    source: Source,
    scan: Scan,
    names: Sequence[str],
    roles: Mapping[str, str],
    draft: Draft,
    watch: Progress,
    peers: Peers = ALONE,
) -> tuple[Columns, Pass, np.dtype[Any]]:
    """Pass over the file until every row is as was expected; the table comes to lie in the draft.

    Of ``peers`` each passes over its own rows; all begin anew where one has to, and know the same then.

    Args:
        names: of the columns that are learned from, if they can be. roles: those with a part of their own.

    Raises:
        DatasetError: the file cannot be read, or nothing can be learned from it.
        Cancelled: the watcher says so.
    """
    watch = _onward(watch)
    known = _Known()
    rows, kinds = expected_rows(scan), list(roles.values())
    for _ in range(PASSES):
        columns = columns_of(scan, names, source.columns, known.unfit)
        if not columns.encoders:
            raise nothing_left(columns.left_out, scan.where)
        single = known.single and _head_is_precise(scan, columns)
        dtype = np.dtype(np.float32 if single else np.float64)
        found: Pass | Exception
        try:
            found = run(scan, columns, roles["target"], kinds, draft, dtype, watch, rows)
        except (Unfit, Imprecise, Unparsed) as error:
            found = error
        troubles = _troubles(found, columns, dtype, peers)
        if isinstance(found, Pass) and not troubles:
            return columns, found, dtype
        if known.learn(troubles):
            scan = scan_table(source, wary=True, texts=known.texts, peers=peers) or scan
        draft.remove(TABLE)
    unfit = known.unfit
    name, reason = next(iter(unfit.items()), (names[0], "it changes from row to row"))
    raise DatasetError(
        f"Column {quote(name)} of {scan.where} and others are not what the first rows say: {reason}.",
        "Name them in drop_columns, or give --columns.",
    )


@dataclass
class _Known:
    """What the passes so far have taught: columns left out, those that are text, whether float32 does."""

    unfit: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    single: bool = True
    wary: bool = False

    def learn(self, troubles: Sequence[Exception]) -> bool:
        """Heed why all begin anew; tells whether the file is to be read in another way."""
        unparsed = [error for error in troubles if isinstance(error, Unparsed)]
        for error in troubles:
            if isinstance(error, Unfit):
                name, reason = error.args
                self.unfit[name] = reason
            elif isinstance(error, Imprecise):
                self.single = False
        # A word for nothing that the first rows do not hold; then any other word.
        if self.wary:
            self.texts.update(*(error.args for error in unparsed))
        self.wary = self.wary or bool(unparsed)
        return bool(unparsed)


def _troubles(
    found: Pass | Exception, columns: Columns, dtype: np.dtype[Any], peers: Peers
) -> list[Exception]:
    """Why all processes have to begin anew; else their levels are the same from here on."""
    own = Outcome.of(found, columns)
    outcomes = peers.gather(own)
    troubles: list[Exception] = [outcome.trouble for outcome in outcomes if outcome.trouble is not None]
    if not troubles and dtype == np.float32 and not precise(whole_statistics(outcomes)):
        troubles = [Imprecise()]
    if not troubles and isinstance(found, Pass):
        troubles += share_levels(columns, found.table, own, outcomes)
    return troubles


def _onward(watch: Progress) -> Progress:
    """The watch, to which a pass that begins anew is the rest of the way."""
    reached = begun = 0.0

    def tell(step: Step) -> None:
        nonlocal reached, begun
        if step.share == 0:
            begun = reached
        reached = begun + (1 - begun) * step.share
        watch.tell(replace(step, share=reached))

    return Progress(watch.go_on, tell)


def _head_is_precise(scan: Scan, columns: Columns) -> bool:
    """Whether the first rows let float32 do."""
    statistics = Statistics(columns.width)
    statistics.update(encoded(scan.head.head(SOME), columns))
    return precise(statistics)


def expected_rows(scan: Scan) -> float:
    """How many rows there are, as the format tells or as the first of them let expect."""
    if scan.rows is not None:
        return float(scan.rows)
    texts = [name for name, kind in scan.head.schema.items() if kind == pl.String]
    lengths = scan.head.select(pl.col(texts).str.len_bytes().sum()).sum_horizontal().item() if texts else 0
    each = (lengths or 0) / max(scan.head.height, 1) + scan.head.width
    if len(texts) < scan.head.width:  # typed columns of JSON lines
        each = len(scan.head.head(1000).write_ndjson().encode()) / max(min(scan.head.height, 1000), 1)
    return scan.size / max(each, 1.0)
