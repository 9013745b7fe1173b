"""Rows as scripts make or load them: the lines that give X and y, and those that split and scale them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.scripts.recipe import Recipe


@dataclass(frozen=True)
class Data:
    """Statements that give X (n, p) and y (n,), and what they need.

    Attributes:
        width: p. classes: values of y. torch: whether X and y are tensors, not arrays.
    """

    imports: tuple[str, ...]
    lines: tuple[str, ...]
    width: int
    classes: int = 2
    torch: bool = False


NUMPY = ("import numpy as np",)
RANDOM = "rng = np.random.default_rng({seed})"


def _loaded(name: str, width: int, classes: int = 2, *more: str) -> Data:
    lines = (RANDOM, f"X, y = load_{name}(return_X_y=True)", *more)
    return Data((*NUMPY, f"from sklearn.datasets import load_{name}"), lines, width, classes)


def _made(call: str, width: int = 2) -> Data:
    name = call.partition("(")[0]
    return Data((*NUMPY, f"from sklearn.datasets import {name}"), (RANDOM, f"X, y = {call}"), width)


DATA = {
    "clouds": Data(
        NUMPY,
        (
            RANDOM,
            "X = np.vstack([rng.normal(-1.0, 1.5, (300, 4)), rng.normal(1.0, 1.5, (300, 4))])",
            "y = np.repeat([0, 1], 300)",
        ),
        4,
    ),
    "gap": Data(
        NUMPY,
        (
            RANDOM,
            "X = np.vstack([rng.normal(-3.0, 0.6, (200, 2)), rng.normal(3.0, 0.6, (200, 2))])",
            "y = np.array([0] * 200 + [1] * 200)",
        ),
        2,
    ),
    "clouds-torch": Data(
        (),
        (
            "X = torch.cat([1.2 * torch.randn(250, 3) - 1, 1.2 * torch.randn(250, 3) + 1])",
            "y = torch.cat([torch.zeros(250), torch.ones(250)])",
        ),
        3,
        torch=True,
    ),
    "linear": Data(
        NUMPY,
        (
            RANDOM,
            "X = rng.normal(size=(800, 10))",
            "true_w = rng.normal(size=10)",
            "p = 1 / (1 + np.exp(-4 * X @ true_w / np.linalg.norm(true_w)))",
            "y = (rng.random(800) < p).astype(int)",
        ),
        10,
    ),
    "cancer": _loaded("breast_cancer", 30),
    "rare": Data(
        NUMPY,
        (
            RANDOM,
            "X = rng.normal(size=(2000, 5))",
            "y = (X[:, 0] - X[:, 1] + 0.8 * rng.normal(size=2000) > 2.8).astype(int)",
        ),
        5,
    ),
    "noisy": Data(
        NUMPY,
        (
            RANDOM,
            "X = rng.normal(size=(240, 20))",
            "y = (X[:, 0] + X[:, 1] + X[:, 2] + rng.normal(size=240) > 0).astype(int)",
        ),
        20,
    ),
    "flags": Data(
        NUMPY,
        (
            RANDOM,
            "X = (rng.random((2000, 4)) < 0.2).astype(float)",
            "p = 1 / (1 + np.exp(-(0.35 + X @ np.array([3.0, -4.0, 2.0, -3.0]))))",
            "y = (rng.random(2000) < p).astype(int)",
        ),
        4,
    ),
    "noise": Data(
        NUMPY, (RANDOM, "X = rng.normal(size=(1000, 6))", "y = rng.integers(0, 2, size=1000)"), 6
    ),
    "coins-torch": Data(
        (), ("X = torch.rand(1200, 4)", "y = torch.randint(0, 2, (1200,)).float()"), 4, torch=True
    ),
    "moons": _made("make_moons(n_samples=600, noise=0.15, random_state={seed})"),
    "circles": _made("make_circles(n_samples=600, factor=0.4, noise=0.08, random_state={seed})"),
    "xor": Data(
        NUMPY,
        (RANDOM, "X = rng.uniform(-1, 1, (600, 2))", "y = (X[:, 0] * X[:, 1] > 0).astype(int)"),
        2,
    ),
    "iris": _loaded("iris", 4, 3),
    "wine": _loaded("wine", 13, 3),
    "digits": _loaded("digits", 64, 10),
    "clouds3": Data(
        NUMPY,
        (
            RANDOM,
            "centers = np.array([[0, 2.5], [2.5, -1.5], [-2.5, -1.5]])",
            "y = np.repeat([0, 1, 2], 200)",
            "X = centers[y] + rng.normal(size=(600, 2))",
        ),
        2,
        3,
    ),
}


def imports_of(recipe: Recipe) -> tuple[str, ...]:
    """What the lines about the data need."""
    more = ("from sklearn.preprocessing import StandardScaler",) if recipe.scaling == "scaler" else ()
    wants_numpy = any("np." in line for line in (*recipe.data_lines, *recipe.split_lines))
    return tuple(dict.fromkeys((*DATA[recipe.data].imports, *(NUMPY if wants_numpy else ()), *more)))


def data_lines(recipe: Recipe) -> list[str]:
    """From X and y to four tensors."""
    data = DATA[recipe.data]
    lines = [line.replace("{seed}", str(recipe.seed)) for line in data.lines]
    return [
        *lines, *recipe.data_lines, *_split(recipe, data), *recipe.split_lines,
        *_scaled(recipe, data), *_tensors(recipe, data),
    ]  # fmt: skip


def _split(recipe: Recipe, data: Data) -> list[str]:
    if recipe.split == "every-third":
        return [
            f"test = {'torch' if data.torch else 'np'}.arange(len(X)) % 3 == 0",
            "X_train, y_train, X_test, y_test = X[~test], y[~test], X[test], y[test]",
        ]
    order = "torch.randperm(len(X))" if data.torch else "rng.permutation(len(X))"
    if recipe.style == 1:
        return [
            f"idx = {order}",
            "n_train = int(0.7 * len(X))",
            "X_train, y_train = X[idx[:n_train]], y[idx[:n_train]]",
            "X_test, y_test = X[idx[n_train:]], y[idx[n_train:]]",
        ]
    return [
        f"order = {order}",
        "train, test = order[len(X) // 4:], order[:len(X) // 4]",
        "X_train, y_train, X_test, y_test = X[train], y[train], X[test], y[test]",
    ]


def _scaled(recipe: Recipe, data: Data) -> list[str]:
    if recipe.scaling == "scaler" and not data.torch:
        return [
            "scaler = StandardScaler()",
            "X_train = scaler.fit_transform(X_train)",
            "X_test = scaler.transform(X_test)",
        ]
    small = " + 1e-8" if recipe.data == "digits" else ""
    lines = [
        "mean, std = X_train.mean(0), X_train.std(0)" + small,
        "X_train = (X_train - mean) / std",
        "X_test = (X_test - mean) / std",
    ]
    safe = [lines[0] + " + 1e-8", *lines[1:]]
    return {"none": [], "train-only": lines[:2], "safe": safe}.get(recipe.scaling, lines)


def _tensors(recipe: Recipe, data: Data) -> list[str]:
    shape = ""
    if recipe.target == "column":
        shape = (".unsqueeze(1)", ".view(-1, 1)", ".reshape(-1, 1)")[recipe.style % 3]
    kind = "torch.long" if recipe.target == "long" else "torch.float32"
    if data.torch:
        cast = ".long()" if recipe.target == "long" else ""
        return [f"y_{part} = y_{part}{cast}{shape}" for part in ("train", "test")] if cast + shape else []
    return [
        "X_train = torch.tensor(X_train, dtype=torch.float32)",
        f"y_train = torch.tensor(y_train, dtype={kind}){shape}",
        "X_test = torch.tensor(X_test, dtype=torch.float32)",
        f"y_test = torch.tensor(y_test, dtype={kind}){shape}",
    ]
