"""Garbage is left alone while a process imports, and looked for again once it works."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


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


def test_every_command_that_works_long_collects_again(tmp_path: Path) -> None:
    commands = [["train", "moons:n=50", "--epochs", "2"], ["inspect", "t.csv"], ["sweep", "moons:n=50"]]
    code = (
        f"import gc, os\nos.chdir({str(tmp_path)!r})\n"
        "open('t.csv', 'w').write('a,y\\n' + ''.join(f'{i % 7},{i % 2}\\n' for i in range(30)))\n"
        "from lrtui.core.garbage import collect_later\nfrom lrtui.tui.cli import main\nagain = []\n"
        f"for arguments in {commands!r}:\n"
        "    collect_later()\n    assert not gc.isenabled()\n"
        "    try:\n        main(arguments)\n"
        "    except SystemExit:\n        again.append(gc.isenabled())\n"
        "print()\nprint(again)"
    )
    assert ends_with(code) == "[True, True, True]"
