"""Garbage is left alone while a process imports, and looked for again once it works."""

from __future__ import annotations

import subprocess
import sys

import pytest


def ends_with(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split("\n")[-2]


def test_what_was_imported_is_never_looked_at_and_what_comes_after_is() -> None:
    code = (
        "import gc\nfrom lrtui.core.garbage import collect_again, collect_later\n"
        "collect_later()\noff = gc.isenabled()\ncollect_again()\n"
        "print(off, gc.isenabled(), gc.get_freeze_count() > 0)"
    )
    assert ends_with(code) == "False True True"


def test_where_collecting_goes_on_nothing_is_frozen() -> None:
    code = (
        "import gc\nfrom lrtui.core.garbage import collect_again\n"
        "collect_again()\nprint(gc.get_freeze_count())"
    )
    assert ends_with(code) == "0"


@pytest.mark.parametrize(
    "arguments", [["train", "moons:n=50", "--epochs", "2"], ["inspect", "t.csv"], ["sweep", "moons:n=50"]]
)
def test_a_command_that_works_long_collects_again(arguments: list[str], tmp_path: str) -> None:
    code = (
        f"import gc, os, sys\nos.chdir({str(tmp_path)!r})\n"
        "open('t.csv', 'w').write('a,y\\n' + ''.join(f'{i % 7},{i % 2}\\n' for i in range(30)))\n"
        "from lrtui.tui.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    print()\n    print(gc.isenabled())"
    )
    assert ends_with(code) == "True"
