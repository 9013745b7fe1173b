"""A dataset in few words: its shape, its target, and what became of missing values."""

from __future__ import annotations

import re

from lrtui.core.store import Description, Run
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.source import Source
from lrtui.tui.render.numbers import share

MISSING = {  # what becomes of cells in which nothing stands
    "indicator": "median and indicator",
    "median": "median",
    "drop": "their rows dropped",
    "error": "refused",
}


def shape_text(source: Source, run: Run | None, described: Description | None, times: str) -> str:
    """``569×30, 63 % are 1``, or of more classes ``150×4, 3 classes of at most 33 %``."""
    if (found := _facts(source, run, described)) is None:
        return ""
    rows, columns, base_rate, classes = found
    shares = f"{share(base_rate)} are 1"
    if classes > 2:
        shares = f"{classes:,} classes of at most {share(base_rate)}"
    return f"{rows:,}{times}{columns}, {shares}"


def _facts(
    source: Source, run: Run | None, described: Description | None
) -> tuple[int, int, float | None, int] | None:
    """Rows, columns, share of ones or of the commonest class, and classes, as far as they are known."""
    if source.name in CATALOGUE:
        entry = CATALOGUE[source.name]
        return entry.rows, entry.columns, entry.base_rate, 2
    if described is not None and described.rows:
        return described.rows, described.columns, described.base_rate, len(described.class_names)
    if run is not None and run.problem is not None and run.source == source:
        found = run.problem  # whose features may be others than the columns, but that is all there is
        return found.rows, found.features, found.base_rate, found.classes
    return None


def target_words(source: Source) -> str:
    """What is predicted of a table: the column, and which of its values."""
    if not source.target:
        return "no target chosen"
    which = ", all classes" if source.multiclass else f" = {source.positive}" if source.positive else ""
    return f"target {source.target}{which}"


def filled(remark: str, missing: str) -> str:
    """A remark on a table with what the config makes of its missing cells."""
    return re.sub(r"^([\d,]+ cells? missing)", rf"\1: {MISSING[missing]}", remark)
