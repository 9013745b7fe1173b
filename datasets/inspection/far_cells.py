"""Numbers that lie far from all others of their column: a code for a missing cell, or a slip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lrtui.datasets.array_types import Floats, Indices

FEWEST = 20  # other cells that say what is usual
CODES = 3  # different codes that a column has at either end
OFTEN = 3  # rows in which a code stands
VARIED = 3  # different other numbers; two do beside what people use for a code
DIGIT = 9
LIKE_A_CODE = {-200, -888, -777, 777, 888} | {sign * (10**k - 1) for k in range(1, 7) for sign in (1, -1)}
FAR = 4.0  # ranges of the others that part any number from them,
NEAR = 1.0  # one like a code,
SIGNED = 0.05  # and one like a code below 0 where all others are not
SINGLE = 3  # cells that are slips, at most
BEYOND = 10.0  # ranges of the others that part a slip from them
TAIL = 20  # of the outermost others, which say how far their kind reaches
BY_CHANCE = 1e-5  # with which a heavy tail reaches as far
BINS = 64  # of the range of a column, by which one without a far number is passed over quickly
OCCUPIED = 13  # of them, at most, where slips and codes leave the others so little room


@dataclass(frozen=True)
class Slip:
    """A lone number far out.

    Attributes:
        row: from 0. value: what stands there. low, high: of the others. ranges: how far away from them it
            lies, in ranges of theirs.
    """

    row: int
    value: float
    low: float
    high: float
    ranges: float


@dataclass(frozen=True)
class Code:
    """A number far out that stands in several rows, and the others."""

    value: float
    rows: int
    low: float
    high: float


@dataclass(frozen=True)
class Far:
    """What lies far out in one column."""

    codes: tuple[Code, ...] = ()
    slips: tuple[Slip, ...] = ()


def far_of(values: Floats) -> Far:
    """The numbers far out in a column (n,), NaN where it has none."""
    if not _may_hold_any(values):
        return Far()
    found = codes(values)
    known = {code.value for code in found}
    others = np.where(np.isin(values, list(known)), np.nan, values) if known else values
    return Far(tuple(found), tuple(slips(others)))


def _may_hold_any(values: Floats) -> bool:
    """Whether a column is worth sorting, by a histogram of equal parts of its range.

    A stretch as long as the shortest that parts a code must be empty; and either nearly everything be, or a
    number at an end come again.
    """
    finite = np.isfinite(values)
    values = values if finite.all() else values[finite]
    if len(values) <= FEWEST:
        return False
    low, high = float(values.min()), float(values.max())
    if not high / 2 - low / 2 > 0:  # halves: their difference is a number
        return False
    places = values / 2
    places -= low / 2
    places *= (BINS - 1) / (high / 2 - low / 2)
    empty = np.bincount(places.astype(np.int64), minlength=BINS) == 0
    if not (empty[1:] & empty[:-1]).any():
        return False
    few = BINS - int(empty.sum()) <= OCCUPIED
    return few or any(int((values == end).sum()) >= OFTEN for end in (low, high))


def codes(values: Floats) -> list[Code]:
    """The numbers of a column (n,) that seem to stand for a missing cell, the outermost first."""
    values = values[np.isfinite(values)]
    numbers, counts = np.unique(values, return_counts=True)
    found: list[Code] = []
    with np.errstate(over="ignore"):
        for sign in (1, -1):
            found += _codes_below(sign * numbers[::sign], counts[::sign], sign)
    return found


def _codes_below(numbers: Floats, counts: Indices, sign: int) -> list[Code]:
    """Those at the lower end of numbers in order, of which each stands so many times."""
    for many in range(min(CODES, len(numbers) - VARIED + 1), 0, -1):
        rest = numbers[many:]
        high = _without_far(rest)
        low, spread = rest[0], high - rest[0]
        plain = all(value * sign in LIKE_A_CODE for value in numbers[:many])
        varied = len(rest) >= (VARIED - 1 if plain else VARIED)
        if counts[many:].sum() < FEWEST or counts[:many].min() < OFTEN or spread <= 0 or not varied:
            continue
        apart = low - numbers[many - 1]
        needed = max(_needed(float(value) * sign, low * sign, high * sign) for value in numbers[:many])
        if len(rest) < VARIED and np.abs(numbers[:many]).min() <= DIGIT:  # 7, 8 and 9 are three answers
            needed = FAR
        if apart >= needed * spread:
            ends = sorted((float(low * sign), float(high * sign)))
            pairs = zip(numbers[:many].tolist(), counts[:many].tolist(), strict=True)
            return [Code(sign * value, int(rows), ends[0], ends[1]) for value, rows in pairs]
    return []


def _without_far(numbers: Floats) -> float:
    """The highest of numbers in order, but for a few that lie far above the rest."""
    for many in range(1, min(CODES, len(numbers) - VARIED) + 1):
        if numbers[-many] - numbers[-many - 1] > FAR * (numbers[-many - 1] - numbers[0]):
            return float(numbers[-many - 1])
    return float(numbers[-1])


def _needed(value: float, *others: float) -> float:
    """The ranges of the others that must lie between them and such a number."""
    if value not in LIKE_A_CODE:
        return FAR
    return SIGNED if value < -1 and min(others) >= 0 else NEAR


def slips(values: Floats) -> Iterator[Slip]:
    """The lone cells of a column (n,) that lie absurdly far out, three at most.

    They lie more than ten ranges of all others away, and farther than a tail as heavy as theirs reaches in
    one of a hundred thousand columns: of a Pareto tail of index α the logarithm of the quotient of one
    distance, the m-th, and the next is exponential with the mean 1 / (m α); the next k distances tell α
    (Hill, 1975).
    """
    rows = np.flatnonzero(np.isfinite(values))
    if len(rows) <= FEWEST:
        return
    cells = values[rows]
    with np.errstate(over="ignore"):
        distances = np.abs(cells / 2 - np.median(cells) / 2)
    outermost = np.argsort(-distances, kind="stable")
    for many in range(SINGLE, 0, -1):
        out = outermost[:many]
        if _absurd(cells, distances, outermost, many):
            rest = np.delete(cells, out)
            low, high = float(rest.min()), float(rest.max())
            for place in sorted(out.tolist()):
                value = float(cells[place])
                away = max(low / 2 - value / 2, value / 2 - high / 2) / (high / 2 - low / 2)
                yield Slip(int(rows[place]), value, low, high, away)
            return


def _absurd(cells: Floats, distances: Floats, outermost: Indices, many: int) -> bool:
    """Whether so many cells, the outermost, lie absurdly far from the others."""
    rest = cells[outermost[many:]]
    low, high = rest.min() / 2, rest.max() / 2
    out = cells[outermost[many - 1]] / 2
    if not max(low - out, out - high) / BEYOND > high - low > 0:
        return False
    tail = distances[outermost[many:]]
    tail = tail[tail > 0][: TAIL + 1]
    if len(tail) < TAIL // 2:
        return False
    logs = np.log(tail)
    steps = float((logs[:-1] - logs[-1]).sum())
    gap = many * float(np.log(distances[outermost[many - 1]]) - logs[0])
    # The share of an exponential beside the sum of k of the same mean: (1 + gap / steps)^-k.
    return bool(-(len(tail) - 1) * np.log1p(gap / steps if steps > 0 else np.inf) < np.log(BY_CHANCE))
