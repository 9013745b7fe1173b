"""Commands print through one door, and nothing that could harm a terminal passes it."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

import lrtui.tui.cli.printing as door
from lrtui.tui.cli.printing import echo, echo_json
from lrtui.tui.render.glyphs import terminal_glyphs

# The door, what it writes through, and help and version: ASCII of our own, for which it is not imported.
BUILDERS = {"printing.py", "streams.py", "front.py"}
CALLERS = {"printing.py", "progress.py"}  # who may write through that: also the bar, on a line of its own


@pytest.mark.parametrize(
    "path", sorted(Path(door.__file__).parent.glob("*.py")), ids=lambda path: path.name
)
def test_no_command_writes_to_the_terminal_by_itself(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and path.name not in BUILDERS:
            assert ast.unparse(node.func) not in (
                "print",
                "click.echo",
                "click.secho",
                "sys.stdout.write",
                "sys.stderr.write",
            )
        if isinstance(node, ast.ImportFrom) and node.module == "lrtui.tui.cli.streams":
            assert path.name in CALLERS or "tell" not in [name.name for name in node.names]


def test_lines_are_harmless_whoever_made_them(capsys: pytest.CaptureFixture[str]) -> None:
    echo("a\x1b[31mb\u202e\ncafe\u0301\x7f 漢 ━╌▁⣿…")
    assert capsys.readouterr().out == "a\\x1b[31mb\\u202e\ncafé\\x7f 漢 ━╌▁⣿…\n"


def test_json_is_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    found = {"\x7f\x9b\x1b漢\udcff": ["\u202e\n"]}
    echo_json(found)
    out = capsys.readouterr().out
    assert out.rstrip("\n").isascii()
    assert out.rstrip("\n").isprintable()
    assert json.loads(out) == found


def test_a_terminal_without_utf8_is_sent_ascii(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", "C")
    echo("loss 0.1 → 0.01 漢")
    assert capsys.readouterr().out == "loss 0.1 > 0.01 \\u6f22\n"
    assert terminal_glyphs().safe("漢字", 9) == "\\u6f22..."
