"""The doctor on a run of another day, in a real terminal that knows neither colours nor more than ASCII.

That a run which was just trained is healed on one key is seen in tests/e2e/test_main_job.py.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.e2e.conftest import Ask, Open


def test_an_old_run_is_looked_at_when_somebody_asks_without_colour_and_in_plain_ascii(
    lrtui: Open, home: Path, ask: Ask
) -> None:
    ask("train", "breast-cancer", "--scaling", "none", "--lr", "0.01", "--quiet")
    screen = lrtui(columns=160, rows=50, NO_COLOR="1", LANG="C")
    screen.see("O Doctor - nothing yet")
    screen.see(r"has not looked at run 1\.")
    screen.press("d")
    screen.see("O Doctor - sick")
    screen.see("Unscaled features: proved")
    screen.see("Healed by scaling none")
    with closing(sqlite3.connect(home / "lrtui.db")) as connection:
        assert connection.execute("SELECT run_id, status FROM diagnoses").fetchall() == [(1, "done")]
    screen.press("f")
    screen.see("before ,")
    screen.press("?")
    screen.see("Everywhere")
    screen.press("escape")
    screen.gone("Everywhere")
    screen.choose("log or linear")  # of the palette too
    screen.see("Loss.*log")
    assert bytes(screen.raw).isascii()
    codes = re.findall(rb"\x1b\[([0-9;]*)m", bytes(screen.raw))
    assert codes, "bold and reverse are still used"
    used = {int(part) for code in codes for part in code.split(b";") if part}
    # 39 and 49 are the terminal's own default; 1 to 9 bold, dim, reverse and the like.
    assert used <= {*range(10), 22, 23, 24, 27, 29, 39, 49}, used
