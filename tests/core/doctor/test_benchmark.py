"""The doctor's benchmark: gates, judgement, rivals and report do what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import binomtest

from tests.benchmarks.doctor.__main__ import main
from tests.benchmarks.doctor.building import Built, build, gate, goals
from tests.benchmarks.doctor.cases import find
from tests.benchmarks.doctor.documents import BEGIN, END, PAGE, write_docs
from tests.benchmarks.doctor.examining import examine_case, failed
from tests.benchmarks.doctor.gates import Gate
from tests.benchmarks.doctor.judging import judge
from tests.benchmarks.doctor.records import Case, Level
from tests.benchmarks.doctor.report import tables
from tests.benchmarks.doctor.rivals import rival
from tests.benchmarks.doctor.rivals.random_search import search
from tests.benchmarks.doctor.subject import Answer, write
from tests.benchmarks.doctor.wilson import wilson
from tests.benchmarks.doctor.workers import examine

FAULT, CONTROL = Gate("fault"), Gate("control")


def built(material: str, fault: str, level: int = 0) -> Built:
    """A case with one fault."""
    return build(Case(material, ((fault, level),), "", 0, "tuning"))


def answer(*causes: str, status: str = "sick", fix: dict[str, Any] | None = None) -> Answer:
    """What a doctor may say; the first cause has the fix."""
    return Answer(status, causes, (fix,) + (None,) * (len(causes) - 1), fix, 0.1)


# --- shares ---


@pytest.mark.parametrize(("hits", "of"), [(8, 10), (0, 10), (10, 10), (297, 300), (1, 3)])
def test_intervals_are_wilsons(hits: int, of: int) -> None:
    known = binomtest(hits, of).proportion_ci(method="wilson")
    assert wilson(hits, of) == pytest.approx((known.low, known.high))


def test_wilsons_interval_of_eight_in_ten() -> None:
    assert wilson(8, 10) == pytest.approx((0.4901625, 0.9433178), abs=1e-6)
    assert wilson(0, 0) == (0.0, 1.0)


# --- gates ---


def test_a_fault_that_does_harm_counts() -> None:
    assert gate(built("gaussians-500-0.8", "lr-too-low")).kind == "fault"
    assert gate(built("gaussians-500-0.8", "threshold", 3)).kind == "fault"


def test_a_fault_that_does_no_harm_is_a_control() -> None:
    found = gate(built("gap-300", "uncentred"))
    assert (found.kind, found.near) == ("harmless", True)


def test_a_harmless_fault_whose_loss_stays_far_is_told_apart() -> None:
    found = gate(built("gaussians-500-0.8", "weight-decay-too-strong", 1))
    assert (found.kind, found.near) == ("harmless", False)


def test_a_leak_beside_columns_that_give_the_answer_is_void() -> None:
    assert gate(built("wine-1", "leakage")).kind == "void"
    assert gate(built("linear-10", "leakage")).kind == "fault"


def test_what_bends_is_non_linear_and_what_is_straight_is_healthy() -> None:
    assert gate(built("circles-0.05", "non-linear")).kind == "fault"
    assert gate(build(Case("gaussians-500-0.8", (), "plain", 0, "tuning"))).kind == "control"
    assert gate(build(Case("circles-0.05", (), "plain", 0, "tuning"))).kind == "void"


def test_a_gap_between_the_classes_is_information() -> None:
    assert gate(built("gap-300", "separable")).kind == "information"


# --- judgement ---


def test_the_cause_must_be_named_first() -> None:
    case = built("gaussians-500-0.8", "lr-too-low")
    ends = goals(case, None)
    right = judge(case, FAULT, answer("lr-too-low", fix={"lr": 0.1}), ends)
    assert (right.strict, right.loose, right.repaired, right.alarm) == (True, True, True, None)
    second = judge(case, FAULT, answer("bad-init", "lr-too-low"), ends)
    assert (second.strict, second.loose, second.repaired) == (False, True, False)


def test_another_fix_that_restores_the_reference_is_as_good_a_name() -> None:
    case = built("gaussians-500-0.8", "bad-init", 1)
    ends = goals(case, None)
    for fix, good in (({"init_bias": 0.0}, True), ({"lr": 1e-6}, False)):
        found = judge(case, FAULT, answer("lr-too-low", fix=fix), ends)
        assert (found.strict, found.loose, found.repaired) == (False, good, good)


def test_a_fix_that_cannot_run_repairs_nothing() -> None:
    case = built("gaussians-500-0.8", "lr-too-low")
    assert judge(case, FAULT, answer("lr-too-low", fix={"lr": -1}), goals(case, None)).repaired is False


def test_only_healthy_is_no_alarm() -> None:
    case = build(Case("gaussians-500-0.8", (), "plain", 0, "tuning"))
    assert judge(case, CONTROL, answer(status="healthy"), ()).alarm is False
    for status in ("sick", "unlearnable", "cannot-tell", "error"):
        assert judge(case, CONTROL, answer(status=status), ()).alarm is True


def test_where_no_setting_can_help_repair_is_not_asked() -> None:
    case = built("linear-10", "no-signal")
    found = judge(case, FAULT, answer("no-diversity", status="unlearnable"), ())
    assert (found.strict, found.loose, found.repaired) == (False, True, None)


def test_of_two_faults_either_may_be_named_and_both_must_be_healed() -> None:
    faults = (("lr-too-low", 0), ("threshold", 2))
    case = build(Case("gaussians-500-0.8", faults, "", 0, "tuning"))
    ends = goals(case, None)
    half = judge(case, Gate("double"), answer("threshold", fix={"threshold": 0.5}), ends)
    assert (half.strict, half.repaired) == (True, False)
    whole = judge(case, Gate("double"), answer("threshold", fix={"threshold": 0.5, "lr": 0.1}), ends)
    assert (whole.strict, whole.repaired) == (True, True)


def test_filling_in_what_is_lost_repairs() -> None:
    case = built("gaussians-500-0.8", "non-finite", 4)
    fix = {"missing": "median"}
    assert judge(case, FAULT, answer("non-finite", fix=fix), goals(case, fix)).repaired is True


def test_levels_compare_within_both_distances() -> None:
    goal = Level(0.30, 0.90)
    assert Level(0.309, 0.885).as_good_as(goal)
    assert not Level(0.311, 0.95).as_good_as(goal)
    assert not Level(0.2, 0.87).as_good_as(goal)


# --- rivals ---


def test_umlaut_shows_its_symptoms() -> None:
    found = rival("UMLAUT", built("breast-cancer", "unscaled", 4).setup)
    assert found[0] == ("unscaled", "uncentred")
    assert ("lr-too-high",) in found  # 0.1 is over 0.01


def test_autotrainer_finds_slow_training() -> None:
    assert "lr-too-low" in rival("AutoTrainer", built("gaussians-500-0.8", "lr-too-low").setup)[0]


def test_deepdiagnosis_finds_saturation_of_data_that_is_not_normalized() -> None:
    found = rival("DeepDiagnosis", built("gaussians-500-0.8", "saturated").setup)
    assert found == (("unscaled", "uncentred"),)  # it asks for the range of the data first


def test_rivals_are_told_of_cells_without_numbers() -> None:
    assert rival("UMLAUT", built("gaussians-500-0.8", "non-finite").setup) == (("non-finite",),)


def test_random_search_finds_a_config_that_learns() -> None:
    found = search(built("gaussians-500-0.8", "lr-too-low").setup, 0.3)
    assert found is not None
    assert found.balanced_accuracy > 0.7


# --- a whole case, and the report ---


def test_a_case_goes_from_beginning_to_end() -> None:
    row = examine_case(find("gaussians-200-0.7/lr-too-low:0/0"))
    assert row["kind"] == "fault"
    assert row["half"] == "tuning"
    assert row["status"] in ("healthy", "sick", "unlearnable", "cannot-tell", "error")
    assert set(row["rivals"]) == {"UMLAUT", "AutoTrainer", "DeepDiagnosis", "random search"}
    json.dumps(row)


def test_cases_run_in_processes_of_their_own() -> None:
    cases = [find("gaussians-200-0.7/lr-too-low:0/0")]
    assert [row["kind"] for row in examine(cases, jobs=1, doctor=False)] == ["fault"]


def row(**values: Any) -> dict[str, Any]:
    """A row of a run."""
    known = {"id": "a/b:0/0", "half": "apart", "group": "lr-too-low", "kind": "fault", "control": ""}
    return {**known, "status": "sick", "named": [], "seconds": 0.5, **values}


def test_tables_count_what_they_say() -> None:
    rows = [row(strict=True, loose=True, repaired=True)] * 3 + [
        row(strict=False, loose=True, repaired=False)
    ]
    rows += [row(kind="control", control="zeros", group="control", alarm=True), row(kind="void")]
    text = tables(rows)
    assert "| cause named first | 75.0 % [30.1, 95.4] of 4 | none | ≥ 95 % |" in text
    assert "The worst cause on the half held apart: lr-too-low, 75.0 %" in text
    assert "| zeros | 100.0 % [20.7, 100.0] of 1 | none |" in text


def test_failures_are_those_of_the_tuning_half_with_a_way_to_repeat_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row(id="x/y:0/0", half="tuning", strict=False), row(id="z/y:1/0", strict=False)]
    rows.append(row(id="v/y:0/0", half="tuning", strict=True))
    assert [failed(found) for found in rows] == [True, True, False]
    kept = tmp_path / "rows.jsonl"
    kept.write_text("\n".join(map(json.dumps, rows)))
    main(["--read", str(kept), "--failures"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert lines[0].endswith("--case 'x/y:0/0'")


def test_the_docs_have_a_place_for_the_tables(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    for text in ("the first", "the second"):
        write_docs(text, page)
        assert page.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0].strip() == text


def test_a_file_holds_the_target_as_it_was_coded(tmp_path: Path) -> None:
    setup = built("gaussians-200-0.7", "target-coding", 2).setup
    path = tmp_path / "table.csv"
    write(path, setup)
    lines = path.read_text().splitlines()
    assert lines[0] == "x1,x2,target"
    assert {line.split(",")[-1] for line in lines[1:]} == {str(value) for value in range(10)}
