"""The datasets that are made: the three examples, and the generators with size, noise and seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Table = tuple[Floats, NDArray[np.int8]]
Parameters = Mapping[str, float]

ROWS = {"example-scaling": 100, "example-learning-rate": 100, "example-small-data": 20}


def example(name: str) -> Table:
    """One of the three examples: NumPy's legacy generator, seed 42, labels right after features.

    ``example-scaling`` draws five columns, and then a sixth that is 10,000 times as wide.
    """
    rows = ROWS[name]
    random = np.random.RandomState(42)
    X = random.rand(rows, 5)
    if name == "example-scaling":
        X = np.hstack([X, random.rand(rows, 1) * 10_000])
    return X, random.randint(0, 2, rows).astype(np.int8)


def _halves(n: int) -> NDArray[np.int8]:
    return (np.arange(n) % 2).astype(np.int8)


def two_gaussians(n: int, noise: float, random: np.random.Generator) -> Table:
    """Two clouds, their means 2 apart along the diagonal."""
    y = _halves(n)
    X = random.normal(0, noise, (n, 2)) + np.where(y == 1, 1, -1)[:, None] * np.sqrt(0.5)
    return X, y


def moons(n: int, noise: float, random: np.random.Generator) -> Table:
    """Two interleaved half circles, as scikit-learn's make_moons."""
    y = _halves(n)
    angle = random.uniform(0, np.pi, n)
    outer = np.column_stack([np.cos(angle), np.sin(angle)])
    X = np.where(y[:, None] == 0, outer, [1, 0.5] - outer)
    return X + random.normal(0, noise, X.shape), y


def circles(n: int, noise: float, random: np.random.Generator) -> Table:
    """The positive class on a circle half as wide."""
    y = _halves(n)
    angle = random.uniform(0, 2 * np.pi, n)
    radius = np.where(y == 1, 0.5, 1.0)
    X = np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
    return X + random.normal(0, noise, X.shape), y


def xor(n: int, noise: float, random: np.random.Generator) -> Table:
    """Four clouds on the corners of a square; opposite corners share a label."""
    corner = np.arange(n) % 4
    signs = np.array([[-1, -1], [-1, 1], [1, 1], [1, -1]])[corner]
    return signs + random.normal(0, noise, (n, 2)), (corner % 2).astype(np.int8)


def imbalanced(n: int, noise: float, random: np.random.Generator) -> Table:
    """2 % positives, whose mean lies 1 away in each of four columns."""
    y = np.zeros(n, dtype=np.int8)
    y[random.permutation(n)[: max(2, round(0.02 * n))]] = 1
    return random.normal(0, noise, (n, 4)) + 0.75 * y[:, None], y


def duplicates(n: int, noise: float, random: np.random.Generator) -> Table:
    """Four distinct rows, repeated; a share ``noise`` of the labels is flipped."""
    distinct = np.array([[0.0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 1, 1]])
    which = np.arange(n) % 4
    y = (which >= 2).astype(np.int8)
    flipped = random.permutation(n)[: round(noise * n / 2) * 2]
    y[flipped] ^= 1
    return distinct[which], y


def uncentred(n: int, noise: float, random: np.random.Generator) -> Table:
    """Clouds 1.5 apart around means of 50, so far from zero that the bias must undo the weights."""
    y = _halves(n)
    X = 50 + random.normal(0, noise, (n, 4))
    X[:, :2] += np.where(y == 1, 0.75, -0.75)[:, None]
    return X, y


def separable(n: int, noise: float, random: np.random.Generator) -> Table:
    """Two clouds with a gap of 1 between them."""
    y = _halves(n)
    sign = np.where(y == 1, 1.0, -1.0)
    along = sign * (0.5 + np.abs(random.normal(0, noise, n)))
    across = random.normal(0, noise, n)
    return np.column_stack([along + across, along - across]), y


def no_signal(n: int, noise: float, random: np.random.Generator) -> Table:
    """Normal features, and labels that were shuffled on their own."""
    return random.normal(0, noise, (n, 5)), random.permutation(_halves(n))


GENERATORS: Mapping[str, Callable[[int, float, np.random.Generator], Table]] = {
    "two-gaussians": two_gaussians,
    "moons": moons,
    "circles": circles,
    "xor": xor,
    "imbalanced": imbalanced,
    "duplicates": duplicates,
    "uncentred": uncentred,
    "separable": separable,
    "no-signal": no_signal,
}


def made(name: str, parameters: Parameters) -> Table:
    """A made dataset by name."""
    random = np.random.default_rng(int(parameters["seed"]))
    return GENERATORS[name](int(parameters["n"]), float(parameters["noise"]), random)
