"""Whether an answer is right: the cause, strictly and loosely; alarms; and whether the fix repairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lrtui.core.config import changed
from lrtui.core.errors import ConfigError
from lrtui.datasets.errors import DatasetError
from tests.benchmarks.doctor import runs
from tests.benchmarks.doctor.building import Built
from tests.benchmarks.doctor.gates import Gate, reached
from tests.benchmarks.doctor.records import Level, Setup
from tests.benchmarks.doctor.subject import Answer

HEALTHY, UNLEARNABLE = "healthy", "unlearnable"
ALIKE = frozenset({"no-signal", "no-diversity"})  # both say that no setting can help, for a like reason


@dataclass(frozen=True)
class Judgement:
    """Of one answer; ``None`` where the question does not arise.

    Attributes:
        strict: the first finding is the injected cause (either, of two).
        loose: some finding is, or some finding's fix alone repairs.
        alarm: a healthy run was not called healthy.
        repaired: with the whole fix, the run is as good as one of the goals.
        repaired_well: as good as every one of them.
    """

    strict: bool | None = None
    loose: bool | None = None
    alarm: bool | None = None
    repaired: bool | None = None
    repaired_well: bool | None = None


def judge(built: Built, gate: Gate, answer: Answer, goals: tuple[Level, ...]) -> Judgement:
    """Judge an answer on a case that counts."""
    if gate.kind in ("control", "harmless"):
        return Judgement(alarm=answer.status != HEALTHY)
    truths = truths_of(built, goals)
    strict = bool(answer.causes) and answer.causes[0] in truths
    loose = any(cause in truths for cause in answer.causes)
    if answer.status == UNLEARNABLE and truths & ALIKE:
        loose = loose or any(cause in ALIKE for cause in answer.causes)
    if gate.kind == "information":
        return Judgement(strict, loose, alarm=answer.status != HEALTHY)
    if not built.repairable:
        return Judgement(strict, loose)
    levels = [level for fix in answer.fixes if fix and not loose and (level := after(built.setup, fix))]
    loose = loose or any(reached(level, goals) for level in levels)
    healed = after(built.setup, answer.fix) if answer.fix else None
    repaired = healed is not None and reached(healed, goals)
    well = healed is not None and all(healed.as_good_as(goal) for goal in goals)
    return Judgement(strict, loose, repaired=repaired, repaired_well=well)


def truths_of(built: Built, goals: tuple[Level, ...]) -> frozenset[str]:
    """The causes that are right: those injected.

    Real tables that come badly scaled are off centre, too. Where centring alone heals such a run, both
    names are right, and vice versa.
    """
    causes = frozenset(built.causes)
    if causes == {"unscaled"}:
        centred = after(built.setup, {"scaling": "center"})
        if centred is not None and reached(centred, goals):
            causes |= {"uncentred"}
    return causes


def after(setup: Setup, fix: dict[str, Any]) -> Level | None:
    """What the run comes to with a fix; ``None`` where it cannot even run."""
    try:
        config = changed(setup.config, **fix)
        return runs.run(Setup(setup.dataset, config)).level
    except (ConfigError, DatasetError):
        return None
