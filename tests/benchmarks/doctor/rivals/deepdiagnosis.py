"""DeepDiagnosis (Wardat, Cruz, Le and Rajan, ICSE 2022): symptoms, and questions from each to an advice.

| symptom | rule and threshold |
| --- | --- |
| out of range | first epoch: a label outside the range of the sigmoid |
| numerical error | mean of logits, weights or gradient not finite or exactly 0 |
| saturated activation | every 5 epochs: over half of the logits beyond ±5 |
| unchanged tensor | mean logit, mean weight or mean gradient equal in 5 epochs |
| invalid loss | not finite |
| loss not decreasing | equal in 5 epochs |
| accuracy not increasing | equal in 20 epochs |
| vanishing gradient | mean magnitude under 1e-7 |

| advice, in the order asked | rule and threshold | stands for |
| --- | --- | --- |
| poor weights | their variance under 1e-5 or over 10 | bad-init |
| normalize the data | features below −1 or above 1 | unscaled, uncentred |
| learning rate | lr·‖gradient‖/‖weights‖ over 0.1 or under 1e-5 | lr-too-high or lr-too-low |
| activation, optimizer | otherwise | saturated |

Training stops at the first symptom. The tool takes means of a layer's weights where the paper speaks of the
weights; the variance here is that of all of them.
"""

from __future__ import annotations

import numpy as np

from tests.benchmarks.doctor.rivals.history import Epoch, History, Symptoms

WINDOW, LONG_WINDOW = 5, 20
SATURATED_AT, SATURATED_SHARE = 5.0, 0.5
VANISHED = 1e-7
LEAST_VARIANCE, MOST_VARIANCE = 1e-5, 10.0
USUAL_STEP = 1e-3  # of the weights' length; a hundred times more or less is wrong
FACTOR = 100.0
WEIGHTS_FIRST = ("weights", "data", "rate")
DATA_FIRST = ("data", "weights", "rate")


def deepdiagnosis(history: History) -> Symptoms:
    """The advice at the first symptom."""
    if history.y.min() < 0 or history.y.max() > 1:
        return (("target-coding",),)
    for number in range(1, len(history.epochs) + 1):
        order = _symptom(history.epochs[:number])
        if order is not None:
            return (_advice(history, history.epochs[number - 1], order),)
    return ()


def _symptom(seen: tuple[Epoch, ...]) -> tuple[str, ...] | None:
    """The questions that the first symptom of the newest epoch leads to; ``None`` where there is none."""
    last, number = seen[-1], len(seen)
    if not np.isfinite(last.logits.mean()) or last.logits.mean() == 0:
        return WEIGHTS_FIRST
    if number % WINDOW == 0:
        if (np.abs(last.logits) >= SATURATED_AT).mean() > SATURATED_SHARE:
            return DATA_FIRST
        if _equal([epoch.logits.mean() for epoch in seen[-WINDOW:]]):
            return ("weights", "rate")
    if not np.isfinite(last.train_loss):
        return ("rate",)
    if number % WINDOW == 0 and _equal([epoch.train_loss for epoch in seen[-WINDOW:]]):
        return WEIGHTS_FIRST
    if number % LONG_WINDOW == 0 and _equal([epoch.train_accuracy for epoch in seen[-LONG_WINDOW:]]):
        return WEIGHTS_FIRST
    return _of_the_weights(seen)


def _of_the_weights(seen: tuple[Epoch, ...]) -> tuple[str, ...] | None:
    last = seen[-1]
    for mean in (last.gradient.mean(), last.weights.mean()):
        if not np.isfinite(mean) or mean == 0:
            return WEIGHTS_FIRST
    if np.abs(last.gradient).mean() < VANISHED:
        return ("rate",)
    if len(seen) % WINDOW == 0:
        window = seen[-WINDOW:]
        if any(_equal([getattr(e, what).mean() for e in window]) for what in ("gradient", "weights")):
            return ("weights", "rate")
    return None


def _equal(values: list[float]) -> bool:
    return bool(np.mean(values) == np.max(values))


def _advice(history: History, epoch: Epoch, order: tuple[str, ...]) -> tuple[str, ...]:
    for question in order:
        if question == "weights" and len(epoch.weights) > 1:
            variance = float(np.var(epoch.weights, ddof=1))
            if not LEAST_VARIANCE <= variance <= MOST_VARIANCE:
                return ("bad-init",)
        if question == "data" and (history.X.min() < -1 or history.X.max() > 1):
            return ("unscaled", "uncentred")
        if question == "rate":
            with np.errstate(all="ignore"):
                length = np.linalg.norm(epoch.weights)
                step = history.config.lr * np.linalg.norm(epoch.gradient) / length
            if step > USUAL_STEP * FACTOR:
                return ("lr-too-high",)
            if step < USUAL_STEP / FACTOR:
                return ("lr-too-low",)
    return ("saturated",)
