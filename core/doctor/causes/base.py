"""What every cause of the catalogue has: a name, and for settings also evidence, a rule and a fix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

from lrtui.core.doctor.case import Case
from lrtui.core.doctor.diagnosis import Values

Evidence = dict[str, float]


@dataclass(frozen=True)
class Setting:
    """A setting that can keep training from what could be had: group B of the catalogue.

    Attributes:
        id, title: as in the catalogue.
        evidence: what is measured of a case, by name; every number finite.
        suspected: whether the evidence allows this cause.
        changes: values to try, the preferred first; empty where there is nothing to change.
        sentence: what is wrong, for a student, given evidence and the values that healed.
        cleared: why it is not to blame, where it is not suspected.
        proof: values that must heal besides, for causes that are told apart by experiment.
        weight: how far the setting is from what it should be, in factors of ten; of several that heal
            alone, the heaviest is named, and those listed first win ties.
    """

    id: str
    title: str
    evidence: Callable[[Case], Evidence]
    suspected: Callable[[Case, Evidence], bool]
    changes: Callable[[Case], list[Values]]
    sentence: Callable[[Case, Evidence, Values], str]
    cleared: Callable[[Case, Evidence], str]
    proof: Callable[[Case], list[Values]] = lambda _: []
    weight: Callable[[Case], float] = lambda _: inf


def finite(evidence: Mapping[str, float]) -> Evidence:
    """Evidence without what is no number."""
    return {name: float(value) for name, value in evidence.items() if isfinite(value)}


def short(number: float) -> str:
    """A number in a sentence: three digits, thousands in groups."""
    if not isfinite(number):
        return "no number"
    if abs(number) >= 1000:
        return f"{number:,.0f}" if abs(number) < 1e7 else f"{number:.1e}"
    return f"{number:.3g}"


def counted(number: int, noun: str) -> str:
    """``1 epoch``, ``200 epochs``."""
    return f"{short(number)} {noun}{'' if number == 1 else 's'}"


def percent(share: float) -> str:
    """A share in a sentence; what is not quite all is not told as all."""
    places = 1 if 0.99 < share < 1 else 0
    return f"{100 * share:.{places}f} %"


def value(values: Values, name: str) -> Any:
    """The value of one field in a sentence."""
    found = values[name]
    return short(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else found
