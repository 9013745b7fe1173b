"""Small problems for the tests of training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from lrtui.core.config import Config
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source


def problem(name: str, scaling: str = "standard") -> Problem:
    """A dataset of the catalogue, made ready with the default split."""
    return prepare(load(Source(name)), scaling=scaling, test_size=0.2, split_seed=42)


def noisy(n: int = 60, p: int = 3, seed: int = 0) -> Problem:
    """Rows whose labels follow the features with noise: not separable, a little off balance."""
    random = np.random.default_rng(seed)
    X = random.normal(size=(n, p))
    y = (X @ np.arange(1, p + 1) + random.normal(0, 3, n) > 1).astype(np.int8)
    names = tuple(f"x{i}" for i in range(p))
    dataset = Dataset(Source("noisy"), X, y, names, ("0", "1"))
    return prepare(dataset, scaling="none", test_size=0.25, split_seed=1)


def blobs(n: int = 90, p: int = 3, k: int = 4, seed: int = 0) -> Dataset:
    """Rows of k classes that overlap, the later the rarer."""
    random = np.random.default_rng(seed)
    share = np.arange(k, 0, -1.0)
    y = np.concatenate([np.repeat(np.arange(k), 4), random.choice(k, n - 4 * k, p=share / share.sum())])
    X = random.normal(size=(n, p)) + 1.2 * random.normal(size=(k, p))[y]
    names, levels = tuple(f"x{i}" for i in range(p)), tuple(f"c{i}" for i in range(k))
    return Dataset(Source("blobs", multiclass=True), X, y.astype(np.int8), names, levels)


def classes(n: int = 90, p: int = 3, k: int = 4, seed: int = 0, *, weighted: bool = False) -> Problem:
    """The same, made ready; with weights of the rows where asked."""
    found = prepare(blobs(n, p, k, seed), scaling="none", test_size=0.25, split_seed=1)
    return weigh(found, seed) if weighted else found


def weigh(found: Problem, seed: int = 0) -> Problem:
    """A problem whose rows weigh differently, 1 in the mean of the training part."""
    random = np.random.default_rng(seed)
    train, test = (random.uniform(0.2, 3.0, len(y)) for y in (found.y_train, found.y_test))
    return replace(found, weights_train=train / train.mean(), weights_test=test)


def tolerances(config: Config) -> list[tuple[torch.dtype, float]]:
    """How near a run has to come to torch's own, in the types in which they can be compared.

    LBFGS divides by differences of gradients: what two ways of adding up rows round differently grows, and
    from batch to batch beyond all bounds in float32, differently on every processor.
    """
    if config.optimizer != "lbfgs":
        return [(torch.float32, 1e-5), (torch.float64, 1e-10)]
    exact = [(torch.float64, 1e-8)]
    return exact if config.batch_size else [(torch.float32, 1e-3), *exact]
