"""``lrtui check``: what is in the way is told with what to do, and nothing is changed by looking."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest

from lrtui.core.system.probe import LIBRARIES
from lrtui.tui.cli import check as command
from lrtui.tui.version import __version__
from tests.cli.commands import Lrtui
from tests.e2e.terminal import Terminal
from tests.test_imports import modules_after

TOPICS = ["lrtui", "machine", "terminal", "store", "cache", "config", "extras", "libraries", "GPU"]
SOUND = {"threads": 2, "blas": "mkl", "built_for": None, "cards": [], "mps": False}


class Told:
    """A probe that tells what it is given, and imports nothing."""

    answers: ClassVar[dict[str, dict[str, Any]]] = {}

    def __enter__(self) -> Told:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> type[Told]:
    monkeypatch.setattr(command, "Probe", Told)
    sound: dict[str, dict[str, Any]] = {name: {"error": None} for name in LIBRARIES}
    monkeypatch.setattr(Told, "answers", sound | {"torch": {"error": None, **SOUND}})
    return Told


def states(lrtui: Lrtui) -> tuple[int, dict[tuple[str, str], str]]:
    code, out, err = lrtui("check", "--json")
    assert err == ""
    found = json.loads(out)
    assert found["works"] is (code == 0)
    assert found.keys() == {"works", "checks"}
    for one in found["checks"]:
        assert one.keys() == {"topic", "name", "found", "state", "fix", "command"}
        to_do = bool(one["fix"] or one["command"])
        assert one["state"] == "note" or to_do is (one["state"] == "problem")
    return code, {(one["topic"], one["name"]): one["state"] for one in found["checks"]}


def test_on_a_terminal_everything_is_really_looked_at(home: Path) -> None:
    call = [sys.executable, "-m", "lrtui.tui", "check"]
    with Terminal(
        call, rows=60, env={"LRTUI_HOME": str(home), "TMUX": "here", "COLORTERM": "truecolor"}
    ) as shown:
        assert shown.end() == 0
    lines = [line.rstrip() for line in shown.screen.display]
    assert [line for line in lines if line in TOPICS] == TOPICS
    text = shown.text
    for words in (
        f"version         {__version__}, ",
        "TERM is xterm-256color, in tmux",
        "80×60",
        "16 million",
        "UTF-8 (LANG=C.UTF-8)",
        "none yet",
        " threads, BLAS ",
        "lrtui works here.",
    ):
        assert words in text
    assert not home.exists()


def test_it_needs_no_terminal_no_colour_and_no_more_than_ascii(
    told: type[Told], lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"COLUMNS": "40", "NO_COLOR": "1", "TERM": "dumb", "LANG": "C"}.items():
        monkeypatch.setenv(name, value)
    code, out, err = lrtui("check")
    assert (code, err) == (0, "")
    assert out.isascii()
    assert max(map(len, out.splitlines())) <= 40
    words = " ".join(out.split())
    assert "The dashboard needs a terminal; lrtui train does the same work without one." in words
    assert "none, for NO_COLOR is set" in words
    assert re.search(r"\+ torch: \S+ built for the CPU alone, .* \+ others: numpy \S+ scipy ", words)
    assert words.endswith("GPU + cards: none; lrtui trains on the CPU lrtui works here.")
    code, found = states(lrtui)
    assert code == 0
    assert found["terminal", "kind"] == found["terminal", "characters"] == "note"


def test_a_broken_torch_is_a_line_and_exit_code_1(told: type[Told], lrtui: Lrtui) -> None:
    told.answers |= {"torch": {"error": "ImportError: no such file"}}
    code, out, _ = lrtui("check")
    assert code == 1
    assert "✗ torch           cannot be imported: ImportError: no such file" in out
    assert re.search(r"→ Install it anew\.\n +→ .* install --force-reinstall 'torch>=", out)
    assert out.endswith("lrtui cannot work here yet: one thing is in the way, each with what to do.\n")
    assert states(lrtui)[1]["libraries", "torch"] == "problem"


def test_a_store_that_cannot_be_used_and_a_faulty_config_file_are_told_and_stop_nothing_else(
    told: type[Told], lrtui: Lrtui, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write_text("")  # no folder
    (tmp_path / "config" / "lrtui").mkdir(parents=True)
    (tmp_path / "config" / "lrtui" / "config.toml").write_text("[defaults]\nlearning = 3\nlr = 0.1\n")
    code, found = states(lrtui)
    assert code == 1
    assert found["store", "folder"] == found["config", "file"] == "problem"
    assert found["libraries", "numpy"] == "ok"
    out = lrtui("check")[1]
    assert "2 things are in the way" in out
    assert "lrtui config --check names all." in " ".join(out.split())
    monkeypatch.setenv("LRTUI_JSON", "1")  # its option has a variable, as any other
    assert json.loads(lrtui("check")[1])["works"] is False


def test_a_locale_that_is_not_there_and_a_terminal_that_is_too_small(
    told: type[Told], lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")
    assert states(lrtui)[1]["terminal", "characters"] == "note"
    call = [sys.executable, "-c", "from lrtui.tui.cli.check_terminal import _size; print(_size())"]
    with Terminal(call, columns=39, rows=12) as shown:
        shown.end()
    assert "State.NOTE" in "".join(shown.screen.display)


def test_looking_imports_nothing_that_may_be_broken() -> None:
    heavy = {"torch", "numpy", "scipy", "sklearn", "polars", "textual", "libcst", "plotext"}
    assert not modules_after("import lrtui.tui.cli.check") & heavy
