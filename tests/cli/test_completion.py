"""Completing in a shell: what is offered where, in a real bash, and that nothing heavy is loaded for it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from lrtui.core.config import Config
from lrtui.core.store import Store
from lrtui.datasets.source import Source
from lrtui.tui.cli.front import COMMANDS
from lrtui.tui.cli.group import lrtui as group
from tests.cli.commands import Lrtui, refused

HEAVY = {"torch", "numpy", "polars", "textual", "sklearn", "scipy"}


def offered(*words: str) -> dict[str, str]:
    """What is offered for the last of the words, with its help."""
    shell = ShellComplete(group, {}, "lrtui", "_LRTUI_COMPLETE")
    found = shell.get_completions(list(words[:-1]), words[-1])
    return {item.value: item.help or "" if item.type == "plain" else item.type for item in found}


def test_commands_options_values_datasets_runs_and_files(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "moonrise.csv").write_text("a,b\n1,2\n")
    (tmp_path / "moonrise.txt.bak").write_text("")
    first = offered("")
    assert {*COMMANDS, "moons", "moonrise.csv"} <= first.keys()
    assert first["train"] == "Train on a dataset, and keep the run."
    assert offered("mo").keys() == offered("train", "mo").keys() == {"moons", "moonrise.csv"}
    (tmp_path / "data").mkdir()
    (tmp_path / "data.csv").write_text("a,b\n1,2\n")
    (tmp_path / ".drafts").mkdir()
    assert offered("dat").keys() == {"datasets", "data/", "data.csv"}
    assert {"digits-3-8", "data/", "data.csv"} <= offered("train", "d").keys()
    assert ".drafts/" not in offered("")
    assert offered("train", "./x") == {"./x": "file"}
    assert offered("--the") == {"--theme": offered("--the")["--theme"]}
    assert offered("moons", "--optim").keys() == {"--optimizer"}
    assert {"sgd", "newton"} <= offered("train", "moons", "--optimizer", "").keys()
    assert offered("train", "moons", "--shuffle", "").keys() == {"yes", "no"}
    assert offered("train", "moons", "--config", "a") == {"a": "file"}
    assert offered("cause", "unsc").keys() == {"unscaled"}
    assert offered("completion", "").keys() == {"bash", "zsh", "fish"}
    number = store.runs.create(Source("xor"), Config(), origin="test", owner=None)
    assert offered("show", "") == {"last": "the newest run", str(number): "xor queued"}
    assert offered("resume", "") == offered("diagnose", "--run", "") == {str(number): "xor queued"}


def test_without_a_store_none_is_made_for_it(home: Path) -> None:
    assert offered("resume", "") == {}
    assert not home.exists()
    home.mkdir()
    os.mkfifo(home / "lrtui.db")  # which nobody writes into
    assert offered("resume", "") == {}


def test_completing_in_bash_loads_nothing_heavy(lrtui: Lrtui, tmp_path: Path) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    script = lrtui("completion", "bash")[1]
    loaded = tmp_path / "loaded"
    program = tmp_path / "lrtui"
    program.write_text(
        f"#!{sys.executable}\n"
        "import atexit, sys\n"
        f"atexit.register(lambda: open({str(loaded)!r}, 'w').write(' '.join(sys.modules)))\n"
        "from lrtui.tui.cli import main\n"
        "main()\n"
    )
    program.chmod(0o755)
    for name in ("m*.csv", "mine.csv", "m\\n.csv"):
        (tmp_path / name).write_text("a,b\n1,2\n")
    asked = f"cd {shlex.quote(str(tmp_path))}"
    for words, number in (("moons --optimizer ad", 4), ("moons --optimizer '=' ad", 5), ("'m'", 2)):
        asked += f"; COMP_WORDS=(lrtui train {words}); COMP_CWORD={number}; COMPREPLY=()"
        asked += '; _lrtui_completion lrtui; echo "${COMPREPLY[@]}"'
    done = subprocess.run(
        [bash, "--norc", "-c", f"{script}\n{asked}"],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["adam adamw", "adam adamw", "moons m*.csv m\\n.csv mine.csv"]
    assert not set(loaded.read_text().split()) & HEAVY


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell(lrtui: Lrtui, shell: str) -> None:
    code, out, err = lrtui("completion", shell)
    assert (code, err) == (0, "")
    assert f"_LRTUI_COMPLETE={shell}_complete" in out


def test_without_a_shell_the_known_ones_are_named_in_one_line(lrtui: Lrtui) -> None:
    assert "Choose from: bash, zsh, fish." in refused(lrtui("completion"))
