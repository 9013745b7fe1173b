"""The main job, end to end: the installed command in a real terminal, a real engine, a real store."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import time
from pathlib import Path

from tests.e2e.conftest import Open, ask

LONG = "10000000"


def engine_pid(home: Path) -> int:
    with sqlite3.connect(home / "lrtui.db") as connection:
        rows = connection.execute("SELECT pid FROM engines ORDER BY started DESC").fetchall()
    connection.close()
    return int(rows[0][0])


def until(home: Path, run: int, *statuses: str) -> dict[str, object]:
    """Ask for a run until it has one of these statuses."""
    deadline = time.monotonic() + 60
    while True:
        found: dict[str, object] = ask(home, "show", str(run))
        if found["status"] in statuses:
            return found
        assert time.monotonic() < deadline, found


def test_pick_a_dataset_train_it_and_see_the_result_at_every_size(lrtui: Open, home: Path) -> None:
    screen = lrtui()
    screen.see("Hyperparameters")
    screen.press("1", "enter")
    screen.see("Choose a dataset")
    screen.press("breast", "enter")
    screen.gone("Choose a dataset")
    screen.see(r"breast-cancer\s+569×30, base rate 63 %")
    screen.press("space")
    screen.see(r"✓ finished")
    screen.see(r"epoch 200/200")
    screen.see(r"AUC 0\.9|AUC 1")
    for columns, rows in ((120, 40), (160, 50)):
        screen.resize(columns, rows)
        screen.see("2 Hyperparameters")
        screen.see("epoch 200/200")
    screen.resize(40, 12)
    screen.press("3")
    screen.see("3 Loss")
    screen.press("q")
    assert screen.end() == 0
    (run,) = ask(home, "runs")
    assert run["dataset"] == "breast-cancer"
    assert run["test_accuracy"] > 0.9


def test_keys_that_come_in_one_burst_go_where_they_should(lrtui: Open) -> None:
    screen = lrtui("moons")
    screen.see("Hyperparameters")
    screen.process.send("1\r")
    screen.see("Choose a dataset")
    screen.process.send("wine\r\r\r")
    screen.gone("Choose a dataset")
    screen.process.send("2j\r")
    screen.see("Esc leave")
    screen.process.send("77\r 36")
    screen.see("‹ 77 ›")
    screen.see(r"epoch 77/77")
    screen.see("6 Runs")


def test_a_sweep_finds_a_learning_rate_and_the_run_that_goes_on_takes_it(lrtui: Open, home: Path) -> None:
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
    screen.press("x")
    screen.see("■ stopped")
    changes = ask(home, "show", "last")["changes"]
    assert [(c["field"], c["old"], c["new"]) for c in changes] == [("lr", 0.001, 0.01)]


def test_pause_step_and_resume(lrtui: Open) -> None:
    screen = lrtui("example-scaling", "--epochs", LONG)
    screen.see("untrained")
    screen.press("s")
    screen.see("‖ paused")
    screen.see(r"epoch 1/")
    screen.press("s")
    screen.see(r"epoch 2/")
    screen.press("space")
    screen.see("▶ training")
    screen.press("space")
    screen.see("‖ paused")
    screen.press("r")
    screen.see("untrained")
    screen.see(r"epoch 0/")


def test_a_killed_dashboard_does_not_kill_its_run_and_the_next_one_steers_it(
    lrtui: Open, home: Path
) -> None:
    screen = lrtui("breast-cancer", "--epochs", LONG, "--start")
    screen.see(r"epoch [1-9][\d,]*/10,000,000")
    screen.process.kill(signal.SIGKILL)
    again = lrtui()
    again.see("▶ training")
    again.press("space")
    again.see("‖ paused")
    again.press("x")
    again.see("■ stopped")
    assert until(home, 1, "stopped")


def test_a_killed_engine_is_noticed_and_its_run_resumed_to_the_same_weights(
    lrtui: Open, home: Path
) -> None:
    # Cheap epochs, and so small a step that each of them can be told from the one before.
    options = ("example-small-data", "--batch-size", "0", "--lr", "1e-5", "--epochs", "500000")
    screen = lrtui(*options, "--start")
    screen.see(r"epoch [\d,]{5,7}/500,000")
    os.kill(engine_pid(home), signal.SIGKILL)
    screen.see("The engine died")
    screen.see("interrupted")
    screen.press("space")
    screen.see("✓ finished")
    screen.press("q")
    assert screen.end() == 0
    resumed = ask(home, "show", "1")
    whole = ask(home, "train", *options, "--quiet")
    assert resumed["weights"] == whole["weights"]
    assert resumed["bias"] == whole["bias"]
    assert resumed["epochs"] == whole["epochs"]


def test_a_changed_learning_rate_is_marked_and_quitting_asks_when_a_run_goes_on(
    lrtui: Open, home: Path
) -> None:
    screen = lrtui("breast-cancer", "--epochs", LONG, "--start")
    screen.see(r"epoch [1-9][\d,]*/10,000,000")
    screen.press("left")
    screen.see("‹ 0.02 ›")
    screen.see(r"0\.05→0\.02")
    screen.press("q")
    screen.see("let it run on")
    screen.press("escape")
    screen.gone("let it run on")
    screen.press("q")
    screen.see("let it run on")
    screen.press("s")
    assert screen.end() == 0
    run = until(home, 1, "stopped")
    assert isinstance(run["config"], dict)
    assert run["config"]["lr"] == 0.02
    assert isinstance(run["changes"], list)
    (change,) = run["changes"]
    assert (change["field"], change["old"], change["new"]) == ("lr", 0.05, 0.02)


def test_a_run_of_the_command_line_shows_up_live(lrtui: Open, home: Path) -> None:
    training = lrtui("train", "moons", "--epochs", LONG)
    training.see("moons|epoch")
    screen = lrtui()
    screen.see("▶ training")
    screen.see(r"epoch [1-9][\d,]*/10,000,000")
    screen.press("x")
    screen.see("■ stopped")
    training.end()
    assert until(home, 1, "stopped")


def test_no_color_means_no_colour_and_a_locale_without_utf8_gets_plain_ascii_in_the_palette_too(
    lrtui: Open,
) -> None:
    screen = lrtui("example-scaling", "--start", NO_COLOR="1", LANG="C")
    screen.see("finished")
    screen.press("?")
    screen.see("Everywhere")
    screen.press("escape")
    screen.gone("Help")
    screen.choose("log or linear")
    screen.see("Loss.*log")
    assert bytes(screen.raw).isascii()
    codes = re.findall(rb"\x1b\[([0-9;]*)m", bytes(screen.raw))
    assert codes, "bold and reverse are still used"
    used = {int(part) for code in codes for part in code.split(b";") if part}
    # 39 and 49 are the terminal's own default; 1 to 9 bold, dim, reverse and the like.
    assert used <= {*range(10), 22, 23, 24, 27, 29, 39, 49}, used


def test_two_dashboards_see_and_steer_each_others_runs(lrtui: Open, home: Path) -> None:
    one = lrtui("moons", "--epochs", LONG, "--start")
    one.see("▶ training")
    two = lrtui()
    two.see("▶ training")
    two.press("space")
    two.see("‖ paused")
    one.see("‖ paused")
    two.press("r")
    two.see("Run 1 goes on")
    two.press("1", "right", "space")
    two.see(r"circles.*run 2")
    one.press("6")
    one.see("circles")
    one.press("2", "space")
    one.see("▶ training")
    assert until(home, 1, "running")
    assert until(home, 2, "running", "finished")
