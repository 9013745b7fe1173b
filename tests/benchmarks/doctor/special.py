"""Tables of the kinds on which a diagnoser is easily wrong: each has a truth that is known."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from lrtui.datasets.columns import Column
from lrtui.datasets.dataset import Dataset
from tests.benchmarks.doctor.generated import Floats, linear, table
from tests.benchmarks.doctor.records import Material

Random = np.random.Generator
LONG = {"lr": 0.5, "epochs": 1_000}


def heart_like(name: str, seed: int, *, n: int, strength: float) -> Dataset:
    """A table as hospitals have them: 13 columns, some of them measured, some counted, some yes or no."""
    random = np.random.default_rng(300 + seed)
    measured = random.normal(size=(n, 5)) * (9, 17, 50, 23, 1) + (54, 131, 246, 149, 1)
    counted = random.integers(0, 4, size=(n, 4)).astype(np.float64)
    flags = (random.random((n, 4)) < (0.7, 0.15, 0.3, 0.5)).astype(np.float64)
    X = np.column_stack([measured, counted, flags])
    score = (X - X.mean(0)) / X.std(0) @ random.normal(size=13)
    p1 = 1 / (1 + np.exp(-strength * score / score.std()))
    return table(name, X, random.random(n) < p1)


def categories(name: str, seed: int, *, n: int, levels: tuple[int, ...], strength: float) -> Dataset:
    """Nothing but categories, each level with an effect of its own on the log-odds."""
    random = np.random.default_rng(seed)
    codes = np.column_stack([random.integers(0, many, n) for many in levels]).astype(np.float64)
    score = sum(
        random.normal(size=many)[codes[:, j].astype(int)] for j, many in enumerate(levels)
    ) - np.zeros(n)
    score = strength * (score - score.mean()) / score.std()
    plain = table(name, codes, random.random(n) < 1 / (1 + np.exp(-score)))
    columns = tuple(
        Column(f"x{j + 1}", "category", tuple(f"level {code}" for code in range(many)))
        for j, many in enumerate(levels)
    )
    return replace(plain, columns=columns)


def truth_table(name: str, seed: int, *, bits: int, ones: str, n: int, flip: float) -> Dataset:
    """The rows of a truth table over and over; ``ones`` says for each row, in order, what is true."""
    random = np.random.default_rng(seed)
    rows = np.array(list(product((0.0, 1.0), repeat=bits)))
    which = np.arange(n) % len(rows)
    y = np.array([int(bit) for bit in ones])[which] ^ (random.random(n) < flip)
    return table(name, rows[which], y)


def pair(name: str, seed: int, *, n: int, apart: float) -> Dataset:
    """Two columns that are nearly equal, and the label hangs on their difference."""
    random = np.random.default_rng(seed)
    a, d = random.normal(size=(2, n))
    others = random.normal(size=(n, 2))
    p1 = 1 / (1 + np.exp(-(2.5 * d + 0.7 * others[:, 0])))
    return table(name, np.column_stack([a, a + apart * d, others]), random.random(n) < p1)


def faint(
    name: str, seed: int, *, n: int, intercept: float, slopes: tuple[float, ...], extra: int
) -> Dataset:
    """A signal so weak that answers are hardly better than the base rate, and yet it is there."""
    random = np.random.default_rng(700 + seed)
    X = random.normal(size=(n, len(slopes) + extra))
    score = intercept + X[:, : len(slopes)] @ np.array(slopes)
    return table(name, X, random.random(n) < 1 / (1 + np.exp(-score)))


def interaction(
    name: str, seed: int, *, n: int, of: int, columns: int, binary: bool, flip: float
) -> Dataset:
    """The sign of a product of some columns among many (of zeros and ones: their parity)."""
    random = np.random.default_rng(seed)
    signs = random.normal(size=(n, columns))
    X: Floats = np.where(signs > 0, 1.0, 0.0) if binary else signs
    y = (np.prod(np.sign(signs[:, :of]), axis=1) > 0) ^ (random.random(n) < flip)
    return table(name, X, y)


def blobs(name: str, seed: int, *, classes: int, n: int, p: int, apart: float) -> Dataset:
    """A cloud for every class, whose centres lie so far apart on the average."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(classes, p))
    centres *= apart / np.linalg.norm(centres - centres.mean(0), axis=1).mean()
    y = np.arange(n) % classes
    found = table(name, centres[y] + random.normal(size=(n, p)), y)
    return replace(found, class_names=tuple(map(str, range(classes))))


def bundled(name: str, seed: int, *, which: str, kinds: tuple[int, ...], rows: int | None) -> Dataset:
    """Some classes (all where none is named) of a table of scikit-learn; so many rows, drawn."""
    from sklearn import datasets

    X, y = getattr(datasets, f"load_{which}")(return_X_y=True)
    if kinds:
        kept = np.isin(y, kinds)
        X, y = X[kept], np.searchsorted(sorted(kinds), y[kept])
    if rows is not None:
        chosen = np.random.default_rng(seed).permutation(len(y))[:rows]
        X, y = X[chosen], y[chosen]
    return replace(table(name, X, y), class_names=tuple(map(str, range(int(y.max()) + 1))))


def _of(name: str, make: Any, base: dict[str, Any] | None = None, **parameters: Any) -> Material:
    return Material(name, partial(make, name, **parameters), base or {})


HEART = tuple(
    _of(f"heart-{n}-{strength:g}", heart_like, n=n, strength=strength)
    for n, strength in ((300, 2.5), (400, 3.0), (600, 3.0), (900, 4.0), (303, 4.0), (1200, 2.5))
)
REAL = tuple(
    _of(f"{which}-{one}-{other}", bundled, which=which, kinds=(one, other), rows=None)
    for which, one, other in (
        ("iris", 1, 2), ("wine", 0, 1), ("wine", 1, 2), ("digits", 1, 7), ("digits", 3, 5),
        ("digits", 8, 9), ("digits", 2, 7), ("digits", 0, 6),
    )
)  # fmt: skip
CATEGORIES = tuple(
    _of(f"categories-{'-'.join(map(str, levels))}", categories, n=n, levels=levels, strength=strength)
    for n, levels, strength in (
        (400, (3, 4), 2.0), (600, (5, 3, 4), 2.5), (800, (2, 2, 2), 2.0), (1000, (8, 6, 4, 3), 2.5),
        (500, (6,), 2.0), (1500, (12, 5), 2.0),
    )
)  # fmt: skip
TRUTH = tuple(
    _of(f"table-{word}", truth_table, bits=bits, ones=ones, n=n, flip=flip)
    for word, bits, ones, n, flip in (
        ("and", 2, "0001", 400, 0), ("or", 2, "0111", 400, 0), ("and-noisy", 2, "0001", 600, 0.1),
        ("or-noisy", 2, "0111", 600, 0.1), ("nand", 2, "1110", 200, 0),
        ("majority", 3, "00010111", 400, 0),
        ("and-3", 3, "00000001", 800, 0), ("majority-noisy", 3, "00010111", 800, 0.1),
    )
)  # fmt: skip
MULTI = (
    _of("digits-all", bundled, which="digits", kinds=(), rows=700),
    _of("iris-all", bundled, {"lr": 0.5, "epochs": 500}, which="iris", kinds=(), rows=None),
    _of("wine-all", bundled, which="wine", kinds=(), rows=None),
    _of("blobs-4", blobs, classes=4, n=800, p=5, apart=2.5),
    _of("blobs-3", blobs, classes=3, n=900, p=2, apart=1.5),
    _of("blobs-6", blobs, classes=6, n=1200, p=8, apart=3.0),
)
WIDE = (
    _of("wide-2", blobs, classes=2, n=100, p=400, apart=5.0),
    _of("wide-3", blobs, classes=3, n=90, p=300, apart=6.0),
    _of("wide-4", blobs, classes=4, n=80, p=500, apart=8.0),
    _of("wide-digits", bundled, which="digits", kinds=(), rows=120),
    _of("wide-digits-4-9", bundled, which="digits", kinds=(4, 9), rows=60),
    _of("wide-2-far", blobs, classes=2, n=60, p=800, apart=8.0),
)
FAINT = tuple(
    _of(f"faint-{n}-{intercept:g}-{extra}", faint, n=n, intercept=intercept, slopes=slopes, extra=extra)
    for n, intercept, slopes, extra in (
        (1000, 0.9, (0.25, 0.1), 0), (2000, 0.9, (0.25, 0.1), 0), (1500, 0.0, (0.3, 0.1), 2),
        (3000, 0.0, (0.2, 0.15, 0.1), 3), (4000, 1.5, (0.25, 0.1), 0), (2000, 0.4, (0.3,), 4),
    )
)  # fmt: skip
OVERFIT = (
    *(Material(f"overfit-{n}-{p}", partial(linear, f"overfit-{n}-{p}", n=n, p=p, strength=strength), LONG)
    for n, p, strength in ((200, 40, 2.0), (250, 50, 2.5), (300, 80, 3.0), (150, 30, 2.0), (400, 100, 2.5),
                           (240, 60, 2.0))),
    _of("overfit-cancer", bundled, LONG, which="breast_cancer", kinds=(), rows=150),
    _of("overfit-heart", heart_like, LONG, n=80, strength=2.5),
)  # fmt: skip
PAIRED = tuple(
    _of(f"pair-{apart:g}", pair, n=n, apart=apart)
    for n, apart in ((800, 0.1), (600, 0.03), (1000, 0.05), (800, 0.01), (1500, 0.02), (700, 0.003))
)
MANY = (
    _of("product-of-30", interaction, n=2000, of=2, columns=30, binary=False, flip=0.03),
    _of("parity-of-6", interaction, n=1000, of=3, columns=6, binary=True, flip=0),
    _of("product-of-15", interaction, n=1500, of=2, columns=15, binary=False, flip=0.05),
    _of("parity-of-5", interaction, n=800, of=3, columns=5, binary=True, flip=0.05),
    _of("table-xor", truth_table, bits=2, ones="0110", n=400, flip=0),
    _of("table-xnor", truth_table, bits=2, ones="1001", n=600, flip=0.05),
)
GROUPS = (HEART, REAL, CATEGORIES, TRUTH, MULTI, WIDE, FAINT, OVERFIT, PAIRED, MANY)
