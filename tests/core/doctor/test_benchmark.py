"""The doctor's benchmark: gates, judgement, rivals and report do what they say."""

from __future__ import annotations

import json
from functools import cache
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
from tests.benchmarks.doctor.records import Case, Goal, Level
from tests.benchmarks.doctor.report import shortfall, tables
from tests.benchmarks.doctor.rivals import rival
from tests.benchmarks.doctor.rivals.random_search import search
from tests.benchmarks.doctor.subject import Answer, write
from tests.benchmarks.doctor.wilson import wilson
from tests.benchmarks.doctor.workers import examine

FAULT, CONTROL = Gate("fault"), Gate("control")


@cache
def built(material: str, fault: str, level: int = 0) -> Built:
    """A case with one fault."""
    return build(Case(material, ((fault, level),), "", 0, "tuning"))


@cache
def control(material: str, kind: str) -> Built:
    """A healthy run of a kind."""
    return build(Case(material, (), kind, 0, "tuning"))


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


def test_a_fault_that_spoils_the_probabilities_alone_counts_and_is_owed_another_verdict() -> None:
    assert gate(built("gaussians-500-0.8", "lr-too-low")).expected == "sick"
    assert gate(built("gaussians-500-0.8", "weight-decay-too-strong", 2)).expected == "improvable"


def test_a_fault_that_does_no_harm_is_a_control() -> None:
    assert gate(built("gap-300", "uncentred")).kind == "harmless"


def test_a_leak_beside_columns_that_give_the_answer_is_void() -> None:
    assert gate(built("wine-1", "leakage")).kind == "void"
    assert gate(built("linear-10", "leakage")).kind == "fault"
    for level in (0, 4):
        assert gate(built("linear-10", "leaks", level)).kind == "fault"


def test_what_bends_is_non_linear_and_what_is_straight_is_healthy() -> None:
    assert gate(built("circles-0.05", "non-linear")).kind == "fault"
    assert gate(built("parity-of-5", "interactions")).kind == "fault"
    assert gate(control("gaussians-500-0.8", "plain")).kind == "control"
    assert gate(control("circles-0.05", "plain")).kind == "void"


def test_truth_tables_that_a_line_can_learn_are_healthy() -> None:
    assert gate(control("table-and", "tables")).kind == "control"


def test_a_gap_between_the_classes_is_information() -> None:
    assert gate(built("gap-300", "separable")).kind == "information"


def test_a_test_part_counts_as_wrecked_where_luck_cannot_explain_it() -> None:
    assert gate(built("linear-20", "wrecked-test", 2)).kind == "fault"
    assert gate(built("wine-1", "wrecked-test", 4)).kind in ("fault", "void")


def test_a_weak_signal_is_none_that_may_be_denied() -> None:
    found = gate(control("faint-2000-0.9-0", "weak"))
    assert found.kind == "signal"  # all rows get one label, and the labels do depend on the columns


def test_overfitting_counts_where_a_ridge_is_better_on_rows_not_seen() -> None:
    assert gate(built("overfit-300-80", "overfitting")).kind == "fault"
    assert gate(built("linear-10", "overfitting")).kind == "void"


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


def test_the_verdict_is_right_where_it_is_the_one_that_is_owed() -> None:
    case = built("gaussians-500-0.8", "weight-decay-too-strong", 2)
    owed = gate(case)
    for status, right in (("improvable", True), ("sick", False), ("healthy", False)):
        assert judge(case, owed, answer(status=status), goals(case, None)).verdict is right


def test_a_signal_is_denied_by_saying_that_there_is_none() -> None:
    case, kind = control("faint-2000-0.9-0", "weak"), Gate("signal")
    assert judge(case, kind, answer("no-signal", status="unlearnable"), ()).alarm is True
    assert judge(case, kind, answer("imbalance"), ()).alarm is False


def test_a_leak_is_repaired_only_where_every_copy_of_the_label_is_dropped() -> None:
    case = built("linear-10", "leaks", 0)
    for columns, good in ((("outcome_1",), False), (("outcome_1", "outcome_2"), True)):
        fix = {"drop_columns": columns}
        assert judge(case, FAULT, answer("leakage", fix=fix), goals(case, fix)).repaired is good


def test_a_knob_that_does_not_exist_repairs_nothing() -> None:
    case = built("linear-10", "far-cells", 2)
    assert judge(case, FAULT, answer("outliers", fix={"no_such": 1}), goals(case, None)).repaired is False


def test_only_healthy_is_no_alarm() -> None:
    case = control("gaussians-500-0.8", "plain")
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


def test_a_goal_is_met_by_both_figures_or_not_at_all() -> None:
    goal = Goal(0.30, 0.90)
    assert goal.met_by(Level(0.30, 0.90))
    assert not goal.met_by(Level(0.31, 0.95))
    assert not goal.met_by(Level(0.2, 0.89))


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
    assert found.level.balanced_accuracy > 0.7


# --- a whole case, and the report ---


def test_a_case_goes_from_beginning_to_end() -> None:
    row = examine_case(find("gaussians-200-0.7/lr-too-low:0/0"))
    assert row["kind"] == "fault"
    assert row["half"] == "tuning"
    assert row["status"] == "sick"
    assert isinstance(row["contradictions"], list)
    assert set(row["rivals"]) == {"UMLAUT", "AutoTrainer", "DeepDiagnosis", "random search"}
    json.dumps(row)


def test_cases_run_in_processes_of_their_own() -> None:
    cases = [find("gaussians-200-0.7/lr-too-low:0/0")]
    found = examine(cases, jobs=1, doctor=False, rivals=False)
    assert [row["kind"] for row in found] == ["fault"]


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
    assert "| cause named first | 75.0 % [30.1, 95.4] of 4 | none | ≥ 97 % | **missed** |" in text
    assert "The worst cause on the half held apart: lr-too-low, 75.0 % (bar: ≥ 90 %), **missed**" in text
    assert "| zeros | 100.0 % [20.7, 100.0] of 1 | none |" in text


def test_what_meets_its_bar_is_marked_so_and_letters_are_counted() -> None:
    rows = [row(strict=True, contradictions=[])] * 99 + [row(strict=True, contradictions=["it says 3"])]
    text = tables(rows)
    assert "of 100 | none | ≥ 97 % | met |" in text
    assert (
        "| letters without contradiction | 99.0 % [94.6, 99.8] of 100 | none | ≥ 100 % | **missed** |"
        in text
    )


def test_alarms_of_every_kind_count_against_a_sample() -> None:
    right = [row(strict=True, repaired=True, contradictions=[])] * 20
    calm = [row(kind="control", control="zeros", alarm=False)] * 9
    assert shortfall([*right, *calm]) == ""
    for kind in ("control", "harmless", "information", "signal"):
        assert "1 of 10 alarms" in shortfall([*right, *calm, row(kind=kind, alarm=True)])


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
