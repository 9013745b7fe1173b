"""Short names for what the doctor's tests need."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from lrtui.core.config import Config, changed
from lrtui.core.doctor.diagnosis import Diagnosis
from lrtui.core.doctor.doctor import diagnose
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source


def dataset(name: str, **fields: Any) -> Dataset:
    """A dataset of the catalogue, some fields of it replaced."""
    return replace(load(Source.parse(name)), **fields)


def examine(data: str | Dataset, **values: Any) -> Diagnosis:
    """Train and diagnose."""
    found = dataset(data) if isinstance(data, str) else data
    return diagnose(found, changed(Config(), **values))


def causes(found: Diagnosis) -> list[str]:
    """The ids of the findings, in their order."""
    return [finding.cause for finding in found.findings]


def shifted(name: str, factors: Any = 1.0, offset: Any = 0.0) -> Dataset:
    """A dataset, its standardized columns multiplied and moved."""
    found = dataset(name)
    X = (found.X - found.X.mean(axis=0)) / np.maximum(found.X.std(axis=0), 1e-12)
    return replace(found, X=np.ascontiguousarray(X * factors + offset))
