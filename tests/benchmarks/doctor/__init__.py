"""How often the doctor is right: faults injected into good runs, healthy runs, and rivals beside it."""

from __future__ import annotations

from tests.benchmarks.doctor.report import tables
from tests.benchmarks.doctor.workers import examine

QUICK = 12  # cases, one or two of each kind


def report(quick: bool = False) -> str:
    """The tables of a whole run, or of a few cases that only show that it runs."""
    from tests.benchmarks.doctor.cases import every_case, sample

    chosen = sample(QUICK) if quick else every_case()
    return tables(list(examine(chosen, jobs=2)))
