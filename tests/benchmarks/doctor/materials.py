"""The datasets of the benchmark: real ones, slices of them, and made ones that each seed makes anew."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lrtui.datasets.dataset import Dataset
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from tests.benchmarks.doctor.generated import curved, linear, table
from tests.benchmarks.doctor.records import Half, Material, names
from tests.benchmarks.doctor.special import GROUPS


def _catalogue(name: str, seed: int) -> Dataset:
    return load(Source(name))


def _made(name: str, parameters: str, seed: int) -> Dataset:
    return load(Source(f"{name}:{parameters},seed={seed + 1}" if parameters else f"{name}:seed={seed + 1}"))


def _slice(first: int, seed: int) -> Dataset:
    whole = load(Source("breast-cancer"))
    cut = slice(first, first + 10)
    return replace(whole, X=np.ascontiguousarray(whole.X[:, cut]), feature_names=whole.feature_names[cut])


def _wine(kind: int, seed: int) -> Dataset:
    from sklearn.datasets import load_wine

    X, y = load_wine(return_X_y=True)
    return table(f"wine-{kind}", X, y == kind)


def _virginica(seed: int) -> Dataset:
    from sklearn.datasets import load_iris

    X, y = load_iris(return_X_y=True)
    return table("iris-virginica", X, y == 2)


def _digits(one: int, other: int | None, seed: int) -> Dataset:
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    rows = np.ones(len(y), bool) if other is None else (y == one) | (y == other)
    return table(f"digits-{one}-{other}", X[rows], y[rows] == one)


def _linear(name: str, base: dict[str, Any] | None = None, **parameters: Any) -> Material:
    return Material(name, partial(linear, name, **parameters), base or {})


def _gaussians(n: int, noise: float) -> Material:
    return Material(f"gaussians-{n}-{noise:g}", partial(_made, "two-gaussians", f"n={n},noise={noise}"))


LONGER: dict[str, Any] = {"lr": 0.2, "epochs": 300}
AT_BASE_RATE: dict[str, Any] = {"threshold": "base-rate"}  # where 0.5 would miss the rarer class

LINEAR = (
    Material("breast-cancer", partial(_catalogue, "breast-cancer")),
    Material("cancer-mean", partial(_slice, 0)),
    Material("wine-1", partial(_catalogue, "wine-1")),
    Material("wine-0", partial(_wine, 0)),
    Material("diabetes-median", partial(_catalogue, "diabetes-median")),
    Material("cancer-worst", partial(_slice, 20)),
    Material("digits-3-8", partial(_catalogue, "digits-3-8")),
    Material("digits-4-9", partial(_digits, 4, 9)),
    Material("cancer-error", partial(_slice, 10)),
    Material("wine-2", partial(_wine, 2)),
    Material("digits-5-rest", partial(_digits, 5, None)),
    Material("iris-virginica", _virginica, LONGER),
    _gaussians(200, 0.7),
    _gaussians(500, 0.8),
    _gaussians(1000, 1.0),
    _gaussians(600, 1.0),
    _gaussians(2000, 1.3),
    _gaussians(400, 1.2),
    _linear("linear-3", n=400, p=3, strength=3.0),
    _linear("linear-6", n=600, p=6, strength=3.0),
    _linear("linear-10", n=800, p=10, strength=3.0),
    _linear("linear-20", n=1000, p=20, strength=3.0),
    _linear("linear-40", n=1200, p=40, strength=4.0),
    _linear("linear-30", n=900, p=30, strength=3.0),
    _linear("skewed-5", AT_BASE_RATE, n=800, p=5, strength=4.0, rate=0.25),
    _linear("skewed-8", AT_BASE_RATE, n=700, p=8, strength=4.0, rate=0.3),
    _linear("tilted-6", LONGER, n=600, p=6, strength=4.0, correlation=0.95),
    _linear("tilted-12", LONGER, n=900, p=12, strength=4.0, correlation=0.9),
    _linear("counts-6", n=700, p=6, strength=3.0, kind="counts"),
    _linear("lognormal-5", n=700, p=5, strength=3.0, kind="lognormal"),
    _linear("binary-10", n=800, p=10, strength=3.0, kind="binary"),
    Material("uncentred", partial(_made, "uncentred", "")),
)

SEPARABLE = (
    Material("gap-300", partial(_made, "separable", "n=300")),
    Material("gap-600-2", partial(_made, "separable", "n=600,noise=2")),
    Material("gap-150-0.5", partial(_made, "separable", "n=150,noise=0.5")),
    Material("gap-1000-1.5", partial(_made, "separable", "n=1000,noise=1.5")),
)

# Where settings do more harm: signal in what sets like columns apart, overlap, and a rarer class.
HARD = (
    _linear("tilted-4", LONGER, n=500, p=4, strength=4.0, correlation=0.97),
    _linear("tilted-8", LONGER, n=700, p=8, strength=5.0, correlation=0.93),
    _linear("tilted-10", LONGER, n=800, p=10, strength=4.0, correlation=0.95),
    _linear("tilted-16", LONGER, n=1000, p=16, strength=4.0, correlation=0.9),
    _linear("tilted-5", LONGER, n=600, p=5, strength=3.0, correlation=0.95),
    _linear("tilted-24", LONGER, n=1200, p=24, strength=4.0, correlation=0.9),
    _linear("weak-4", n=1500, p=4, strength=1.3),
    _linear("weak-8", n=2000, p=8, strength=1.5),
    _gaussians(1500, 1.6),
    _linear("weak-12", n=2000, p=12, strength=1.4),
    _linear("rarer-4", AT_BASE_RATE, n=1000, p=4, strength=4.0, rate=0.2),
    _linear("rarer-6", AT_BASE_RATE, n=1000, p=6, strength=5.0, rate=0.2),
    _linear("rarer-10", AT_BASE_RATE, n=1200, p=10, strength=4.0, rate=0.22),
    _linear("rarer-counts-5", AT_BASE_RATE, n=1000, p=5, strength=4.0, rate=0.22, kind="counts"),
    _linear("rarer-tilted-6", LONGER | AT_BASE_RATE, n=1000, p=6, strength=5.0, rate=0.25, correlation=0.9),
    _linear("rarer-binary-8", AT_BASE_RATE, n=1000, p=8, strength=4.0, rate=0.22, kind="binary"),
)

LARGE = (
    _linear("large-4", n=6000, p=4, strength=2.5),
    _linear("large-8", n=6000, p=8, strength=2.5),
    Material("large-gaussians", partial(_made, "two-gaussians", "n=6000,noise=1.1")),
    Material("large-gaussians-1.4", partial(_made, "two-gaussians", "n=8000,noise=1.4")),
    _linear("large-binary-8", n=6000, p=8, strength=2.5, kind="binary"),
    _linear("large-lognormal-4", n=6000, p=4, strength=2.5, kind="lognormal"),
)

CURVED = (
    *(
        Material(f"circles-{noise:g}", partial(_made, "circles", f"n={n},noise={noise}"))
        for n, noise in ((500, 0.05), (400, 0.1), (300, 0.15))
    ),
    *(
        Material(f"xor-{noise:g}", partial(_made, "xor", f"n={n},noise={noise}"))
        for n, noise in ((500, 0.3), (400, 0.45), (800, 0.6))
    ),
    *(
        Material(f"moons-{noise:g}", partial(_made, "moons", f"n={n},noise={noise}"))
        for n, noise in ((500, 0.1), (600, 0.2))
    ),
    Material("iris-versicolor", partial(_catalogue, "iris-versicolor")),
    *(
        Material(f"{shape}-{extra}", partial(curved, f"{shape}-{extra}", shape=shape, n=n, extra=extra))
        for shape, n, extra in (
            ("ring", 500, 0), ("ring", 800, 3), ("product", 500, 0), ("product", 1000, 4),
            ("band", 400, 0), ("band", 600, 4), ("wave", 600, 0),
        )
    ),
)  # fmt: skip

RANDOM = tuple(
    Material(name, partial(_catalogue, name)) for name in ("example-scaling", "example-learning-rate")
)

ALL_GROUPS = (LINEAR, SEPARABLE, HARD, LARGE, CURVED, RANDOM, *GROUPS)
MATERIALS = {material.name: material for group in ALL_GROUPS for material in group}


_HALF: dict[str, Half] = {
    name: "tuning" if number % 2 == 0 else "apart"
    for group in ALL_GROUPS
    for number, name in enumerate(names(group))
}


def half_of(material: str, levels: tuple[int, ...]) -> Half:
    """Every second dataset of each group and every second severity is held apart from tuning.

    A case belongs to the tuning half where its dataset and all its severities do.
    """
    held_apart = _HALF[material] == "apart" or any(level % 2 for level in levels)
    return "apart" if held_apart else "tuning"
