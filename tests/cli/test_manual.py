"""The man page names all commands and options, and is roff that man takes without a warning."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from lrtui.tui.cli.front import COMMANDS
from lrtui.tui.cli.group import lrtui as group
from lrtui.tui.cli.known_options import OTHER_VARIABLES
from lrtui.tui.version import __version__
from scripts.manual import manual
from scripts.shared import COMPLETIONS, MANUAL, make
from tests.cli.commands import Lrtui

PAGE = manual(group)
PLAIN = re.sub(r"\\f[BR]|\\&", "", PAGE).replace(r"\-", "-").replace(r"\(aq", "'")


def test_it_names_every_command_and_every_option_with_what_it_does() -> None:
    assert f'"lrtui {__version__}"' in PAGE
    for command in group.every_command():
        name = "" if command.name == "dashboard" else f" {command.name}"
        assert re.search(rf"^\.SS lrtui{name} ", PLAIN, re.MULTILINE), command.name
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert all(re.search(rf"(?<![\w-]){word}(?![\w-])", PLAIN) for word in option.opts), (
                    option.opts
                )
                assert option.help
                assert option.help.replace("`", "") in PLAIN
    assert ".SS lrtui cache clear " in PLAIN
    assert all(name in PLAIN for name in (*COMMANDS, *OTHER_VARIABLES))


def test_no_text_is_taken_for_a_request_of_roff() -> None:
    requests = {line.split()[0] for line in PAGE.splitlines() if line.startswith((".", "'"))}
    assert requests <= {".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".br", ".nf", ".fi"}
    assert PAGE.isascii()


def test_man_and_mandoc_have_nothing_to_say_against_it(tmp_path: Path) -> None:
    page = tmp_path / MANUAL
    page.write_text(PAGE)
    linters = {
        "man": ["man", "--warnings", "-E", "UTF-8", "-l", str(page)],
        "mandoc": ["mandoc", "-T", "lint", "-W", "error", str(page)],
    }
    there = [call for name, call in linters.items() if shutil.which(name)]
    if not there:
        pytest.skip("neither man nor mandoc is here")
    for call in there:
        done = subprocess.run(
            call, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "MANPAGER": "cat"}
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_the_completions_are_those_that_the_command_prints(tmp_path: Path, lrtui: Lrtui) -> None:
    make(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {MANUAL, *COMPLETIONS.values()}
    for shell, name in COMPLETIONS.items():
        assert lrtui("completion", shell)[1] == (tmp_path / name).read_text()
    assert (tmp_path / COMPLETIONS["zsh"]).read_text().startswith("#compdef lrtui\n")
