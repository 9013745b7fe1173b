"""Two classes or more: the one place that asks. No NumPy in here, for the dashboard asks too."""

from __future__ import annotations


def is_binary(classes: int) -> bool:
    """Whether one logit tells the classes apart: the second against the first."""
    return classes <= 2


def logit_count(classes: int) -> int:
    """Logits of a row: one of two classes, one for each of more."""
    return 1 if is_binary(classes) else classes
