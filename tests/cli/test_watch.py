"""``lrtui watch``: a script of one's own, as the person who types it meets it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from lrtui.tui.cli.watch import watch
from tests.cli.commands import Lrtui, refused
from tests.core.watch.scripts import HEALTHY, changed

KEYS = [
    "status",
    "single_label",
    "cause",
    "findings",
    "ruled_out",
    "patch",
    "before",
    "after",
    "reruns",
    "seconds",
    "written",
    "notes",
]
KEYS_OF_FINDING = [
    "cause",
    "title",
    "sentence",
    "evidence",
    "where",
    "patch",
    "proved",
    "before",
    "after",
]
SICK = changed(
    ("model(X).squeeze(1)\n    loss", "model(X)\n    loss"), ("nn.BCEWithLogitsLoss()", "nn.MSELoss()")
)


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for a script, where the command runs; torch with one thread."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    return tmp_path / "train.py"


def test_a_sick_script_is_named_proved_and_healed(script: Path, lrtui: Lrtui) -> None:
    script.write_text(SICK)
    code, out, err = lrtui("watch", "--json", "--apply", "train.py")
    told = json.loads(out)
    assert (code, list(told)) == (1, KEYS)
    finding = told["findings"][0]
    assert list(finding) == KEYS_OF_FINDING
    assert (told["status"], told["cause"], finding["proved"], told["reruns"]) == (
        "sick",
        "shape-broadcast",
        True,
        1,
    )
    assert SICK.splitlines()[finding["where"]["line"] - 1] == "    loss = loss_fn(out, y)"
    assert finding["after"]["balanced_accuracy"] >= finding["before"]["balanced_accuracy"]
    assert told["patch"].startswith("--- a/train.py\n+++ b/train.py\n")
    assert (script.parent / "train.py.orig").read_text() == SICK
    assert script.read_text() != SICK
    left = {entry.name for entry in script.parent.iterdir()} - {"home"}
    assert left == {"train.py", "train.py.orig"}
    assert "the original is train.py.orig" in err
    run = json.loads(lrtui("runs", "--json")[1])[0]
    assert (run["dataset"], run["status"], run["health"]) == (str(script), "finished", "sick")
    shown, kept = lrtui("show", "last")[1], json.loads(lrtui("show", "last", "--json")[1])
    assert "train.py, finished after 12 steps" in shown
    assert "the patch (applied)" in shown
    assert kept["patch"] == told["patch"]
    assert (kept["applied"], kept["letter"]["cause"], kept["steps"]) == (True, "shape-broadcast", 12)
    assert "Run 1 is a script, which cannot be resumed." in refused(lrtui("resume", "1"))


def test_a_healthy_script_is_let_be_and_watched_without_a_store_too(
    script: Path, lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its optimizer does not bring torch's compiler along, which takes longer than all else.
    alone = "import sys\nassert 'torch._dynamo.convert_frame' not in sys.modules\n"
    script.write_text(HEALTHY.replace("range(12)", "range(200)") + alone)
    monkeypatch.setenv("LRTUI_HOME", str(script))
    code, out, err = lrtui("watch", "--plain", "train.py")
    assert code == 0, out
    assert "This run is not kept." in err
    assert "train.py: Healthy" in out
    assert "Nothing is wrong that can be seen" in out


def test_what_cannot_be_watched_is_refused(script: Path, lrtui: Lrtui) -> None:
    assert "There is no file 'none.py'." in refused(lrtui("watch", "none.py"))
    assert "is a folder" in refused(lrtui("watch", "."))
    assert "watch needs a script." in refused(lrtui("watch"))
    script.write_text("def broken(:\n")
    assert "'train.py' has a syntax error in line 1" in refused(lrtui("watch", "train.py"))
    script.write_text("print(end='')\n")
    assert "'train.py' trains nothing with torch." in refused(lrtui("watch", "train.py"))
    script.write_text("import sys\nsys.exit(3)\n")
    assert "ended with exit code 3 before it trained anything" in refused(lrtui("watch", "train.py"))
    script.write_text("while True:\n    pass\n")
    assert "did not end within 0 s" in refused(lrtui("watch", "--timeout", "0.2s", "train.py"))
    assert "'soon' is no amount" in refused(lrtui("watch", "--budget", "soon", "train.py"))
    assert "is no Python that runs" in refused(lrtui("watch", "--python", "/dev/null", "train.py"))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("[[3, 12], null]", "has no torch"),
        ('[[3, 12], "1.13.1"]', "has torch 1.13.1"),
        ('[[3, 8], "2.1"]', "is Python 3.8"),
    ],
)
def test_a_python_that_will_not_do_is_refused(
    answer: str, words: str, script: Path, lrtui: Lrtui, tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\necho '{answer}'\n")
    python.chmod(0o755)
    script.write_text(HEALTHY)
    assert words in refused(lrtui("watch", "--python", str(python), "train.py"))
    assert sys.executable != str(python)


def test_on_a_terminal_the_dashboard_opens_on_the_script(
    script: Path, lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.write_text(HEALTHY)
    opened: dict[str, Any] = {}

    def shown(*_: object, **options: Any) -> int:
        opened.update(options)
        return 0

    monkeypatch.setattr("lrtui.tui.cli.watch.is_terminal", lambda: True)
    monkeypatch.setattr("lrtui.tui.app.run_dashboard", shown)
    assert lrtui("watch", "--budget", "5s", "train.py", "--epochs", "3")[0] == 0
    asked = opened["script"]
    assert (asked.arguments, asked.budget, asked.folder) == (
        ("train.py", "--epochs", "3"), 5.0, str(script.parent),
    )  # fmt: skip
    opened.clear()
    script.write_text("print(1)\n")
    assert "trains nothing with torch" in lrtui("watch", "--plain", "train.py")[2]
    assert opened == {}


@pytest.mark.parametrize(
    ("typed", "own", "json"),
    [
        ("train.py --json --epochs 3", ("train.py", "--epochs", "3"), True),
        ("--json train.py --epochs 3", ("train.py", "--epochs", "3"), True),
        ("train.py --epochs 3 --json", ("train.py", "--epochs", "3", "--json"), False),
        ("train.py -- --json", ("train.py", "--json"), False),
        ("train.py -m x", ("train.py", "-m", "x"), False),
        ("train.py --budget 5s x", ("train.py", "x"), False),
        ("-m package.train --json --lr 1", ("--lr", "1"), True),
    ],
)
def test_options_stand_before_the_script_or_right_behind_it(
    typed: str, own: tuple[str, ...], json: bool
) -> None:
    found = watch.make_context("watch", typed.split()).params
    assert (found["arguments"], found["as_json"]) == (own, json)
