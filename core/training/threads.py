"""How many threads a problem deserves. No torch in here."""

from __future__ import annotations

import os

SMALL = 1_000_000  # numbers in X: below this, waking a second thread costs more than it does


def threads_for(rows: int, columns: int) -> int:
    """One thread for small data, every core that this process may use for large."""
    if rows * columns < SMALL:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
