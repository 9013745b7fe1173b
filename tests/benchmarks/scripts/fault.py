"""``Fault``: how a script becomes sick, and what it is repaired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.benchmarks.scripts.recipe import Recipe

Change = Callable[[Recipe, int], Recipe]


def unchanged(recipe: Recipe, level: int) -> Recipe:
    """A change that does nothing."""
    return recipe


@dataclass(frozen=True)
class Fault:
    """A way to make a script sick.

    Attributes:
        ways: the scripts that it is put into.
        sick: makes a script sick, at a level.
        twin: the repaired script; what the fault was put into where nothing is said.
        levels: how many there are; the ways take them in turn.
        gate: by which a case counts, see ``gates.py``.
        also: other ids that are as right a name.
        healable: whether an edit of the script can heal it.
    """

    ways: tuple[Recipe, ...]
    sick: Change
    twin: Change = unchanged
    levels: int = 1
    gate: str = "learns"
    also: tuple[str, ...] = ()
    healable: bool = True


def pairs(fault: Fault) -> list[tuple[Recipe, Recipe]]:
    """The sick script and its repaired twin, for each way."""
    return [
        (fault.sick(way, level), fault.twin(way, level))
        for number, way in enumerate(fault.ways)
        for level in (number // 3 % fault.levels if fault.levels < 3 else number % fault.levels,)
    ]
