"""AutoTrainer (Zhang, Zhai, Ma and Shen, ICSE 2021): five training problems, looked for every third epoch.

| problem | rule and threshold | stands for |
| --- | --- | --- |
| exploding | a number not finite, or validation loss over 1e5 | lr-too-high, unscaled, uncentred |
| dying | accuracy under 0.7 or without a gain of 0.01, 70 % of the gradient zero | saturated, bad-init |
| vanishing | the same accuracy, and gradient norm under 1e-4 | saturated, bad-init |
| slow convergence | no epoch gains 0.01 of accuracy | lr-too-low, lr-too-high, too-few-epochs |
| oscillating | accuracy swings by 0.03 in 20 % of epochs | lr-too-high, batch-too-small, not-shuffled |

Judged from 30 % of the epochs on. Its ratio of the first layer's gradient to the last one's is 1 with one
layer, so that its exploding gradients (over 70) cannot show and vanishing ones are told by the norm alone.
The causes are those that its repairs touch: gradient clipping and normalization; initialization; learning
rate and optimizer; learning rate, batch size and momentum.
"""

from __future__ import annotations

import numpy as np

from tests.benchmarks.doctor.rivals.history import Epoch, History, Symptoms

EVERY = 3
JUDGED_FROM = 0.3  # of the epochs
SATISFIED = 0.7  # accuracy
GAIN = 0.01
SWING, SWINGS = 0.03, 0.2
ZERO = 0.7
SMALL = 1e-4
EXPLODED = 1e5

EXPLODING = ("lr-too-high", "unscaled", "uncentred")
DEAD = ("saturated", "bad-init")
SLOW = ("lr-too-low", "lr-too-high", "too-few-epochs")
UNSTABLE = ("lr-too-high", "batch-too-small", "not-shuffled")


def autotrainer(history: History) -> Symptoms:
    """The first problem that it would find, as it then stops to repair it."""
    total = len(history.epochs)
    for count in range(min(EVERY, total), total + 1, EVERY):
        seen = history.epochs[:count]
        if exploded(seen[-1]):
            return (EXPLODING,)
        if count >= JUDGED_FROM * history.config.epochs:
            problem = _judged(seen)
            if problem:
                return (problem,)
    return ()


def exploded(epoch: Epoch) -> bool:
    """Whether a number of the epoch is not finite, or its validation loss is beyond 1e5."""
    numbers = np.concatenate([epoch.weights, epoch.gradient, [epoch.train_loss, epoch.test_loss]])
    return not np.isfinite(numbers).all() or epoch.test_loss >= EXPLODED


def _judged(seen: tuple[Epoch, ...]) -> tuple[str, ...]:
    train = np.array([epoch.train_accuracy for epoch in seen])
    test = np.array([epoch.test_accuracy for epoch in seen])
    slow = bool(_largest_gain(train) < GAIN and _largest_gain(test) < GAIN)
    if min(train.max(), test.max()) < SATISFIED or slow:
        last = seen[-1].gradient
        if (last == 0).mean() >= ZERO or np.linalg.norm(last) < SMALL:
            return DEAD
        return SLOW if slow else ()
    return UNSTABLE if swings(train) else ()


def _largest_gain(accuracy: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float(np.diff(accuracy).max(initial=0.0))


def swings(accuracy: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> bool:
    """Whether local maxima and minima lie apart often enough, in pairs as they come."""
    before, middle, after = accuracy[:-2], accuracy[1:-1], accuracy[2:]
    tops = middle[(middle >= before) & (middle >= after)]
    bottoms = middle[(middle <= before) & (middle <= after)]
    pairs = min(len(tops), len(bottoms))
    return bool((tops[:pairs] - bottoms[:pairs] >= SWING).sum() >= SWINGS * len(accuracy))
