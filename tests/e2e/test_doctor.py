"""The doctor, end to end: a sick run in a real terminal, its verdict, and the fix on one key."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.e2e.conftest import Ask, Open


def test_f_heals_a_sick_run(lrtui: Open, ask: Ask) -> None:
    screen = lrtui("breast-cancer", "--scaling", "none", "--lr", "0.01")
    screen.see("H Hyperparameters")
    screen.press("space")
    screen.see("✓ finished")
    screen.see(r"Unscaled features\. d why  f fix it")
    screen.press("d")
    screen.see("Unscaled features: proved")
    screen.see("fix: scaling none → standard")
    screen.press("d")
    screen.gone("Unscaled features: proved")
    screen.press("f")
    screen.see(r"run 2.*✓ finished")
    screen.see("Fixed: scaling none → standard")
    screen.see(r"scaling\s+standard")
    screen.see(r"before ⠂")
    screen.see(r"before: .* after: ")
    screen.press("right")
    screen.see("The doctor finds nothing wrong")
    screen.press("u", "u")
    screen.see(r"\*scaling\s+none")
    screen.press("q")
    assert screen.end() == 0
    healed, sick = ask("runs")
    assert healed["test_accuracy"] > 0.95
    assert (ask("show", "1")["config"]["scaling"], sick["run_id"]) == ("none", 1)


def test_an_old_run_is_looked_at_when_somebody_asks_and_in_plain_ascii_where_it_must_be(
    lrtui: Open, home: Path, ask: Ask
) -> None:
    ask("train", "breast-cancer", "--scaling", "none", "--lr", "0.01", "--quiet")
    screen = lrtui("--ascii", columns=160, rows=50)
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
    assert bytes(screen.raw).isascii()
