"""docs/causes.md: its commands show what it says they show, and its numbers are those of the code."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from math import log
from pathlib import Path
from typing import NamedTuple

import pytest

from lrtui.core.doctor import case, doctor, ground, reference, search, source
from lrtui.core.doctor import visit as visits
from lrtui.core.doctor.causes import answers, data, scale, start, steps
from lrtui.core.doctor.causes.settings import SETTINGS
from lrtui.core.doctor.quantities import flexibility, saturation, signal
from tests.cli.commands import Lrtui

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "causes.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^##? |\Z)", PAGE, re.MULTILINE | re.DOTALL))
OTHERS = {
    "How it works",
    "The three examples",
    "What is true where common wisdom is not",
    "What it does not know",
}
WITHOUT_COMMAND = {"train-test-mismatch", "not-shuffled"}


class Shown(NamedTuple):
    """One command of the page, what its comment says, and the shell lines before it."""

    section: str
    line: str
    says: str
    script: str


def shown() -> list[Shown]:
    """Every ``lrtui diagnose`` of the page."""
    found = []
    for section, text in SECTIONS.items():
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
            script, command, _ = block.partition("lrtui diagnose ")
            for line in f"{command}{block[len(script) + len(command) :]}".strip().split("\n"):
                words, _, says = line.partition("#")
                found.append(Shown(section, words.strip(), says.strip(), script))
    return found


def causes_of_the_code() -> set[str]:
    """Every id that a finding can have."""
    package = ROOT / "core" / "doctor"
    code = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    return set(re.findall(r'Finding\(\s*"([a-z-]+)"', code)) | {setting.id for setting in SETTINGS}


def test_every_cause_has_a_section_and_a_command() -> None:
    causes = causes_of_the_code()
    assert len(causes) >= 20
    assert causes | OTHERS == set(SECTIONS)
    assert {one.section for one in shown()} >= causes - WITHOUT_COMMAND
    assert not {one.section for one in shown()} & WITHOUT_COMMAND
    assert len(shown()) == PAGE.count("\nlrtui diagnose ")


@pytest.mark.parametrize("one", shown(), ids=lambda one: re.sub(r"\W+", "-", one.line)[15:60])
def test_a_command_of_the_page_shows_what_it_is_there_for(
    lrtui: Lrtui, one: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if one.script:
        script = one.script.replace("python3 ", f"{shlex.quote(sys.executable)} ")
        subprocess.run(["sh", "-c", script], check=True)
    code, out, _ = lrtui(*shlex.split(one.line)[1:], "--json", "--quiet")
    found = json.loads(out)
    if one.says:
        causes = ", ".join(finding["cause"] for finding in found["findings"])
        assert one.says == f"{found['status']}: {causes}".removesuffix(": ")
    else:
        assert found["cause"] == one.section
    assert code == (0 if found["status"] == "healthy" else 1)
    assert (found["status"] == "healthy") == (one.says.startswith("healthy") or one.section == "separable")


@pytest.mark.parametrize(
    ("section", "numbers"),
    [
        ("How it works", (case.HEALED, case.HARM, case.WORSE, 10 * log(2), reference.WEAK, search.MOST)),
        ("How it works", (doctor.BUDGET, doctor.MOST, ground.NUMBERS)),
        ("What it does not know", (search.MOST, signal.ROWS, signal.MANY)),
        ("one-class", (visits.OTHER_SPLITS,)),
        ("target-coding", (source.CLASSES,)),
        ("no-diversity", (data.REPEATED, data.COPIED, data.FEW)),
        ("leakage", (data.LEAK, data.APART, data.CHANCE)),
        ("train-test-mismatch", (data.MOVED, data.CHANCES)),
        ("no-signal", (data.ALPHA, signal.MANY)),
        ("unscaled", (scale.WORSE,)),
        ("uncentred", (scale.OFF,)),
        ("batch-too-small", (steps.SMALL_BATCH, search.CLOSE)),
        ("too-few-epochs", (steps.FEW_EPOCHS, steps.MANY[-1])),
        ("bad-init", (start.HIGH,)),
        ("saturated", (saturation.ALIVE,)),
        ("threshold", (answers.RANKS, case.HARM)),
        ("imbalance", (answers.SKEWED,)),
        ("too-little-data", (answers.ROWS_EACH, answers.RARE, answers.OVERFITTED, answers.FINE)),
        ("too-little-data", (data.COULD_HIDE,)),
        ("non-linear", (flexibility.ENOUGH, case.HARM, signal.ROWS)),
        ("separable", (answers.MEMORIZED, answers.PROGRAMMABLE)),
    ],
)
def test_the_numbers_of_the_page_are_those_of_the_code(section: str, numbers: tuple[float, ...]) -> None:
    for number in numbers:
        written = {f"{number:g}", f"{number:,}", f"{number:.2f}"}
        if number < 0.001:
            written = {f"{number:g}", f"{number:.4f}", f"{number:.0e}".replace("e-0", "e-")}
        pattern = "|".join(map(re.escape, sorted(written - {"0.0000"})))
        assert re.search(rf"(?<![\d.,])(?:{pattern})(?![\d])", SECTIONS[section]), number
