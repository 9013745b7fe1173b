"""Whether what is predicted with 70 % comes true in 70 of 100 rows."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from lrtui.core.doctor.figures import counted
from lrtui.core.inside.figures import cell, plain
from lrtui.core.inside.record import Asked, Column, Curves, Seen, Series, Table
from lrtui.core.inside.trained import Trained
from lrtui.core.inside.view import Found, InsideView
from lrtui.datasets.array_types import Floats, Labels

BINS = 10
NORMAL = 1.959963984540054  # standard errors on either side that hold 95 %
WHOLE = (0.0, 1.0)


@dataclass(frozen=True)
class Bin:
    """Test rows with a p from ``low`` to ``high``: how many, their mean p, and what share came true.

    ``least`` and ``most`` are the 95 % interval of that share (Wilson 1927).
    """

    low: float
    high: float
    rows: int
    predicted: float
    came_true: float
    least: float
    most: float

    @property
    def off(self) -> bool:
        """Whether the mean p lies outside of the interval."""
        return not self.least <= self.predicted <= self.most


def _look(trained: Trained, asked: Asked) -> Found:
    p, own, name = trained.against_rest(asked)
    bins = binned(p, own)
    brier = float(((p - own) ** 2).mean())
    error = sum(one.rows * abs(one.predicted - one.came_true) for one in bins) / len(p)
    curves = Curves(
        f"predicted p({name})",
        "came true",
        (
            Series("as it should be", ((0.0, 0.0), (1.0, 1.0)), faint=True),
            Series("rows of a bin", tuple((one.predicted, one.came_true) for one in bins), mark="o"),
        ),
        WHOLE,
        WHOLE,
    )
    seen = Seen(
        "calibration",
        "",
        about=f"class {name}",
        lines=(f"Error {cell(error, 3)}, Brier score {cell(brier, 3)}; {_verdict(bins)}",),
        parts=(curves, _table(bins)),
        notes=(
            "Within: p lies in the 95 % interval of what came true.",
            "Error: the mean distance of predicted and came true, bins weighed by their rows.",
        ),
        choices=trained.class_choices(asked),
    )
    data = {"class": name, "brier": brier, "calibration_error": error, "bins": bins}
    return Found(seen, lambda: _data(data))


def binned(p: Floats, own: Labels, bins: int = BINS) -> list[Bin]:
    """The rows in bins of equal width; bins without rows are left out."""
    place = np.clip((p * bins).astype(np.int64), 0, bins - 1)
    rows = np.bincount(place, minlength=bins)
    sums, hits = np.bincount(place, p, minlength=bins), np.bincount(place, own, minlength=bins)
    found = []
    for i in np.flatnonzero(rows).tolist():
        n, share = int(rows[i]), float(hits[i] / rows[i])
        low, high = wilson(share, n)
        found.append(Bin(i / bins, (i + 1) / bins, n, float(sums[i] / n), share, low, high))
    return found


def wilson(share: float, rows: int, z: float = NORMAL) -> tuple[float, float]:
    """The interval of a share of so many rows (Wilson 1927)."""
    middle = (share + z * z / (2 * rows)) / (1 + z * z / rows)
    half = z / (1 + z * z / rows) * sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows))
    return max(0.0, middle - half), min(1.0, middle + half)


def _verdict(bins: list[Bin]) -> str:
    inside = sum(not one.off for one in bins)
    return f"{inside} of {counted(len(bins), 'bin')} within."


def _table(bins: list[Bin]) -> Table:
    columns = (
        Column("p from to", right=False),
        Column("rows"),
        Column("mean p"),
        Column("came true"),
        Column("95 % interval", 5),
        Column("within", 5, right=False),
    )
    rows = tuple(
        (
            f"{one.low:.1f} {one.high:.1f}",
            f"{one.rows:,}",
            f"{one.predicted:.3f}",
            f"{one.came_true:.3f}",
            f"{one.least:.3f} to {one.most:.3f}",
            "no" if one.off else "yes",
        )
        for one in bins
    )
    return Table(columns, rows)


def _data(found: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = plain(found)
    return result


CALIBRATION = InsideView("calibration", "Calibration", 4, _look, heeds=("class",))
