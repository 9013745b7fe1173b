"""Every script of the benchmark, always the same ones, and the half that is kept apart from tuning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256

from tests.benchmarks.scripts.case import HEALTHY, Case
from tests.benchmarks.scripts.experimental import EXPERIMENTAL
from tests.benchmarks.scripts.fault import Fault, pairs
from tests.benchmarks.scripts.healthy import healthy_recipes, healthy_scripts
from tests.benchmarks.scripts.recipe import Recipe
from tests.benchmarks.scripts.reports import reports
from tests.benchmarks.scripts.structural import STRUCTURAL
from tests.benchmarks.scripts.ways import again
from tests.benchmarks.scripts.writing import write

FAULTS: dict[str, Fault] = {**STRUCTURAL, **EXPERIMENTAL}
HEALTHY_A_TURN = 10


@cache
def every_case() -> tuple[Case, ...]:
    """All cases in a fixed order."""
    return tuple(_halved([*_faulty(), *reports(), *healthy_scripts()]))


@cache
def fresh_cases() -> tuple[Case, ...]:
    """What recipes give with other random numbers and layouts, all of it kept apart from tuning."""
    return (*_faulty(again, "-again"), *healthy_recipes(again, "-again"))


def sample(count: int, cases: Sequence[Case] | None = None) -> tuple[Case, ...]:
    """So many, chosen by a checksum of their ids: of each cause in turn, healthy ones ten to a turn."""
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in sorted(every_case() if cases is None else cases, key=_hashed):
        groups[case.group].append(case)
    turns: list[Case] = []
    while len(turns) < count and any(groups.values()):
        for name, group in groups.items():
            each = HEALTHY_A_TURN if name == HEALTHY else 1
            turns += group[:each]
            del group[:each]
    return tuple(turns[:count])


def _faulty(change: Callable[[Recipe], Recipe] = lambda recipe: recipe, more: str = "") -> Iterator[Case]:
    for cause, fault in FAULTS.items():
        for number, pair in enumerate(pairs(fault)):
            sick, twin = map(change, pair)
            id = f"{cause}/{sick.form}-{sick.layout}-{sick.batches}-{sick.data}/{number}{more}"
            text, repaired = write(sick), write(twin)
            repaired = "" if repaired == text else repaired
            yield Case(id, cause, text, repaired, fault.gate, fault.also, fault.healable)


def _halved(cases: Sequence[Case]) -> Iterator[Case]:
    """Of each cause every second, in the order of their checksums, is for tuning."""
    seen: dict[str, int] = defaultdict(int)
    tuning = set()
    for case in sorted(cases, key=_hashed):
        if seen[case.group] % 2 == 0:
            tuning.add(case.id)
        seen[case.group] += 1
    for case in cases:
        yield replace(case, half="tuning" if case.id in tuning else "apart")


def _hashed(case: Case) -> bytes:
    return sha256(case.id.encode()).digest()
