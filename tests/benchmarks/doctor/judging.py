"""Whether an answer is right: cause, verdict, alarms, and whether the fix repairs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from lrtui.core.config import changed
from lrtui.core.errors import ConfigError
from lrtui.core.training.problem import problem_of
from lrtui.datasets.errors import DatasetError
from tests.benchmarks.doctor import runs
from tests.benchmarks.doctor.building import Built
from tests.benchmarks.doctor.gates import Gate
from tests.benchmarks.doctor.records import Goal, Setup
from tests.benchmarks.doctor.runs import Answers
from tests.benchmarks.doctor.subject import Answer

HEALTHY, UNLEARNABLE = "healthy", "unlearnable"
NOTHING = frozenset({"no-signal", "no-diversity"})  # both say that no setting can help, for a like reason


@dataclass(frozen=True)
class Judgement:
    """Of one answer; ``None`` where the question does not arise.

    Attributes:
        strict: the first finding is the injected cause (either, of two).
        loose: some finding is, or some finding's fix alone repairs.
        alarm: a healthy run was not called healthy, or a signal was denied.
        verdict: the status is the one that is owed.
        repaired: with the whole fix, both axes are fine.
    """

    strict: bool | None = None
    loose: bool | None = None
    alarm: bool | None = None
    verdict: bool | None = None
    repaired: bool | None = None


def judge(built: Built, gate: Gate, answer: Answer, goals: tuple[Goal, ...]) -> Judgement:
    """Judge an answer on a case that counts."""
    if gate.kind == "signal":
        return Judgement(alarm=answer.status == UNLEARNABLE or bool(NOTHING & set(answer.causes)))
    if gate.kind in ("control", "harmless"):
        return Judgement(alarm=answer.status != HEALTHY)
    truths = truths_of(built, goals)
    strict = bool(answer.causes) and answer.causes[0] in truths
    loose = any(cause in truths for cause in answer.causes)
    verdict = answer.status == gate.expected if gate.expected else None
    if answer.status == UNLEARNABLE and truths & NOTHING:
        loose = loose or any(cause in NOTHING for cause in answer.causes)
    if gate.kind == "information":
        return Judgement(strict, loose, alarm=answer.status != HEALTHY, verdict=verdict)
    if not built.repairable:
        return Judgement(strict, loose, verdict=verdict)
    loose = loose or any(repaired(built, fix, goals) for fix in answer.fixes if fix)
    whole = bool(answer.fix) and repaired(built, answer.fix or {}, goals)
    return Judgement(strict, loose, verdict=verdict, repaired=whole)


def truths_of(built: Built, goals: tuple[Goal, ...]) -> frozenset[str]:
    """The causes that are right: those injected, and what is as right a name for them.

    Real tables that come badly scaled are off centre, too. Where centring alone heals such a run, both
    names are right.
    """
    causes = frozenset(built.causes) | built.also
    if causes == {"unscaled"} and repaired(built, {"scaling": "center"}, goals):
        causes |= {"uncentred"}
    return causes


def repaired(built: Built, fix: dict[str, Any], goals: tuple[Goal, ...]) -> bool:
    """Whether both axes of the run with a fix are fine, and nothing is left of what a fault added."""
    if built.new_columns - set(fix.get("drop_columns", ())) and "leakage" in built.causes:
        return False
    found = after(built.setup, fix)
    return found is not None and reached(found, goals)


def reached(found: Answers, goals: tuple[Goal, ...]) -> bool:
    """Whether answers meet any of the goals."""
    return not found.single_label and any(goal.met_by(found.level) for goal in goals)


def after(setup: Setup, fix: dict[str, Any]) -> Answers | None:
    """What the run comes to with a fix, by the class weights that it had; ``None`` where it cannot run.

    So weighting the classes is no way to a lower loss.
    """
    try:
        fixed = Setup(setup.dataset, changed(setup.config, **fix))
        found = runs.run(fixed)
    except (ConfigError, DatasetError):
        return None
    how, classes = setup.config.class_weight, problem_of(setup.dataset, fixed.config).classes
    train, test = runs.row_weights(found.y_train, found.y_test, how, classes)
    return replace(found, train_weight=train, test_weight=test)
