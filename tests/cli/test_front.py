"""Help and version without click: as click would print them, at hardly more than Python's own cost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from lrtui.tui.cli import front
from lrtui.tui.cli.group import CONTEXT, Group
from lrtui.tui.cli.group import lrtui as group
from lrtui.tui.version import __version__
from tests.cli.commands import Lrtui

EPILOG = "\b\n" + front.EXAMPLES


class Clicks(Group):
    """The same group, its help set by click."""

    format_help = click.Group.format_help

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, does) for name, (_, does) in front.COMMANDS.items()])


def test_the_help_is_the_one_that_click_would_print_in_every_width() -> None:
    clicks = Clicks("lrtui", params=group.params, help=group.help, epilog=EPILOG)
    for width in range(front.NARROWEST, front.WIDEST + 1):
        context = click.Context(clicks, info_name="lrtui", terminal_width=width, **CONTEXT)
        assert front.help_text(width) == clicks.get_help(context)


@pytest.mark.parametrize("columns", ["30", "80", "1000", "x", ""])
@pytest.mark.parametrize("flag", ["-h", "--help", "--version"])
def test_it_is_the_same_whether_click_is_asked_or_not(
    lrtui: Lrtui,
    flag: str,
    columns: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert front.answers_at_once([flag])
    at_once = capsys.readouterr().out
    assert lrtui(flag) == (0, at_once, "")
    assert at_once.isascii()  # whatever the locale


def test_anything_else_is_for_click(monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in ([], ["train"], ["train", "-h"], ["-h", "train"], ["moons"]):
        assert not front.answers_at_once(arguments)
    monkeypatch.setenv(front.COMPLETING, "bash_complete")
    assert not front.answers_at_once(["-h"])


def test_it_imports_next_to_nothing_and_tells_where_it_cannot_be_written() -> None:
    code = (
        "import sys; before = {*sys.modules}; sys.argv = ['lrtui', sys.argv[1]]\n"
        "from lrtui.tui.cli import program\n"
        "program(); print(*sorted({*sys.modules} - before), file=sys.stderr)"
    )
    ours = {"lrtui", "lrtui.tui", "lrtui.tui.cli", "lrtui.tui.cli.front", "lrtui.tui.version"}
    for flag in ("--version", "-h"):
        done = subprocess.run(
            [sys.executable, "-c", code, flag], capture_output=True, text=True, check=True
        )
        assert done.stdout.startswith((f"lrtui {__version__}\n", "Usage: lrtui "))
        assert set(done.stderr.split()) <= {*ours, "__future__"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is full")
def test_help_for_a_full_disk_is_refused_and_for_nobody_is_fine() -> None:
    call = [sys.executable, "-m", "lrtui.tui", "-h"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(call, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, "could not be written" in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *call],
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    assert (done.returncode, done.stderr) == (0, "")
