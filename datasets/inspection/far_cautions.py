"""What is said of numbers that lie far from all others of their column."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from lrtui.datasets.inspection.facts import TRAINING
from lrtui.datasets.inspection.far_cells import Code, Far, Slip
from lrtui.datasets.inspection.record import Caution
from lrtui.datasets.text import quote

Place = Callable[[int], tuple[int, str]]
"""From a row that was looked at, from 0, to its number in the file, from 1, and words for the file."""

WHOLE = 2.0**53
MOST = 0.2  # that clip may be
TIMES = ((1e12, 1e12, " trillion"), (1e9, 1e9, " billion"), (1e6, 1e6, " million"))


def far_cautions(name: str, far: Far, place: Place, rows: int) -> Iterator[Caution]:
    """The slips of a column, and the question about its codes; ``rows`` are those looked at."""
    clip = _clip(len(far.slips), rows)
    for slip in far.slips:
        yield _of_slip(name, slip, clip, *place(slip.row))
    if far.codes:
        yield _of_codes(name, far.codes)


def far_dates(name: str, far: Far, place: Place) -> Iterator[Caution]:
    """The same of dates, in seconds: the last that can be written often stands for none."""
    for code in far.codes:
        others = f"the others ({_date(code.low)} to {_date(code.high)})"
        yield Caution(
            "outlier",
            f"{quote(name)} holds {_date(code.value)} in {code.rows:,} rows, far outside {others}: where "
            "it stands for no date, leave those cells empty.",
            name,
        )
    for slip in far.slips:
        row, where = place(slip.row)
        others = f"the others ({_date(slip.low)} to {_date(slip.high)})"
        text = f"{quote(name)} holds {_date(slip.value)} in row {row:,}{where}, far outside {others}"
        yield Caution("outlier", f"{text}: is it a slip?", name, row)


def _date(seconds: float) -> str:
    return f"{np.datetime64(int(seconds), 's').astype('datetime64[D]')}"


def typed(value: float) -> str:
    """A number as a person would type it."""
    return str(int(value)) if abs(value) < WHOLE and value == int(value) else repr(value)


def _clip(slips: int, rows: int) -> float:
    """The share that pulls in as many cells at either end of the training part, 0.01 at least.

    It leaves the whole below it, so of few rows a hundredth is none.
    """
    return min(max(0.01, math.ceil(100 * slips / (TRAINING * max(rows, 1))) / 100), MOST)


def _of_slip(name: str, slip: Slip, clip: float, row: int, where: str) -> Caution:
    others = f"the others ({_shown(slip.low)} to {_shown(slip.high)})"
    return Caution(
        "outlier",
        f"{quote(name)} holds {_shown(slip.value)} in row {row:,}{where}, "
        f"{_times(slip.ranges)} times the range of {others} away: is it a slip? "
        f"clip = {clip:g} pulls such cells in.",
        name,
        row,
        slip.value,
    )


def _of_codes(name: str, found: Sequence[Code]) -> Caution:
    held = [f"{_shown(code.value)} in {code.rows:,} rows" for code in found]
    ask = "is it a code for a missing cell" if len(found) == 1 else "are they codes for missing cells"
    low, high = max(code.low for code in found), min(code.high for code in found)
    given = ",".join(typed(code.value) for code in found)
    others = f"the others ({_shown(low)} to {_shown(high)})"
    question = f"{quote(name)} holds {' and '.join(held)}, far outside {others}: {ask}?"
    text = f"{question} --missing-codes {given} says so."
    return Caution("code", text, name, value=found[0].value, question=question)


def _shown(value: float) -> str:
    return f"{int(value):,}" if typed(value).lstrip("-").isdecimal() else f"{value:,.10g}"


def _times(ranges: float) -> str:
    """``43``, ``1,300``, ``1.3 billion``, ``190 million``."""
    for from_here, unit, word in TIMES:
        if ranges >= from_here:
            return f"{_in_two_digits(ranges / unit)}{word}" if ranges < 1e15 else f"{ranges:.2g}"
    return f"{float(f'{ranges:.2g}'):,.0f}"


def _in_two_digits(value: float) -> str:
    shown = float(f"{value:.2g}")
    return f"{shown:,.0f}" if shown >= 10 else f"{shown:g}"
