"""UMLAUT (Schoop, Huang and Hartmann, CHI 2021): heuristics checked after every epoch.

| heuristic | threshold | stands for |
| --- | --- | --- |
| input data exceeds typical limits | below −1 or above 1 | unscaled, uncentred |
| loss is NaN | | lr-too-high, non-finite, unscaled |
| learning rate is high | over 0.01 | lr-too-high |
| learning rate is low | under 1e-7 | lr-too-low |
| possible overfitting | training loss fell and validation loss rose in an epoch | too-little-data |
| validation accuracy is very high | over 0.95, from the third epoch on | leakage |

Its checks of layers, activations and dropout have no counterpart in a linear model. In the order in which
the tool runs them; a heuristic that fires at any epoch has fired.
"""

from __future__ import annotations

from itertools import pairwise
from math import isnan

from tests.benchmarks.doctor.rivals.history import History, Symptoms

LIMIT = 1.0
HIGH, LOW = 0.01, 1e-7
TOO_GOOD, NOISY_EPOCHS = 0.95, 3


def umlaut(history: History) -> Symptoms:
    """The symptoms that it would show."""
    found: list[tuple[str, ...]] = []
    epochs = history.epochs
    if history.X.min() < -LIMIT or history.X.max() > LIMIT:
        found.append(("unscaled", "uncentred"))
    if any(isnan(epoch.train_loss) for epoch in epochs):
        found.append(("lr-too-high", "non-finite", "unscaled"))
    if history.config.lr > HIGH:
        found.append(("lr-too-high",))
    elif history.config.lr < LOW:
        found.append(("lr-too-low",))
    if any(b.test_loss > a.test_loss and b.train_loss <= a.train_loss for a, b in pairwise(epochs)):
        found.append(("too-little-data",))
    if any(epoch.test_accuracy > TOO_GOOD for epoch in epochs[NOISY_EPOCHS:]):
        found.append(("leakage",))
    return tuple(found)
