"""The datasets that are made: each by so many rows, a noise, and NumPy's generator."""

from __future__ import annotations

from typing import Any

from lrtui.datasets.catalogue.entry import JITTER, SPREAD, Data, Entry, made_with

# NumPy is imported where data are made: the dashboard shows the entries.


def _two_gaussians(n: int, noise: float, random: Any) -> Data:
    """Two clouds, their means 2 apart along the diagonal."""
    import numpy as np

    y = np.arange(n) % 2
    return Data(random.normal(0, noise, (n, 2)) + np.where(y == 1, 1, -1)[:, None] * np.sqrt(0.5), y)


def _moons(n: int, noise: float, random: Any) -> Data:
    """Two interleaved half circles, as scikit-learn's make_moons."""
    import numpy as np

    y = np.arange(n) % 2
    angle = random.uniform(0, np.pi, n)
    outer = np.column_stack([np.cos(angle), np.sin(angle)])
    X = np.where(y[:, None] == 0, outer, [1, 0.5] - outer)
    return Data(X + random.normal(0, noise, X.shape), y)


def _circles(n: int, noise: float, random: Any) -> Data:
    """Two circles around one another: the positive class on the one half as wide."""
    import numpy as np

    y = np.arange(n) % 2
    angle = random.uniform(0, 2 * np.pi, n)
    radius = np.where(y == 1, 0.5, 1.0)
    X = np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
    return Data(X + random.normal(0, noise, X.shape), y)


def _xor(n: int, noise: float, random: Any) -> Data:
    """Four clouds on the corners of a square; opposite corners share a label."""
    import numpy as np

    corner = np.arange(n) % 4
    signs = np.array([[-1, -1], [-1, 1], [1, 1], [1, -1]])[corner]
    return Data(signs + random.normal(0, noise, (n, 2)), corner % 2)


def _imbalanced(n: int, noise: float, random: Any) -> Data:
    """2 % positives, whose mean lies 1 away in each of four columns."""
    import numpy as np

    y = np.zeros(n, dtype=np.int8)
    y[random.permutation(n)[: max(2, round(0.02 * n))]] = 1
    return Data(random.normal(0, noise, (n, 4)) + 0.75 * y[:, None], y)


def _duplicates(n: int, noise: float, random: Any) -> Data:
    """Four distinct rows, repeated; a share of the labels, the noise, is flipped."""
    import numpy as np

    distinct = np.array([[0.0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 1, 1]])
    which = np.arange(n) % 4
    y = (which >= 2).astype(np.int8)
    y[random.permutation(n)[: round(noise * n / 2) * 2]] ^= 1
    return Data(distinct[which], y)


def _uncentred(n: int, noise: float, random: Any) -> Data:
    """Clouds 1.5 apart around means of 50, so far from zero that the bias must undo the weights."""
    import numpy as np

    y = np.arange(n) % 2
    X = 50 + random.normal(0, noise, (n, 4))
    X[:, :2] += np.where(y == 1, 0.75, -0.75)[:, None]
    return Data(X, y)


def _separable(n: int, noise: float, random: Any) -> Data:
    """Two clouds with a gap of 1 between them."""
    import numpy as np

    y = np.arange(n) % 2
    along = np.where(y == 1, 1.0, -1.0) * (0.5 + np.abs(random.normal(0, noise, n)))
    across = random.normal(0, noise, n)
    return Data(np.column_stack([along + across, along - across]), y)


def _no_signal(n: int, noise: float, random: Any) -> Data:
    """Normal features, and labels that were shuffled on their own."""
    import numpy as np

    return Data(random.normal(0, noise, (n, 5)), random.permutation(np.arange(n) % 2))


ENTRIES = (
    Entry(
        "two-gaussians", "made", "Two overlapping clouds: what logistic regression is made for.",
        1000, 2, 0.5, 20, _two_gaussians, made_with(1000, 1.0, SPREAD),
    ),
    Entry(
        "moons", "made", "Two interleaved half circles: a line gets most of it, not all.",
        500, 2, 0.5, 21, _moons, made_with(500, 0.2, JITTER),
    ),
    Entry(
        "circles", "made", "One class around the other: no line can do better than chance.",
        500, 2, 0.5, 22, _circles, made_with(500, 0.1, JITTER),
    ),
    Entry(
        "xor", "made", "Opposite corners share a label: each feature alone says nothing.",
        500, 2, 0.5, 23, _xor, made_with(500, 0.3, JITTER),
    ),
    Entry(
        "imbalanced", "made", "2 % positives that overlap: good ranking, one label at 0.5.",
        2000, 4, 0.02, 24, _imbalanced, made_with(2000, 1.0, SPREAD, low=100),
    ),
    Entry(
        "duplicates", "made", "Four distinct rows, repeated: there is nothing more to learn.",
        400, 3, 0.525, 25, _duplicates, made_with(400, 0.3, "share of flipped labels", noisiest=0.5),
    ),
    Entry(
        "uncentred", "made", "Means of 50 standard deviations: unscaled, one label; scaled, easy.",
        600, 4, 0.5, 26, _uncentred, made_with(600, 1.0, SPREAD),
    ),
    Entry(
        "separable", "made", "A gap between the classes: the weights grow without end.",
        300, 2, 0.5, 27, _separable, made_with(300, 1.0, "width of each cloud"),
    ),
    Entry(
        "no-signal", "made", "Labels that do not depend on the features: nothing can be learned.",
        500, 5, 0.5, 28, _no_signal, made_with(500, 1.0, "standard deviation of the features"),
    ),
)  # fmt: skip
