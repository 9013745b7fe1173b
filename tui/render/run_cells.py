"""A run as the cells of a table, for the command line and the list of all runs alike."""

from __future__ import annotations

from math import isnan

from lrtui.core.config import brief_value
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.store import Run
from lrtui.tui.render.diagnosis import WORDS
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.numbers import clock, minute, number


def run_cells(run: Run, verdict: Health | None, glyphs: Glyphs) -> dict[str, str]:
    """Cells by the titles of their columns; empty where nothing is known."""
    measured = run.measured or {}
    test = measured.get("test_loss")
    if run.watched and test is not None and isnan(test):  # of most scripts there is none to be known
        test = None
    return {
        "run": str(run.id),
        "name": glyphs.safe(run.labels.name),
        "dataset": glyphs.safe(run.source.label),
        "": glyphs.status(run.status),
        "status": str(run.status),
        "doctor": "" if verdict is None else WORDS[verdict],
        "epochs": f"{run.epoch:,}",
        "train": number(measured.get("train_loss")),
        "test": number(test),
        "acc": _score(measured.get("test_accuracy")),
        "balanced": _score(measured.get("test_balanced_accuracy")),
        "AUC": _score(measured.get("test_auc")),
        "lr": "" if run.watched else brief_value("lr", run.config.lr),
        "started": "" if run.started is None else minute(run.started),
        "time": clock(run.seconds),
    }


def _score(value: float | None) -> str:
    return number(value, 3)[:5]
