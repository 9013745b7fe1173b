"""From a case to what the doctor is given, the run without the fault, and the goals of a repair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np

from lrtui.core.config import Config, changed
from tests.benchmarks.doctor import gates, runs
from tests.benchmarks.doctor.cases import FAULTS
from tests.benchmarks.doctor.gates import GATES, Gate
from tests.benchmarks.doctor.healthy import CONTROLS
from tests.benchmarks.doctor.materials import MATERIALS
from tests.benchmarks.doctor.records import Case, Level, Setup

EXPANSIONS = ("poly2", "poly3", "rbf")


@dataclass(frozen=True)
class Built:
    """A case made ready.

    Attributes:
        setup: what the doctor is given. clean: the same without the fault (equal for a control).
    """

    case: Case
    setup: Setup
    clean: Setup

    @property
    def causes(self) -> tuple[str, ...]:
        """Ids of the faults that were injected."""
        return tuple(FAULTS[name].cause for name, _ in self.case.faults)

    @property
    def repairable(self) -> bool:
        """Whether a setting can heal it."""
        return bool(self.case.faults) and all(FAULTS[name].repairable for name, _ in self.case.faults)


def build(case: Case) -> Built:
    """The same setup every time: all randomness comes from the case's seed and a checksum of its id."""
    material = MATERIALS[case.material]
    base = changed(Config(), seed=case.seed, split_seed=42 + case.seed, **material.base)
    clean = Setup(material.make(case.seed), base)
    random = np.random.default_rng(crc32(case.id.encode()))
    if case.control:
        change, _, _ = CONTROLS[case.control]
        setup = change(clean, random)
        return Built(case, setup, setup)
    for name, level in case.faults:
        clean = FAULTS[name].prepare(clean, level, random)
    setup = clean
    for name, level in case.faults:
        setup = FAULTS[name].inject(setup, level, random)
        if FAULTS[name].cause == "imbalance" and len(case.faults) > 1:
            clean = setup.having(threshold="base-rate")  # the partner is judged on the rare class
    return Built(case, setup, clean)


def gate(built: Built) -> Gate:
    """Whether and as what the case counts."""
    case = built.case
    if case.control:
        return gates.healthy(built.setup)
    if len(case.faults) > 1:
        found = gates.harm(built.clean, built.setup)
        return Gate("double") if found.kind == "fault" else found
    return GATES[FAULTS[case.faults[0][0]].gate](built.clean, built.setup)


def goals(built: Built, fix: dict[str, Any] | None) -> tuple[Level, ...]:
    """What a repaired run is measured by: as good as any of these is repaired.

    The run without the fault, and the best linear model on the same split: two legitimate ends, of which
    an early-stopped run may be the better on separable data. Where the fault lies in the data, both on the
    data as a repair can leave them.
    """
    causes = built.causes
    if "non-linear" in causes:
        return _curved_goals(built.clean)
    if causes == ("imbalance",):
        return _ends(built.setup.having(threshold="base-rate"))
    found = _ends(built.clean)
    return found + _filled_goals(built.setup, fix or {}) if "non-finite" in causes else found


def _ends(setup: Setup) -> tuple[Level, ...]:
    return runs.run(setup).level, runs.optimum(setup).level


def _filled_goals(faulty: Setup, fix: dict[str, Any]) -> tuple[Level, ...]:
    """What is left of data with holes: medians in them, or as the fix has it where that is no worse.

    Rows or columns that a fix drops change what it is measured on, so it is held to the best on the same.
    """
    filled = _ends(faulty.having(missing="median"))
    given = {key: value for key, value in fix.items() if key in ("missing", "drop_columns")}
    worth = max(level.balanced_accuracy for level in filled) - 0.02
    other = _ends(faulty.having(**given)) if given else ()
    return filled + tuple(level for level in other if level.balanced_accuracy >= worth)


def _curved_goals(clean: Setup) -> tuple[Level, ...]:
    """Runs and optima with each expansion, of those that come near the best of them."""
    ends = [level for name in EXPANSIONS for level in _ends(clean.having(features=name))]
    best = max(level.balanced_accuracy for level in ends)
    return tuple(level for level in ends if level.balanced_accuracy >= best - 0.02)
