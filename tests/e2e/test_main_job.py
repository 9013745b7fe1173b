"""The main job, end to end: the installed command in a real terminal, a real engine, a real store."""

from __future__ import annotations

import signal
import sqlite3
import time
from pathlib import Path

from lrtui.core.store import Store
from tests.e2e.conftest import Ask, Open
from tests.e2e.terminal import PATIENCE

LONG = "10000000"


def engine_pid(home: Path) -> int:
    with sqlite3.connect(home / "lrtui.db") as connection:
        rows = connection.execute("SELECT pid FROM engines ORDER BY started DESC").fetchall()
    connection.close()
    return int(rows[0][0])


def until(run: int, *statuses: str) -> None:
    """Look at a run until it has one of these statuses."""
    deadline = time.monotonic() + PATIENCE
    with Store() as store:
        while (found := store.runs.get(run).status) not in statuses:
            assert time.monotonic() < deadline, found
            time.sleep(0.02)


def test_keys_in_one_burst_go_where_they_should_f_heals_a_sick_run_and_it_is_seen_at_every_size(
    lrtui: Open, ask: Ask
) -> None:
    screen = lrtui("moons", "--scaling", "none", "--lr", "0.01")
    screen.see("Hyperparameters")
    screen.process.send("D\r")
    screen.see("Choose a dataset")
    screen.process.send("breast\r\r\r")
    screen.gone("Choose a dataset")
    screen.see(r"breast-cancer\s+569×30, 63 % are 1")
    screen.process.send("Hj\r")
    screen.see("Esc leave")
    screen.process.send("77\r LR")
    screen.see("‹ 77 ›")
    screen.see(r"✓ finished")
    screen.see(r"epoch 77/77")
    screen.see("R Runs")

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
    screen.press("P")
    screen.see(r"before: .* after: ")
    screen.press("H", "right")
    screen.see("The doctor finds nothing wrong")
    screen.see(r"AUC 0\.9|AUC 1")
    for columns, rows in ((120, 40), (160, 50)):
        screen.resize(columns, rows)
        screen.see("H Hyperparameters")
        screen.see("epoch 77/77")
    screen.resize(80, 24)
    screen.press("u", "u")
    screen.see(r"\*scaling\s+none")
    screen.resize(40, 12)
    screen.press("L")
    screen.see("L Loss")
    screen.press("q")
    assert screen.end() == 0
    healed, sick = ask("runs")
    assert {run["dataset"] for run in (healed, sick)} == {"breast-cancer"}
    assert healed["test_accuracy"] > 0.94
    assert (healed["health"], sick["health"]) == ("healthy", "sick")
    assert (ask("show", "1")["config"]["scaling"], sick["run_id"]) == ("none", 1)


def test_a_sweep_finds_a_learning_rate_the_run_that_goes_on_takes_it_and_quitting_asks(
    lrtui: Open, ask: Ask
) -> None:
    screen = lrtui("example-learning-rate", "--batch-size", "0", "--epochs", "10000000", "--lr", "0.001")
    screen.see(r"stable below 5\.5")
    screen.press("space")
    screen.see(r"epoch [1-9][\d,]*/10,000,000")
    screen.press("w")
    screen.see(r"Sweep of learning rate ─ example-learning-rate")
    screen.see(r"28 values, .* of all epochs")  # of ten million epochs each: it is watched, and left
    screen.press("right", "right", "right")
    screen.see(r"learning rate 0\.01 ")
    screen.press("enter")
    screen.see(r"‹ 0\.01 ›")
    screen.see(r"0\.001→0\.01")
    screen.press("left")
    screen.see("‹ 0.005 ›")
    screen.see(r"0\.01→0\.005")
    screen.press("q")
    screen.see("let it run on")
    screen.press("escape")
    screen.gone("let it run on")
    screen.press("q")
    screen.see("let it run on")
    screen.press("s")
    assert screen.end() == 0
    until(1, "stopped")
    run = ask("show", "last")
    assert run["config"]["lr"] == 0.005
    changes = [(c["field"], c["old"], c["new"]) for c in run["changes"]]
    assert changes == [("lr", 0.001, 0.01), ("lr", 0.01, 0.005)]


def test_pause_step_start_anew_a_run_of_the_command_line_and_a_killed_dashboard_that_kills_no_run(
    lrtui: Open,
) -> None:
    training = lrtui("train", "moons", "--epochs", LONG)
    training.see("moons|epoch")
    one = lrtui()
    one.see("▶ training")
    one.see(r"epoch [1-9][\d,]*/10,000,000")
    one.press("x")
    one.see("■ stopped")
    training.end()
    until(1, "stopped")

    one.press("r")
    one.see("untrained")
    one.press("s")
    one.see("‖ paused")
    one.see(r"epoch 1/")
    one.press("s")
    one.see(r"epoch 2/")
    one.press("space")
    one.see("▶ training")
    two = lrtui()
    two.see("▶ training")
    two.press("space")
    two.see("‖ paused")
    one.see("‖ paused")
    two.press("r")
    two.see("Run 2 goes on")
    two.press("D", "right", "space")
    two.see(r"circles.*run 3")
    one.press("R")
    one.see("circles")
    one.press("H", "space")
    one.see("▶ training")
    until(2, "running")
    until(3, "running", "finished")
    one.process.kill(signal.SIGKILL)
    two.press("R")
    two.see(r"2 +▶.*moons|▶ +moons")
    until(2, "running")
