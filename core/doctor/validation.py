"""Choosing between changes without a look at the test part: on training rows kept aside."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isfinite

from lrtui.core.config import Config, changed
from lrtui.core.doctor.diagnosis import Values
from lrtui.core.doctor.trials import Laboratory
from lrtui.datasets.errors import DatasetError

ASIDE = 0.25  # of the training rows
CLEARLY = 0.01  # nats by which a later candidate must be better


def best_of(lab: Laboratory, config: Config, candidates: Sequence[Values]) -> Values | None:
    """The change with the lowest log-loss on rows kept aside; a later one only where clearly better.

    ``None`` where none can be trained.
    """
    assert lab.dataset is not None, "a laboratory for one problem tries nothing"
    rows = lab.problem(config).train_rows
    part = lab.dataset.take(rows)
    inner = lab.beside(part)
    best, lowest = None, inf
    losses: dict[int, float] = {}
    for group in _alike(candidates):
        try:
            configs = [changed(config, **candidates[i], test_size=ASIDE) for i in group]
            trials = inner.run(configs, lab.left / 2)
        except DatasetError:
            continue  # too many features, or too few rows
        losses |= {i: trial.measured.test_loss for i, trial in zip(group, trials, strict=True)}
    for i in sorted(losses):
        if isfinite(losses[i]) and losses[i] < lowest - CLEARLY:
            best, lowest = candidates[i], losses[i]
    return best


def _alike(candidates: Sequence[Values]) -> list[list[int]]:
    """Candidates by the features that they ask for: these are trained together, or fail together."""
    groups: dict[object, list[int]] = {}
    for number, values in enumerate(candidates):
        groups.setdefault(values.get("features"), []).append(number)
    return list(groups.values())
