"""Every case of the benchmark, always the same ones, and the sample that CI takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256

from tests.benchmarks.doctor.config_faults import CONFIG_FAULTS, PLAIN
from tests.benchmarks.doctor.data_faults import DATA_FAULTS
from tests.benchmarks.doctor.healthy import CONTROLS
from tests.benchmarks.doctor.materials import LARGE, half_of
from tests.benchmarks.doctor.records import Case, Fault, names
from tests.benchmarks.doctor.table_faults import TABLE_FAULTS

FAULTS: dict[str, Fault] = {**CONFIG_FAULTS, **DATA_FAULTS, **TABLE_FAULTS}

# Pairs that set different fields. In each, the first is injected first.
PAIRS = (
    ("lr-too-low", "bad-init"),
    ("unscaled", "bad-init"),
    ("unscaled", "saturated"),
    ("uncentred", "weight-decay-too-strong"),
    ("uncentred", "lr-too-low"),
    ("lr-too-high", "weight-decay-too-strong"),
    ("lr-too-high", "threshold"),
    ("lr-too-low", "threshold"),
    ("weight-decay-too-strong", "bad-init"),
    ("weight-decay-too-strong", "threshold"),
    ("unscaled", "threshold"),
    ("saturated", "weight-decay-too-strong"),
)
WITH_IMBALANCE = (
    "unscaled",
    "uncentred",
    "lr-too-high",
    "lr-too-low",
    "bad-init",
    "weight-decay-too-strong",
)
CONTROL = "control"
CONTROLS_A_TURN = 7


@cache
def every_case() -> tuple[Case, ...]:
    """All cases, without repetition, in a fixed order."""
    return tuple(dict.fromkeys([*_singles(), *_doubles(), *_controls()]))


def find(id: str) -> Case:
    """The case of an id.

    Raises:
        KeyError: there is none.
    """
    return {case.id: case for case in every_case()}[id]


def sample(count: int, cases: Sequence[Case] | None = None) -> tuple[Case, ...]:
    """So many cases, chosen by a checksum of their ids: of each cause in turn, so that all are in.

    Controls come seven to a turn.
    """
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in every_case() if cases is None else cases:
        groups[group_of(case)].append(case)
    for group in groups.values():
        group.sort(key=lambda case: sha256(case.id.encode()).digest())
    groups[CONTROL] = _by_kind(groups[CONTROL])
    turns: list[Case] = []
    while len(turns) < count and any(groups.values()):
        for name, group in groups.items():
            each = CONTROLS_A_TURN if name == CONTROL else 1
            turns += group[:each]
            del group[:each]
    return tuple(turns[:count])


def group_of(case: Case) -> str:
    """The cause of a single fault, ``double``, or ``control``."""
    if not case.faults:
        return CONTROL
    return FAULTS[case.faults[0][0]].cause if len(case.faults) == 1 else "double"


def kinds_of(case: Case) -> set[str]:
    """All words that a case may be asked for by: its group, its fault, its kind of control."""
    return {group_of(case), case.control, *(name for name, _ in case.faults)} - {""}


def _by_kind(controls: list[Case]) -> list[Case]:
    """One of each kind before the second of any."""
    seen: dict[str, int] = defaultdict(int)
    turn = {}
    for case in controls:
        turn[case.id] = seen[case.control]
        seen[case.control] += 1
    return sorted(controls, key=lambda case: turn[case.id])


def _singles() -> Iterator[Case]:
    for name, fault in FAULTS.items():
        for number, material in enumerate(fault.materials):
            for level in fault.levels_on(material):
                for turn in range(fault.seeds):
                    seed = number % 3 + 3 * turn  # other splits and first weights for other datasets
                    yield Case(material, ((name, level),), "", seed, half_of(material, (level,)))


def _doubles() -> Iterator[Case]:
    for turn, pair in enumerate(PAIRS):
        for number, material in enumerate(PLAIN[turn % 2 :: 2]):
            levels = (number // 2 % 4, (number + turn) % 4)
            if pair[0] == "unscaled":
                levels = (levels[0] % 4, levels[1])
            faults = tuple(zip(pair, levels, strict=True))
            yield Case(material, faults, "", turn % 3, half_of(material, levels))
    for turn, name in enumerate(WITH_IMBALANCE):
        for number, material in enumerate(names(LARGE)):
            for seed in range(2):
                levels = ((number + seed) % 4, (number + turn) % 4)
                faults = (("imbalance", levels[0]), (name, levels[1]))
                yield Case(material, faults, "", seed, half_of(material, levels))


def _controls() -> Iterator[Case]:
    for kind, (_, materials, seeds) in CONTROLS.items():
        for material in materials:
            for seed in range(seeds):
                yield Case(material, (), kind, seed, half_of(material, ()))
