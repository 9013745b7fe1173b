"""From a case to what the doctor is given, the run without the fault, and the goals of a repair."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np

from lrtui.core.config import Config, changed
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from tests.benchmarks.doctor import gates
from tests.benchmarks.doctor.axes import BELOW
from tests.benchmarks.doctor.cases import FAULTS
from tests.benchmarks.doctor.gates import GATES, Gate
from tests.benchmarks.doctor.healthy import CONTROLS
from tests.benchmarks.doctor.materials import MATERIALS
from tests.benchmarks.doctor.records import Case, Goal, Setup
from tests.benchmarks.doctor.reference import reference

EXPANSIONS = ("poly2", "poly3", "rbf")
ALIKE = 0.02  # of balanced accuracy: expansions that are as good as each other


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
    def also(self) -> frozenset[str]:
        """Ids that are as right a name for them."""
        return frozenset(cause for name, _ in self.case.faults for cause in FAULTS[name].also)

    @property
    def repairable(self) -> bool:
        """Whether a setting can heal it."""
        return bool(self.case.faults) and all(FAULTS[name].repairable for name, _ in self.case.faults)

    @property
    def new_columns(self) -> frozenset[str]:
        """Columns that the fault added: no repair leaves one of them."""
        return frozenset(self.setup.dataset.feature_names) - frozenset(self.clean.dataset.feature_names)


@lru_cache(maxsize=64)
def _dataset(material: str, seed: int) -> Dataset:
    """The very same dataset for all faults on it, so that its reference is found once."""
    return MATERIALS[material].make(seed)


def build(case: Case) -> Built:
    """The same setup every time: all randomness comes from the case's seed and a checksum of its id."""
    base = changed(Config(), seed=case.seed, split_seed=42 + case.seed, **MATERIALS[case.material].base)
    clean = Setup(_dataset(case.material, case.seed), base)
    random = np.random.default_rng(crc32(case.id.encode()))
    if case.control:
        setup = CONTROLS[case.control][0](clean, random)
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
        return gates.weak(built.setup) if case.control == "weak" else gates.healthy(built.setup)
    if len(case.faults) > 1:
        found = gates.harm(built.clean, built.setup)
        return replace(found, kind="double") if found.kind == "fault" else found
    return GATES[FAULTS[case.faults[0][0]].gate](built.clean, built.setup)


def goals(built: Built, fix: dict[str, Any] | None) -> tuple[Goal, ...]:
    """What a repaired run is measured by: where any of these is met, both its axes are fine.

    The best that a linear model can do without the fault. Where the fault lies in the data, also the best
    on the data as a repair can leave them.
    """
    causes, setup = built.causes, built.setup
    if "non-linear" in causes:
        return _curved_goals(built.clean)
    if causes == ("imbalance",):
        return (goal(setup),)
    found = (goal(built.clean),)
    if "non-finite" in causes:
        return found + _filled_goals(setup, fix or {})
    return found + _blanked_goals(built) if "outliers" in causes else found


def goal(setup: Setup) -> Goal:
    """The farthest from a setup's reference at which both axes are fine."""
    best = reference(setup)
    return Goal(best.ridge.level.loss + best.slack, best.level.balanced_accuracy - BELOW)


def _filled_goals(faulty: Setup, fix: dict[str, Any]) -> tuple[Goal, ...]:
    """What is left of data with holes: medians in them, or as the fix has it where that is no worse.

    Rows or columns that a fix drops change what it is measured on, so it is held to the best on the same.
    """
    filled = goal(faulty.having(missing="median"))
    given = {key: value for key, value in fix.items() if key in ("missing", "drop_columns")}
    if not given:
        return (filled,)
    try:
        other = goal(faulty.having(**given))
    except DatasetError:
        return (filled,)
    return (filled, other) if other.balanced_accuracy >= filled.balanced_accuracy - ALIKE else (filled,)


def _blanked_goals(built: Built) -> tuple[Goal, ...]:
    """Cells that tell nothing any more, filled in; or the table as it is, its far cells clipped."""
    clean, faulty = built.clean.dataset.X, built.setup.dataset.X
    blanked = built.setup.on(X=np.where(clean == faulty, clean, np.nan)).having(missing="indicator")
    return goal(blanked), goal(built.setup)


def _curved_goals(clean: Setup) -> tuple[Goal, ...]:
    """The best with each expansion, of those that come near the best of them."""
    ends = []
    for name in EXPANSIONS:
        try:
            ends.append(goal(clean.having(features=name)))
        except DatasetError:
            continue  # too many products
    best = max(end.balanced_accuracy for end in ends)
    return tuple(end for end in ends if end.balanced_accuracy >= best - ALIKE)
