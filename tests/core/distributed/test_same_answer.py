"""Ranks together find what one process finds: the ordinary trainer on all rows is the oracle."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from lrtui.core.config import Config, changed
from lrtui.core.training.measurement import Measurement
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.preparing.sharing import share_of
from lrtui.datasets.source import Source
from tests.core.distributed.threads import ThreadRanks, on_ranks
from tests.core.training.problems import weigh

WORLDS = (1, 2, 4)
WAYS: dict[str, dict[str, Any]] = {
    "full": {"batch_size": 0, "lr": 0.5},
    "blocks": {"batch_size": 0, "lr": 0.5, "class_weight": "balanced", "weight_decay": 0.01},
    "newton": {"optimizer": "newton", "epochs": 6, "weight_decay": 1e-3},
    "sgd": {"batch_size": 32, "lr": 0.1},
    "momentum": {"optimizer": "momentum", "batch_size": 50, "lr": 0.05},
    "adam": {"optimizer": "adam", "batch_size": 64, "lr": 0.01},
    "in order": {"batch_size": 48, "shuffle": False, "lr": 0.1},
    "lbfgs": {"optimizer": "lbfgs", "batch_size": 0, "lr": 1.0, "epochs": 3},
    "patience": {"batch_size": 0, "lr": 5.0, "patience": 3, "validation": 0.2, "epochs": 40},
}


def config(way: str) -> Config:
    # Threads share the generator that first weights are drawn by.
    return changed(Config(), **{"epochs": 8, "init": "zeros", **WAYS[way]})


def problem(name: str, given: Config, *, single: bool = False) -> Problem:
    multiclass = {"multiclass": True} if name.startswith("sklearn") else {}
    return problem_of(load(Source(name, **multiclass)), given, single=single)


def trained(
    whole: Problem, given: Config, world: int, dtype: torch.dtype = torch.float64, **more: Any
) -> list[Trainer]:
    """The trainer of each rank, at its end."""

    def work(ranks: ThreadRanks) -> Trainer:
        trainer = Trainer(share_of(whole, ranks.rank, world), given, dtype=dtype, ranks=ranks, **more)
        trainer.advance()
        return trainer

    return on_ranks(world, work)


@pytest.mark.parametrize("name", ["breast-cancer", "sklearn:wine"])
@pytest.mark.parametrize("way", WAYS)
def test_any_number_of_ranks_finds_the_weights_of_one_process_in_float64(name: str, way: str) -> None:
    given, large = config(way), 0 if way == "blocks" else 10**6
    whole = problem(name, given)
    oracle = Trainer(whole, given, dtype=torch.float64, large=large)
    oracle.advance()
    for world in WORLDS if name == "breast-cancer" else WORLDS[-1:]:
        ranks = trained(whole, given, world, large=large)
        assert [rank.theta for rank in ranks[1:]] == [ranks[0].theta] * (world - 1)
        np.testing.assert_allclose(ranks[0].theta, oracle.theta, rtol=1e-10, atol=1e-10)
        assert ranks[0].epoch == oracle.epoch


@pytest.mark.parametrize("way", ["full", "blocks", "newton"])
def test_in_float32_it_is_the_same_to_a_millionth(way: str) -> None:
    given, large = config(way), 0 if way == "blocks" else 10**6
    whole = problem("breast-cancer", given, single=True)
    oracle = Trainer(whole, given, large=large)
    oracle.advance()
    for world in WORLDS[1:]:
        theta = trained(whole, given, world, torch.float32, large=large)[0].theta
        np.testing.assert_allclose(theta, oracle.theta, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", ["breast-cancer", "sklearn:wine"])
def test_what_is_measured_is_of_the_rows_of_all_ranks(name: str) -> None:
    given = config("full")
    whole = weigh(problem(name, given))
    oracle = Trainer(whole, given, dtype=torch.float64).measure()

    def work(ranks: ThreadRanks) -> Measurement:
        share = share_of(whole, ranks.rank, ranks.world)
        return Trainer(share, given, dtype=torch.float64, ranks=ranks).measure()

    for found in on_ranks(3, work):
        assert found.confusion == oracle.confusion
        assert found.histogram == oracle.histogram
        for field, value in vars(oracle).items():
            if isinstance(value, float):
                assert getattr(found, field) == pytest.approx(value, abs=1e-12), field


def by_label(rows: int) -> Problem:
    """Rows that are sorted by label, so that with some ranks one alone has the second class."""
    random = np.random.default_rng(0)
    X = random.normal(size=(rows, 2))
    y = (X[:, 0] + random.normal(size=rows) > 0).astype(np.int8)
    dataset = Dataset(Source("sorted"), X, y, ("a", "b"), ("0", "1"))
    found = prepare(dataset, scaling="standard", test_size=0.3, split_seed=1)
    order = np.argsort(found.y_train, kind="stable")
    return replace(
        found,
        design_train=found.design_train[order],
        y_train=found.y_train[order],
        train_rows=found.train_rows[order],
    )


@pytest.mark.parametrize("way", ["blocks", "newton", "sgd"])
def test_a_class_that_one_rank_alone_has_and_ranks_without_any_row(way: str) -> None:
    whole, given = by_label(12), config(way)
    large = 0 if way == "blocks" else 10**6
    oracle = Trainer(whole, given, dtype=torch.float64, large=large)
    oracle.advance()
    for world in (2, 10):
        shares = [share_of(whole, rank, world) for rank in range(world)]
        assert world > 2 or len(set(shares[0].y_train)) == 1
        assert (min(len(share.y_train) for share in shares) == 0) == (world == 10)
        found = trained(whole, given, world, large=large)[0]
        np.testing.assert_allclose(found.theta, oracle.theta, rtol=1e-9, atol=1e-10)


def test_a_run_is_put_down_by_some_ranks_and_taken_up_by_others() -> None:
    given = changed(config("momentum"), epochs=6)
    whole = problem("breast-cancer", given, single=True)
    oracle = Trainer(whole, given)
    oracle.advance(epochs=4)
    oracle.change(lr=0.01)
    oracle.advance()
    state: bytes | None = None
    for world, epochs in ((2, 2), (4, 2), (1, 2)):

        def work(
            ranks: ThreadRanks, world: int = world, epochs: int = epochs, state: bytes | None = state
        ) -> bytes:
            share = share_of(whole, ranks.rank, world) if world > 1 else whole
            if state is None:
                trainer = Trainer(share, given, ranks=ranks)
            else:
                trainer = Trainer.resume(share, given, state, ranks=ranks)
            if trainer.epoch == 4:
                trainer.change(lr=0.01)
            trainer.advance(epochs=epochs)
            return trainer.state()

        state = on_ranks(world, work)[0]
    found = Trainer.resume(whole, given, state)
    assert found.epoch == 6
    assert [(change.epoch, change.field) for change in found.changes] == [(4, "lr")]
    np.testing.assert_allclose(found.theta, oracle.theta, rtol=1e-5, atol=1e-6)


def test_columns_that_say_the_same_move_alike_whoever_sums() -> None:
    """All levels of a category and the bias leave the Hessian singular: a step along them is rounding."""
    random = np.random.default_rng(0)
    X = np.column_stack([random.normal(size=2000), np.eye(3)[random.integers(0, 3, 2000)]])
    y = (X[:, 0] + X[:, 1] + random.normal(size=2000) > 0).astype(np.int8)
    dataset = Dataset(Source("levels"), X, y, ("a", "c=1", "c=2", "c=3"), ("0", "1"))
    whole = prepare(dataset, scaling="standard", test_size=0.2, split_seed=1, single=True)
    given = changed(config("newton"), weight_decay=0.0)
    oracle = Trainer(whole, given)
    oracle.advance()
    theta = trained(whole, given, 2, torch.float32)[0].theta
    np.testing.assert_allclose(theta, oracle.theta, rtol=1e-6, atol=1e-6)
