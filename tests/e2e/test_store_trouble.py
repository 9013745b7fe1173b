"""A real engine in a real terminal: it is killed, stopped, it cannot write, and then its store is gone."""

from __future__ import annotations

import os
import resource
import signal
from pathlib import Path

import psutil

from tests.e2e.conftest import Ask, Open
from tests.e2e.terminal import PATIENCE
from tests.e2e.test_main_job import engine_pid


def test_an_engine_that_is_dead_or_cannot_answer_or_write_is_told_and_a_lost_store_costs_no_epoch(
    lrtui: Open, home: Path, ask: Ask
) -> None:
    # Cheap epochs, and so small a step that each of them can be told from the one before.
    options = ("example-small-data", "--batch-size", "0", "--lr", "1e-5", "--epochs", "200000")
    screen = lrtui(*options, "--start", columns=140)
    screen.see(r"epoch [1-9][\d,]+/200,000")
    os.kill(engine_pid(home), signal.SIGKILL)
    screen.see("The engine died")
    screen.see("interrupted")
    screen.press("space")
    screen.see("▶ training")
    engine = engine_pid(home)

    os.kill(engine, signal.SIGSTOP)
    screen.see(f"is stopped and does not answer; kill -CONT {engine} lets it go on")
    os.kill(engine, signal.SIGCONT)
    screen.gone("is stopped and does not answer")

    _, hard = resource.prlimit(engine, resource.RLIMIT_FSIZE)
    resource.prlimit(engine, resource.RLIMIT_FSIZE, ((home / "lrtui.db-wal").stat().st_size, hard))
    screen.see(r"come to the limit\s+that is set")
    resource.prlimit(engine, resource.RLIMIT_FSIZE, (hard, hard))
    screen.gone("come to the limit")

    (home / "lrtui.db").unlink()
    screen.see(r"was\s+removed\s+or\s+moved\s+away\s+while")
    rescue = screen.see(r"kept in\s+'(lrtui-rescue-run-1-[\d-]+\.db)'").group(1)
    screen.press("q", "enter")
    assert screen.end() == 0

    process = psutil.Process(engine)
    process.terminate()  # it trained on without a dashboard, and puts the run down now
    process.wait(PATIENCE)
    assert not (home / f"{rescue}-wal").exists()

    again = lrtui(columns=140)
    again.see(r"lrtui resume\s+\S*" + rescue)
    again.press("q")
    assert again.end() == 0
    resumed = ask("resume", str(home / rescue), "--quiet")
    whole = ask("train", *options, "--quiet")
    assert (resumed["status"], resumed["epochs"]) == (whole["status"], whole["epochs"])
    assert (whole["status"], whole["epochs"]) == ("finished", 200_000)
    assert resumed["weights"] == whole["weights"]
    assert resumed["bias"] == whole["bias"]
