"""Numbers as they stand in the doctor's sentences and in its evidence."""

from __future__ import annotations

from math import isfinite

NAME = 40  # columns of the name of a class in a sentence
HEALED = (
    "the same run comes close to the best that can be had"  # as ``Case.reached_by`` asks of what is named
)
WORDS = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
WRITTEN_OUT = 1e7  # below, thousands stand in groups

Evidence = dict[str, float]


def finite(**evidence: float) -> Evidence:
    """Evidence without what is no number."""
    return {name: float(value) for name, value in evidence.items() if isfinite(value)}


def short(number: float) -> str:
    """A number in a sentence: three digits, thousands in groups, ``9.14 billion``."""
    if not isfinite(number):
        return "no number"
    rounded = float(f"{number:.3g}")
    if abs(rounded) < 1000:
        return f"{rounded:g}"
    if abs(rounded) < WRITTEN_OUT:
        return f"{number:,.0f}"
    unit, word = next(pair for pair in WORDS if abs(rounded) >= pair[0])
    return f"{rounded / unit:g} {word}" if abs(rounded) < 1000 * WORDS[0][0] else f"{number:.1e}"


def counted(number: int, noun: str) -> str:
    """``1 epoch``, ``200 epochs``."""
    return f"{short(number)} {noun}{'' if number == 1 else 's'}"


def percent(share: float) -> str:
    """A share in a sentence; what is not quite all is not told as all."""
    places = 1 if 0.99 < share < 1 else 0
    return f"{100 * share:.{places}f} %"


def rare_percent(share: float) -> str:
    """The share of a rare class: one digit below a hundredth."""
    return percent(share) if share >= 0.01 else f"{100 * share:.1g} %"
