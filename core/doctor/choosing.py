"""Choosing among changes by training rows kept aside: nobody looks at the test part for that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, isfinite

from lrtui.core.config import Config, changed
from lrtui.core.doctor.diagnosis import Values
from lrtui.core.doctor.reference import CHOOSING, WEAK, Standardized
from lrtui.core.doctor.trials import TrialRunner
from lrtui.datasets.errors import DatasetError

ASIDE = 0.25  # of the training rows
CLEARLY = 0.01  # nats by which a later candidate must be better

Losses = Callable[[TrialRunner, list[Config]], list[float]]


def best_of(lab: TrialRunner, config: Config, candidates: Sequence[Values]) -> Values | None:
    """The change with which the run loses least on rows kept aside; ``None`` where none can be trained."""
    return _lowest(lab, config, candidates, _trained)


def fitted_best(lab: TrialRunner, config: Config, candidates: Sequence[Values]) -> Values | None:
    """The same of models fitted to their end (``fit_weights``), which takes far less than a training."""
    return _lowest(lab, config, candidates, _fitted)


def _lowest(
    lab: TrialRunner, config: Config, candidates: Sequence[Values], losses_of: Losses
) -> Values | None:
    """The candidate of the lowest loss; a later one only where it is clearly better."""
    assert lab.dataset is not None, "a runner for one problem tries nothing"
    inner = TrialRunner(lab.dataset.take(lab.problem(config).train_rows), lab.left, lab.go_on)
    losses: dict[int, float] = {}
    for kind in dict.fromkeys(values.get("features") for values in candidates):
        lab.check()
        group = [i for i, values in enumerate(candidates) if values.get("features") == kind]
        configs = [changed(config, **candidates[i], test_size=ASIDE) for i in group]
        try:  # those of the same features can be trained, or none of them
            losses |= zip(group, losses_of(inner, configs), strict=True)
        except DatasetError:
            continue  # too many features, or too few rows
    best, lowest = None, inf
    for i in sorted(losses):
        if isfinite(losses[i]) and losses[i] < lowest - CLEARLY:
            best, lowest = candidates[i], losses[i]
    return best


def _trained(lab: TrialRunner, configs: list[Config]) -> list[float]:
    return [trial.measured.test_loss for trial in lab.run(configs, lab.left / 2)]


def _fitted(lab: TrialRunner, configs: list[Config]) -> list[float]:
    """Of configs that differ in weight decay; each fit begins where that of a stronger one ended."""
    aside = lab.analysis(configs[0])
    space = Standardized.of(aside.train.X[:, :-1])
    ridges = [max(config.weight_decay, WEAK) for config in configs]
    losses, fitted = dict[float, float](), None
    for ridge in sorted(set(ridges), reverse=True):
        fitted = space.fit(aside.train, ridge, fitted, close=CHOOSING)
        losses[ridge] = aside.test.loss(space.unscaled(fitted))
    return [losses[ridge] for ridge in ridges]
