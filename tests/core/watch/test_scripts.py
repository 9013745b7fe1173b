"""The scripts of the benchmark: every cause in three ways and more, judged by what they print."""

from __future__ import annotations

import json
from collections import defaultdict
from difflib import unified_diff
from itertools import pairwise
from pathlib import Path

import pytest

from lrtui.core.watch.warm import WarmPython
from tests.benchmarks.scripts import watching, within
from tests.benchmarks.scripts.case import HEALTHY, Case
from tests.benchmarks.scripts.cases import FAULTS, every_case, fresh_cases, sample
from tests.benchmarks.scripts.examining import repaired, why_void
from tests.benchmarks.scripts.gates import gate
from tests.benchmarks.scripts.judging import heals
from tests.benchmarks.scripts.measuring import read
from tests.benchmarks.scripts.report import shortfall, tables
from tests.benchmarks.scripts.watching import KEYS, Answer, ask, patched

CATALOGUE = {
    "no-zero-grad",
    "no-step",
    "wrong-parameters",
    "frozen",
    "detached",
    "shape-broadcast",
    "metric-wrong",
    "one-column-argmax",
    "one-output-softmax",
    "cross-entropy-one-logit",
    "double-activation",
    "missing-activation",
    "relu-before-sigmoid",
    "no-nonlinearity",
    "target-coding",
    "eval-mode",
    "train-mode",
    "non-finite",
    "not-shuffled",
    "unscaled",
    "uncentred",
    "outliers",
    "lr-too-high",
    "lr-too-low",
    "too-few-epochs",
    "batch-too-small",
    "bad-init",
    "saturated",
    "dead-relu",
    "weight-decay-too-strong",
    "imbalance",
    "threshold",
    "overfitting",
    "no-signal",
    "too-little-data",
    "no-diversity",
    "non-linear",
    "target-mismatch",
    "leakage",
}
QUICK = ("no-step", "shape-broadcast", "one-column-argmax", "threshold")  # without scikit-learn, in a blink


def by_group() -> dict[str, list[Case]]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in every_case():
        groups[case.group].append(case)
    return groups


def test_every_cause_is_written_in_three_ways_and_more_and_both_halves_have_some() -> None:
    groups = by_group()
    assert set(FAULTS) == CATALOGUE
    assert set(groups) == CATALOGUE | {HEALTHY}
    assert sum(len(cases) for group, cases in groups.items() if group != HEALTHY) >= 120
    assert len(groups[HEALTHY]) >= 50
    for group, cases in groups.items():
        halves = [case.half for case in cases]
        assert abs(halves.count("tuning") - halves.count("apart")) <= 1, group
        assert len({case.id.split("/")[1].rsplit("-", 1)[0] for case in cases}) >= 3, group


def test_every_script_is_python_of_its_own_and_its_twin_another() -> None:
    cases = every_case()
    assert len({case.id for case in cases}) == len({case.file for case in cases}) == len(cases)
    for case in cases:
        compile(case.text, case.file, "exec")
        if case.twin:
            compile(case.twin, case.file, "exec")
        assert case.twin != case.text, case.id
        assert bool(case.twin) or not case.sick or not case.healable, case.id


def test_fresh_scripts_are_the_same_recipes_and_none_of_them_was_tuned_to() -> None:
    known, fresh = every_case(), fresh_cases()
    assert {case.half for case in fresh} == {"apart"}
    assert {case.group for case in fresh} == CATALOGUE | {HEALTHY}
    assert not {case.text for case in fresh} & {case.text for case in known}
    assert not {case.id for case in fresh} & {case.id for case in known}
    for case in fresh:
        compile(case.text, case.file, "exec")
        assert case.twin != case.text, case.id


def test_a_sample_takes_of_every_cause_in_turn() -> None:
    few = sample(len(CATALOGUE) + 10)
    assert {case.group for case in few} == CATALOGUE | {HEALTHY}
    assert few == sample(len(CATALOGUE) + 10)


@pytest.mark.parametrize("cause", QUICK)
def test_a_sick_script_is_sick_and_its_twin_is_not(cause: str) -> None:
    case = by_group()[cause][0]
    assert why_void(case) == ""


def test_a_healthy_script_learns() -> None:
    case = next(case for case in every_case() if case.id == f"{HEALTHY}/gradient_by_formula")
    assert why_void(case) == ""


def test_accuracy_and_loss_are_read_as_people_print_them() -> None:
    for text, accuracy, loss in (
        ("epoch 3 loss 0.2\ntest loss 0.3100, accuracy 0.9070", 0.907, 0.31),
        ("Test loss: 0.0840\nTest accuracy: 97.10%", 0.971, 0.084),
        ("acc = 0.5\nacc: 0.75", 0.75, None),
        ("test loss: nan\ntest balanced accuracy: 0.5", 0.5, None),
        ("nothing", None, None),
    ):
        found = read(text)
        assert found.accuracy == (None if accuracy is None else pytest.approx(accuracy))
        assert loss is None or found.loss == pytest.approx(loss)


def test_a_gate_wants_harm_of_the_sick_and_learning_of_the_twin() -> None:
    well, ill = read("test loss 0.3 accuracy 0.9"), read("test loss 0.7 accuracy 0.5")
    assert gate("learns", ill, well) == ""
    assert "no harm" in gate("learns", well, well)
    assert "does not learn" in gate("learns", ill, ill)
    assert gate("learns", read("", "ValueError"), well) == ""
    assert gate("learns", read("test loss 0.7 accuracy 0.9"), well) == ""
    assert gate("metric", read("accuracy 62.5"), well) == ""
    assert gate("leak", read("accuracy 1.0"), well) == ""
    assert gate("loss", well, well)


def test_a_patch_heals_where_all_that_was_wrong_is_as_well_as_the_twins() -> None:
    case = by_group()["no-step"][0]
    well, ill = read("test loss 0.3 accuracy 0.9"), read("test loss 0.7 accuracy 0.5")
    unsure = read("test loss 0.7 accuracy 0.9")
    assert heals(case, ill, well, read("accuracy 0.89"))
    assert not heals(case, ill, well, read("accuracy 0.8"))
    assert not heals(case, ill, well, read("accuracy 62.5"))
    assert heals(case, unsure, well, well)
    assert not heals(case, unsure, well, unsure)


def test_a_patch_is_put_to_a_copy_as_patch_p1_does_and_the_copy_is_run(tmp_path: Path) -> None:
    case = by_group()["no-step"][0]
    lines = (text.splitlines(keepends=True) for text in (case.text, case.twin))
    diff = "".join(unified_diff(*lines, "a/train.py", "b/train.py"))
    assert patched(case.text, diff, tmp_path) == case.twin
    assert patched("print(1)\n", diff, tmp_path) is None
    assert repaired(case, Answer(patch=diff), tmp_path)
    assert not repaired(case, Answer(patch=None), tmp_path)


def test_within_this_process_the_doctor_says_what_the_command_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warm: WarmPython
) -> None:
    monkeypatch.setattr(within, "warm_python", lambda: warm)
    case = by_group()["no-step"][0]
    answer = within.ask_within(case.text, tmp_path)
    assert (answer.status, answer.causes, answer.error) == ("sick", ("no-step",), "")
    assert repaired(case, answer, tmp_path)
    assert "trains nothing" in within.ask_within("import torch\n", tmp_path).error


def test_an_answer_is_read_from_the_json_of_lrtui_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = dict.fromkeys(KEYS) | {"status": "sick", "cause": "no-step", "findings": [{"cause": "no-step"}]}
    fake = tmp_path / "lrtui"
    fake.write_text(f"#!/bin/sh\necho '{json.dumps(said)}'\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(watching, "LRTUI", fake)
    answer = ask("print(1)", tmp_path)
    assert (answer.status, answer.causes, answer.error) == ("sick", ("no-step",), "")
    fake.write_text("#!/bin/sh\necho no >&2\nexit 2\n")
    assert ask("print(1)", tmp_path).error == "exit 2, no JSON: no"


def test_the_report_marks_what_misses_its_bar() -> None:
    row = {
        "half": "apart",
        "group": "no-step",
        "kind": "fault",
        "status": "sick",
        "ratio": 4.0,
        "reruns": 2,
    }
    rows = [{**row, "id": str(n), "strict": n > 1, "loose": True, "repaired": True} for n in range(4)]
    rows.append({**row, "id": "h", "group": HEALTHY, "kind": "control", "alarm": False})
    told = tables(rows)
    lines = {line.split("|")[1].strip(): line for line in told.splitlines() if line.startswith("|")}
    assert "**missed**" in lines["cause named first"]
    assert "met" in lines["alarms on healthy scripts"]
    assert "**missed**" in lines["times the script's own, median"]
    assert "The worst id held apart: no-step, 50 %" in told
    assert shortfall(rows) == "50 % named first"
    assert all(a != b for a, b in pairwise(told.split("\n\n")))
