"""Short names for what the doctor's tests need."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Sequence
from dataclasses import fields, replace
from functools import cache
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from lrtui.core.config import Config, changed
from lrtui.core.doctor import doctor
from lrtui.core.doctor.diagnosis import Diagnosis
from lrtui.core.doctor.outcome import Outcome
from lrtui.core.doctor.problem_analysis import ProblemAnalysis
from lrtui.core.doctor.suggested import Suggestions
from lrtui.core.doctor.suggestions import Adviser
from lrtui.core.doctor.trials import TrialRunner
from lrtui.core.training.problem import problem_key
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source_validation import parse_source

loaded = cache(lambda name: load(parse_source(name)))
known: dict[tuple[bytes, str], Diagnosis] = {}
analyses: dict[tuple[object, ...], ProblemAnalysis] = {}
advisers: dict[tuple[int, str | None], tuple[Problem, Adviser]] = {}
WORK = 0.3  # for trials: less than by default, and enough where the budget is not what is asked for


def dataset(name: str, **fields: Any) -> Dataset:
    """A dataset of the catalogue, some fields of it replaced."""
    found: Dataset = loaded(name)
    return replace(found, X=found.X.copy(), **fields)


class Runner(TrialRunner):
    """Trains all by itself; what is known of a problem without training is measured once for all."""

    pickled: tuple[Dataset, bytes] | None = None

    def analysis(self, config: Config) -> ProblemAnalysis:
        data = self.dataset
        assert data is not None
        if self.pickled is None or self.pickled[0] is not data:
            self.pickled = data, contents(data)
        key = self.pickled[1], problem_key(config), config.class_weight
        if key not in analyses:
            analyses[key] = super().analysis(config)
        return analyses[key]


def examine(data: str | Dataset, **values: Any) -> Diagnosis:
    """Train and diagnose; the same numbers with the same config once."""
    found: Dataset = loaded(data) if isinstance(data, str) else data
    config = changed(Config(), **values)
    key = contents(found), config.model_dump_json()
    if key not in known:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(doctor, "TrialRunner", Runner)
            known[key] = doctor.diagnose(found, config, work=WORK)
    return known[key]


def contents(data: Dataset) -> bytes:
    """The same for two datasets that hold the same."""
    return sha256(pickle.dumps([getattr(data, field.name) for field in fields(data)])).digest()


def suggest(problem: Problem, config: Config) -> Suggestions:
    """What a problem suggests for a config; what is known of the very same problem is found once."""
    with threadpool_limits(1, user_api="blas"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        key = id(problem), config.class_weight
        _, adviser = advisers.setdefault(key, (problem, Adviser(problem, config)))
        return adviser.suggest(config)


def outcome_of(trainer: Trainer, losses: Sequence[float]) -> Outcome:
    """Where a trainer stands."""
    return Outcome(np.array(trainer.theta), trainer.epoch, trainer.diverged_at, losses)


def causes(found: Diagnosis) -> list[str]:
    """The ids of the findings, in their order."""
    return [finding.cause for finding in found.findings]


def shifted(name: str, factors: Any = 1.0, offset: Any = 0.0) -> Dataset:
    """A dataset, its standardized columns multiplied and moved."""
    found = dataset(name)
    X = (found.X - found.X.mean(axis=0)) / np.maximum(found.X.std(axis=0), 1e-12)
    return replace(found, X=np.ascontiguousarray(X * factors + offset))
