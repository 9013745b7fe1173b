"""The same answer every time: what trials may cost is counted in work, so load beside changes nothing."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.doctor.diagnosis import Diagnosis
from lrtui.core.doctor.doctor import diagnose
from tests.core.doctor.cases import dataset

SLOWER = 50  # times; a process that waits for the cores sees the clock run so
CASES = (
    ("wine-1", {"scaling": "none", "epochs": 20}),
    ("moons:n=60", {"lr": 1e-5, "epochs": 20}),
    ("two-gaussians:n=120", {"lr": 300.0, "epochs": 20}),
)


def letters() -> list[Diagnosis]:
    """One of each case, without what it took."""
    return [
        replace(diagnose(dataset(name), changed(Config(), **values), work=0.1), seconds=0.0)
        for name, values in CASES
    ]


def test_diagnoses_are_the_same_however_long_everything_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = letters()
    clock = time.perf_counter
    monkeypatch.setattr(time, "perf_counter", lambda: SLOWER * clock())  # as with so little of a core
    beside = letters()
    assert len({letter.cause for letter in alone}) == 3
    assert beside == alone
