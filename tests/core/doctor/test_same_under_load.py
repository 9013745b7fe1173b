"""The same answer every time: what trials may cost is counted in work, so load beside changes nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from os import cpu_count

from lrtui.core.config import Config, changed
from lrtui.core.doctor.diagnosis import Diagnosis
from lrtui.core.doctor.doctor import diagnose
from tests.core.doctor.cases import dataset

CASES = (
    ("wine-1", {"scaling": "none", "epochs": 20}),
    ("moons:n=60", {"lr": 1e-5, "epochs": 20}),
    ("two-gaussians:n=120", {"lr": 300.0, "epochs": 20}),
    ("uncentred:n=120", {"init_bias": 40.0, "epochs": 20, "loss": "bce"}),
    ("separable:n=80", {"weight_decay": 8.0, "epochs": 20}),
)


def letters() -> list[Diagnosis]:
    """One of each case, without what it took."""
    return [
        replace(diagnose(dataset(name), changed(Config(), **values), work=0.1), seconds=0.0)
        for name, values in CASES
    ]


@contextmanager
def load() -> Iterator[None]:
    """As many processes as there are cores that do nothing but compute."""
    command = [sys.executable, "-c", "print(flush=True)\nwhile True: pass"]
    busy = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(cpu_count() or 1)]
    try:
        for process in busy:
            assert process.stdout is not None
            process.stdout.readline()  # it runs
        yield
    finally:
        for process in busy:
            process.kill()
            process.communicate()


def test_diagnoses_are_the_same_with_and_without_load_beside() -> None:
    alone = letters()
    with load():
        beside = letters()
    assert len({letter.cause for letter in alone}) >= 4
    assert beside == alone
