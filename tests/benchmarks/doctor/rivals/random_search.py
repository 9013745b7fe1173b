"""Random search over configs for as long as the doctor took: what chance and the same time would repair."""

from __future__ import annotations

import time
from typing import Any
from zlib import crc32

import numpy as np

from lrtui.core.config import changed
from lrtui.core.errors import ConfigError
from lrtui.core.training.problem import problem_of
from lrtui.datasets.errors import DatasetError
from tests.benchmarks.doctor import runs
from tests.benchmarks.doctor.records import Random, Setup
from tests.benchmarks.doctor.runs import Answers

HELD_OUT = 0.25  # of the training part, to choose by
LEAST_SECONDS = 0.05
EPOCHS = (50, 100, 200, 300)


def draw(random: Random) -> dict[str, Any]:
    """Settings as a person who knows the knobs, but not the fault, would draw them."""
    pick = random.choice
    return {
        "lr": float(10 ** random.uniform(-4, 1)),
        "epochs": int(pick(EPOCHS)),
        "batch_size": int(pick([0, 16, 32, 128])),
        "optimizer": str(pick(["sgd", "momentum", "adam"])),
        "scaling": str(pick(["none", "standard", "minmax", "robust"])),
        "features": str(pick(["linear", "linear", "poly2", "poly3", "rbf"])),
        "missing": str(pick(["median", "drop"])),
        "init": str(pick(["torch", "zeros"])),
        "init_bias": None,
        "loss": "bce-logits",
        "weight_decay": float(pick([0.0, 1e-4, 1e-3, 1e-2])),
        "class_weight": str(pick(["none", "balanced"])),
        "threshold": "base-rate" if random.random() < 0.5 else 0.5,
        "shuffle": True,
    }


def search(setup: Setup, seconds: float) -> Answers | None:
    """The answers of the config that did best on held-out training rows, trained on all of them."""
    random = np.random.default_rng(crc32(setup.config.model_dump_json().encode()))
    part = _training_part(setup)
    until = time.perf_counter() + max(seconds, LEAST_SECONDS)
    best: tuple[float, dict[str, Any]] | None = None
    while time.perf_counter() < until:
        values = draw(random)
        found = _tried(part, values)
        score = np.inf if found is None else found.level.loss + 1 - found.level.balanced_accuracy
        if best is None or score < best[0]:
            best = score, values
    return None if best is None else _tried(setup, best[1])


def _training_part(setup: Setup) -> Setup:
    """The training rows as a dataset of their own: the test part chooses nothing."""
    c = setup.config
    whole = problem_of(setup.dataset, changed(c, missing="median"))
    rows = whole.train_rows
    part = setup.on(X=setup.dataset.X[rows], y=setup.dataset.y[rows], plain_split=False)
    return part.having(test_size=HELD_OUT)


def _tried(setup: Setup, values: dict[str, Any]) -> Answers | None:
    try:
        return runs.run(Setup(setup.dataset, changed(setup.config, **values)))
    except (ConfigError, DatasetError, ValueError):
        return None
