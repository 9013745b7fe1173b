"""What a benchmark reports: two figures measured side by side, their ratio, and the bar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Result:
    """A row of the report; lower is better, and ``ratio`` should not exceed ``bar``."""

    what: str
    ours: str
    against: str
    ratio: float
    bar: float

    def row(self) -> str:
        """A row of a Markdown table."""
        return f"| {self.what} | {self.ours} | {self.against} | {self.ratio:.2f} | ≤ {self.bar:g} |"


def header() -> str:
    """The head of the table."""
    return "| what | ours | against | ratio | bar |\n| --- | ---: | ---: | ---: | ---: |"


def pairs(ours: Callable[[], float], against: Callable[[], float], runs: int) -> tuple[float, float, float]:
    """Both in turn, so that a drifting machine drifts for both; medians of each and of the ratios."""
    found = [(ours(), against()) for _ in range(runs)]
    return median(a for a, _ in found), median(b for _, b in found), median(a / b for a, b in found)
