"""What a benchmark reports: two figures side by side with their ratio and bar, or how a cost grows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

LOOSE = 2  # times its bar: what no busy machine explains


@dataclass(frozen=True)
class Result:
    """A row of the report; lower is better, and ``ratio`` should not exceed ``bar``."""

    what: str
    ours: str
    against: str
    ratio: float
    bar: float

    @property
    def fell(self) -> bool:
        """Whether it is off a cliff: beyond ``LOOSE`` times its bar, or no number."""
        return not self.ratio <= LOOSE * self.bar

    def row(self) -> str:
        """A row of a Markdown table; the ratio is bold where it exceeds the bar."""
        ratio = f"{self.ratio:.3f}" if self.bar < 0.5 else f"{self.ratio:.2f}"
        if self.ratio > self.bar:
            ratio = f"**{ratio}**"
        return f"| {self.what} | {self.ours} | {self.against} | {ratio} | ≤ {self.bar:g} |"


@dataclass(frozen=True)
class Cost:
    """A row of the table of growth: what an epoch costs at one size, and at the size before."""

    grows: str
    size: str
    seconds: float
    before: float | None

    def row(self) -> str:
        """A row of a Markdown table."""
        times = "" if self.before is None else f"{self.seconds / self.before:.2f}"
        return f"| {self.grows} | {self.size} | {duration(self.seconds)} | {times} |"


def header() -> str:
    """The head of the table of results."""
    return "| what | ours | against | ratio | bar |\n| --- | ---: | ---: | ---: | ---: |"


def cost_header() -> str:
    """The head of the table of growth."""
    return "| what grows | to | an epoch takes | times the one before |\n| --- | ---: | ---: | ---: |"


def pairs(
    ours: Callable[[], float], against: Callable[[], float], runs: int, *, warm_up: bool = False
) -> tuple[float, float, float]:
    """Both in turn, so that a drifting machine drifts for both; medians of each and of the ratios.

    With ``warm_up``, both are run once before, uncounted: the first call imports, compiles and allocates.
    """
    if warm_up:
        ours(), against()
    found = [(ours(), against()) for _ in range(runs)]
    return median(a for a, _ in found), median(b for _, b in found), median(a / b for a, b in found)


def seconds(work: Callable[[], object]) -> float:
    """How long something takes, once."""
    started = perf_counter()
    work()
    return perf_counter() - started


def duration(value: float) -> str:
    """Seconds in the unit that suits them, with three digits."""
    scale, unit = (1, "s") if value >= 1 else (1e3, "ms") if value >= 1e-3 else (1e6, "µs")
    number = value * scale
    whole = len(str(int(number)))
    return f"{number:.{max(0, 3 - whole)}f} {unit}"
