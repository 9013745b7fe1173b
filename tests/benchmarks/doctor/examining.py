"""One case from beginning to end: built, gated, put to the doctor and to its rivals, and judged."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from tests.benchmarks.doctor import building
from tests.benchmarks.doctor.cases import FAULTS, group_of
from tests.benchmarks.doctor.consistency import contradictions
from tests.benchmarks.doctor.facts import Facts
from tests.benchmarks.doctor.gates import Gate
from tests.benchmarks.doctor.judging import Judgement, judge, reached
from tests.benchmarks.doctor.records import Case, Goal
from tests.benchmarks.doctor.rivals import RULES, rival
from tests.benchmarks.doctor.rivals.random_search import search
from tests.benchmarks.doctor.subject import Answer, ask

Row = dict[str, Any]


def examine_case(case: Case, *, doctor: bool = True, rivals: bool = True) -> Row:
    """The result of a case as a row of JSON; with ``doctor`` false, only the gate."""
    started = time.perf_counter()
    built = building.build(case)
    gate = building.gate(built)
    row: Row = {**heading(case), "kind": gate.kind, "why": gate.why, "expected": gate.expected}
    if gate.kind == "void" or not doctor:
        return row
    try:
        answer = ask(built.setup)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in there is the doctor's failure
        row["error"] = f"{type(error).__name__}: {error}"[:500]
        answer = Answer("error", (), (), None, 0.0)
    goals = _goals(built, gate, answer)
    if answer.letter is not None:
        facts = None if built.setup.target_values else Facts(built.setup)
        row["contradictions"] = contradictions(answer.letter, built.setup.config, facts)
    row.update(_told(answer), **asdict(judge(built, gate, answer, goals)))
    row["goals"] = [(goal.loss, goal.balanced_accuracy) for goal in goals]
    if rivals:
        row["rivals"] = _rivals(built, gate, goals, answer.seconds)
    row["all_seconds"] = round(time.perf_counter() - started, 2)
    return row


def heading(case: Case) -> Row:
    """What is known of a case before it is looked at."""
    return {
        "id": case.id,
        "half": case.half,
        "group": group_of(case),
        "fault": "+".join(name for name, _ in case.faults),
        "causes": [FAULTS[name].cause for name, _ in case.faults],
        "control": case.control,
    }


def failed(row: Row) -> bool:
    """Whether the doctor was wrong somewhere."""
    wrong = any(row.get(name) is False for name in ("strict", "verdict", "repaired"))
    return wrong or bool(row.get("alarm")) or bool(row.get("contradictions")) or "error" in row


def _goals(built: building.Built, gate: Gate, answer: Answer) -> tuple[Goal, ...]:
    if gate.kind not in ("fault", "double") or not built.repairable:
        return ()
    return building.goals(built, answer.fix)


def _told(answer: Answer) -> Row:
    return {
        "status": answer.status,
        "named": list(answer.causes),
        "fix": answer.fix,
        "seconds": answer.seconds,
    }


def _rivals(built: building.Built, gate: Gate, goals: tuple[Goal, ...], seconds: float) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for name in RULES:
        answers = rival(name, built.setup)
        found[name] = {"named": [list(causes) for causes in answers], **_judged(built, gate, answers)}
    if goals:
        healed = search(built.setup, seconds)
        repaired = healed is not None and reached(healed, goals)
        found["random search"] = {"repaired": repaired}
    return found


def _judged(built: building.Built, gate: Gate, symptoms: tuple[tuple[str, ...], ...]) -> Row:
    """A symptom stands for a set of causes, and is right where the injected one is among them."""
    if gate.kind in ("control", "harmless", "signal"):
        return asdict(Judgement(alarm=bool(symptoms)))
    truths = set(built.causes)
    strict = bool(symptoms) and bool(truths & set(symptoms[0]))
    loose = any(truths & set(causes) for causes in symptoms)
    alarm = bool(symptoms) if gate.kind == "information" else None
    return asdict(Judgement(strict, loose, alarm=alarm))
