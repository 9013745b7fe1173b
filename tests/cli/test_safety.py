"""Nothing from outside reaches a terminal raw: hostile tables and arguments through every command.

Every stream is taken apart by a strict reader. The commands run in this process, on a terminal of their
own; that the installed one is no other is seen in ``tests/e2e/test_safety.py``.
"""

from __future__ import annotations

import json
import os
import pty
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from lrtui.tui.cli.group import main
from tests.e2e.hostile import FILE_NAME, MARK, PIECES, generated, numbered, write_table
from tests.e2e.vt import Stream, assert_harmless

FILE = "hostile.csv"
TARGET = f"\x1b[{MARK}mtarget[/]\u202e\u200b🇩🇪e\u0301"
VALUES = (f"\x1b]0;{MARK}\x07yes[red]", "no\u202e\x9b2J漢字" + "\u0301" * 100)
NAMES = numbered(PIECES)

Run = Callable[..., tuple[int, bytes]]
Check = Callable[..., tuple[int, Stream]]


def taken_in(leader: int, raw: bytearray) -> None:
    """Read what comes on a terminal until nobody has it open any more."""
    with suppress(OSError):  # Linux says so at the end
        while data := os.read(leader, 65536):
            raw += data


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on a terminal: exit code and every byte it sent."""
    monkeypatch.chdir(tmp_path)

    def on_terminal(*arguments: str, columns: int = 100) -> tuple[int, bytes]:
        raw = bytearray()
        leader, follower = pty.openpty()
        termios.tcsetwinsize(follower, (50, columns))
        reader = Thread(target=taken_in, args=(leader, raw))
        reader.start()
        with monkeypatch.context() as patched:
            patched.setenv("COLUMNS", str(columns))  # as Python asks for the size of pytest's own stdout
            for name in ("stdin", "stdout", "stderr"):
                mode = "r" if name == "stdin" else "w"
                patched.setattr(sys, name, os.fdopen(os.dup(follower), mode, encoding="utf-8"))
            with pytest.raises(SystemExit) as ended:
                main(arguments)
            for stream in (sys.stdin, sys.stdout, sys.stderr):
                stream.close()
        os.close(follower)
        reader.join()
        os.close(leader)
        return int(ended.value.code or 0), bytes(raw)

    return on_terminal


@pytest.fixture
def commands(run: Run) -> Check:
    """Runs a command and checks what it sends; only a progress bar may clear its line."""

    def check(*arguments: str, columns: int = 100) -> tuple[int, Stream]:
        code, raw = run(*arguments, columns=columns)
        assert raw
        return code, assert_harmless(raw, {"CSI K"})

    return check


def test_hundreds_of_made_up_names_and_values_pass_through_the_command_line(
    commands: Check, tmp_path: Path
) -> None:
    found = numbered(generated(240))
    write_table(tmp_path / FILE, found[:120], TARGET, VALUES, found[120:])
    assert commands("train", FILE, "--target", TARGET, "--epochs", "3", "--positive", VALUES[0])[0] == 0
    code, shown = commands("show", "last", columns=140)
    assert code == 0
    assert "\\x1b[" in shown.text
    assert commands("inspect", FILE)[0] == 0
    code, told = commands("train", FILE, "--target", f"nosuch{found[7]}")
    assert code == 2
    assert "has no column" in told.text


def test_every_command_shows_hostile_words_safely_and_writes_json_in_ascii(
    commands: Check, run: Run, tmp_path: Path
) -> None:
    write_table(tmp_path / FILE_NAME, NAMES[:30], TARGET, VALUES, NAMES[30:70])
    of_file = (FILE_NAME, "--target", TARGET)
    assert commands("train", *of_file, "--epochs", "3", "--scaling", "none")[0] == 0
    for arguments in (
        ("runs",),
        ("show", "1"),
        ("diagnose", "--run", "1"),
        ("sweep", *of_file, "--epochs", "3", "--lr", "0.1,0.2"),
        ("inspect", FILE_NAME, "--target", "none such\x1b["),
        ("train", *of_file, "--weights", NAMES[29]),
        ("train", *of_file, "--positive", f"\x1b[{MARK}m"),
    ):
        code, _ = commands(*arguments)
        assert code in (0, 1, 2), arguments
    train = ("train", *of_file, "--epochs", "3", "--quiet")
    raws = [run(*words, "--json")[1] for words in (train, ("show", "1"), ("runs",), ("inspect", FILE_NAME))]
    assert all(byte in b"\r\n" or 32 <= byte < 127 for raw in raws for byte in raw)
    assert json.loads(raws[0])["dataset"] == json.loads(raws[1])["dataset"] == str(tmp_path / FILE_NAME)


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", f"\x1b]0;{MARK}\x07moons"),
        ("train", f"moons:\x1b[{MARK}m=3"),
        ("train", "moons", "--lr", f"\x1b[{MARK}m"),
        ("train", "moons", "--optimizer", "\u202egds"),
        ("train", "moons", f"--no-such-\x1b[{MARK}m"),
        ("train", "moons", "--config", f"\x1b[{MARK}m.toml"),
        ("show", f"\x9b{MARK}m"),
        ("resume", f"\x9b{MARK}m"),
        ("runs", "--limit", f"\x1b[{MARK}m"),
        ("sweep", "moons", "--lr", f"\x1b[{MARK}m,2"),
        (f"\x1b[{MARK}m/\x07nowhere.csv",),
        ("train", b"\xff\xfe\x1b[31337m.csv".decode("utf-8", "surrogateescape")),
    ],
    ids=repr,
)
def test_a_hostile_argument_is_refused_without_being_obeyed(
    commands: Check, arguments: tuple[str, ...]
) -> None:
    assert commands(*arguments)[0] == 2


def test_a_hostile_config_file_is_refused_without_being_obeyed(commands: Check, tmp_path: Path) -> None:
    for text in (
        f'"\\u001b[{MARK}m\\u202e" = 1\n',
        f'optimizer = "\\u001b[{MARK}m"\n',
        f"\x1b[{MARK}m = 1",
    ):
        (tmp_path / "c.toml").write_text(text)
        code, told = commands("train", "moons", "--config", "c.toml")
        assert code == 2
        assert "lrtui: " in told.text
