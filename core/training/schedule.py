"""At which epochs a snapshot is kept: dense at the start, then ever farther apart. No torch in here."""

from __future__ import annotations

DENSE = 50
GROWTH = 1.055


def next_snapshot(epoch: int) -> int:
    """The first epoch after ``epoch`` at which a snapshot is kept.

    Every epoch up to 50, then 5.5 % apart: 278 up to 10,000,000, whatever the length of the run.
    """
    due = DENSE
    if epoch < DENSE:
        return epoch + 1
    while due <= epoch:
        due = int(due * GROWTH) + 1
    return due
