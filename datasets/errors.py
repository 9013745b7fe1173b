"""The one base class of every error that a person sees: a title, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Mapping


class LrtuiError(Exception):
    """Something a person can act on; shown in full by the command line and by the dashboard.

    ``what`` says in one sentence what is wrong and where; ``fix`` says in one sentence what to do.
    """

    title = "Something went wrong"

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what, fix)
        self.what = what
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.what} {self.fix}"


class DatasetError(LrtuiError):
    """A dataset cannot be had, or cannot be used as asked."""

    title = "Dataset"


class TargetError(DatasetError):
    """A target does not hold two classes.

    ``target`` is the column; ``counts`` are its values and how many rows have each.
    """

    def __init__(self, what: str, fix: str, target: str, counts: Mapping[str, int]) -> None:
        super().__init__(what, fix)
        self.target = target
        self.counts = counts
