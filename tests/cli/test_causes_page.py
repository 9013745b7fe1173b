"""docs/causes.md and the pages of causes: commands show what is said, numbers are those of the code."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from lrtui.core.doctor import case, doctor, problem_analysis, reference, search
from lrtui.core.doctor.catalogue import causes
from lrtui.core.doctor.causes import (
    leakage,
    mismatch,
    no_diversity,
    non_linear,
    overfitting,
    scale,
    separable,
    start,
    steps,
    target,
    threshold,
    too_little_data,
)
from lrtui.core.doctor.pages import FOLDER, causes_with_page
from lrtui.core.doctor.quantities import dependence, flexibility, outlying, paired, signal
from lrtui.tui.render.evidence import LABELS
from tests.cli.commands import Lrtui

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "causes.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^##? |\Z)", PAGE, re.MULTILINE | re.DOTALL))
CAUSES = {cause: (FOLDER / f"{cause}.md").read_text(encoding="utf-8") for cause in causes_with_page()}
SECTIONS |= CAUSES
OTHERS = {
    "How it works",
    "The three examples",
    "What is true where common wisdom is not",
    "What it does not know",
    "The causes",
    "What they look like",
}
WITHOUT_COMMAND = {"not-shuffled"}


class Shown(NamedTuple):
    """One command of the page, what its comment says, and the shell lines before it."""

    section: str
    line: str
    says: str
    script: str


def shown() -> list[Shown]:
    """Every ``lrtui diagnose`` of the pages."""
    found = []
    for section, text in SECTIONS.items():
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
            script, command, _ = block.partition("lrtui diagnose ")
            for line in f"{command}{block[len(script) + len(command) :]}".strip().split("\n"):
                words, _, says = line.partition("#")
                found.append(Shown(section, words.strip(), says.strip(), script))
    return found


def test_every_cause_has_a_page_and_a_command() -> None:
    known = {cause.id for cause in causes()}
    assert len(known) >= 20
    assert known | OTHERS <= set(SECTIONS)
    assert {one.section for one in shown()} >= known - WITHOUT_COMMAND
    assert not {one.section for one in shown()} & WITHOUT_COMMAND
    assert len(shown()) == sum(text.count("\nlrtui diagnose ") for text in (PAGE, *CAUSES.values()))


@pytest.mark.parametrize("one", shown(), ids=lambda one: re.sub(r"\W+", "-", one.line)[15:60])
def test_a_command_of_the_page_shows_what_it_is_there_for(
    lrtui: Lrtui, one: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if one.script:
        script = one.script.replace("python3 ", f"{shlex.quote(sys.executable)} ")
        subprocess.run(["sh", "-c", script], check=True)
    code, out, err = lrtui(*shlex.split(one.line)[1:], "--json", "--quiet")
    assert out, err
    found = json.loads(out)
    if one.says:
        causes = ", ".join(finding["cause"] for finding in found["findings"])
        assert one.says == f"{found['status']}: {causes}".removesuffix(": ")
    else:
        assert found["cause"] == one.section
    assert {name for finding in found["findings"] for name in finding["evidence"]} <= set(LABELS)
    assert code == (0 if found["status"] == "healthy" else 1)
    assert (found["status"] == "healthy") == (one.says.startswith("healthy") or one.section == "separable")


@pytest.mark.parametrize(
    ("section", "numbers"),
    [
        ("How it works", (case.HEALED, case.HARM, case.ERRORS, search.MOST)),
        ("How it works", (reference.WEAK, max(reference.RIDGES), 1 / reference.DENSE)),
        ("How it works", (doctor.BUDGET, doctor.MOST, problem_analysis.NUMBERS)),
        ("What it does not know", (search.MOST, flexibility.ROWS, signal.MANY)),
        ("one-class", (target.OTHER_SPLITS,)),
        ("target-coding", (target.CLASSES,)),
        ("outliers", (outlying.FAR, outlying.WIDER, outlying.BEYOND, outlying.NORMAL, paired.BEYOND)),
        ("outliers", (round(paired.UNLIKELY, 1), case.HARM)),
        (
            "leakage",
            (leakage.NEAR, leakage.WHOLE, leakage.GOOD, leakage.TIGHT, leakage.COPY, leakage.LOOSE),
        ),
        ("leakage", (leakage.BEYOND, leakage.NOISE, leakage.OTHERS, leakage.CLOSER, leakage.SYNERGY)),
        ("train-test-mismatch", (mismatch.FEWEST, mismatch.FAR, mismatch.SOME, mismatch.BEYOND)),
        ("train-test-mismatch", (mismatch.HARMED, mismatch.CHANCE)),
        (
            "no-diversity",
            (no_diversity.REPEATED, no_diversity.COPIED, no_diversity.FEW, no_diversity.STEPS),
        ),
        ("no-signal", (problem_analysis.ALPHA, problem_analysis.RARELY, signal.MANY)),
        ("no-signal", (dependence.ROWS_EACH, dependence.RAREST_EACH, dependence.SHUFFLINGS)),
        ("unscaled", (scale.WORSE,)),
        ("uncentred", (scale.OFF,)),
        ("batch-too-small", (steps.SMALL_BATCH, search.CLOSE)),
        ("lr-too-high", (steps.LONG, steps.RISES)),
        ("lr-too-low", (steps.SHORT,)),
        ("too-few-epochs", (*steps.MANY[:3], steps.MANY[-1], steps.LONGER, steps.FEW_EPOCHS)),
        ("bad-init", (start.HIGH,)),
        ("saturated", (start.ALIVE,)),
        ("threshold", (case.HARM, round(threshold.ERRORS, 1))),
        ("too-little-data", (too_little_data.ROWS_EACH, too_little_data.RARE)),
        ("too-little-data", (too_little_data.OVERFITTED, too_little_data.FINE)),
        ("too-little-data", (too_little_data.COULD_HIDE, too_little_data.BY_HEART)),
        ("non-linear", (flexibility.ENOUGH, case.HARM, flexibility.ROWS, flexibility.BEYOND)),
        ("non-linear", (non_linear.EASY, non_linear.RARELY, non_linear.ERRORS)),
        ("overfitting", (*overfitting.DECAYS[::5], *overfitting.STOPS[::4], case.HEALED)),
        ("separable", (separable.MEMORIZED, separable.PROGRAMMABLE)),
    ],
)
def test_the_numbers_of_the_page_are_those_of_the_code(section: str, numbers: tuple[float, ...]) -> None:
    for number in numbers:
        written = {f"{number:g}", f"{number:,}", f"{number:.2f}"}
        if number < 0.001:
            written = {f"{number:g}", f"{number:.4f}", f"{number:.0e}".replace("e-0", "e-")}
        pattern = "|".join(map(re.escape, sorted(written - {"0.0000"})))
        assert re.search(rf"(?<![\d.,])(?:{pattern})(?![\d])", SECTIONS[section]), number
