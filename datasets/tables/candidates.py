"""The columns that are likeliest to be the target, for an error that asks for one."""

from __future__ import annotations

import polars as pl

from lrtui.datasets.inspection.candidates import candidates
from lrtui.datasets.inspection.facts import facts_of
from lrtui.datasets.tables.kinds import understand

LOOKED_AT = 10_000  # rows
MOST = 3


def likeliest(frame: pl.DataFrame) -> list[str]:
    """The names of at most three columns, the likeliest first; the inspection ranks them."""
    head = frame.head(LOOKED_AT)
    facts = [facts_of(understand(head[name]), head[name], "") for name in frame.columns]
    return [found.column for found in candidates(facts, rows=head.height)[:MOST]]
