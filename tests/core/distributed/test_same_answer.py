"""Ranks together find what one process finds: the ordinary trainer on all rows is the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from lrtui.core.config import Config, changed
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.preparing.sharing import share_of
from lrtui.datasets.source import Source
from tests.core.distributed.threads import ThreadRanks, on_ranks

WORLDS = (1, 2, 4)
WAYS: dict[str, dict[str, Any]] = {
    "full": {"batch_size": 0, "lr": 0.5},
    "blocks": {"batch_size": 0, "lr": 0.5, "class_weight": "balanced", "weight_decay": 0.01},
    "newton": {"optimizer": "newton", "epochs": 6},
    "sgd": {"batch_size": 32, "lr": 0.1},
    "momentum": {"optimizer": "momentum", "batch_size": 50, "lr": 0.05},
    "adam": {"optimizer": "adam", "batch_size": 64, "lr": 0.01},
    "in order": {"batch_size": 48, "shuffle": False, "lr": 0.1},
    "lbfgs": {"optimizer": "lbfgs", "batch_size": 0, "lr": 1.0, "epochs": 3},
    "lbfgs in batches": {"optimizer": "lbfgs", "batch_size": 200, "lr": 0.1, "epochs": 2},
    "patience": {"batch_size": 0, "lr": 5.0, "patience": 3, "validation": 0.2, "epochs": 40},
}


def config(way: str) -> Config:
    return changed(Config(), **{"epochs": 8, **WAYS[way]})


def problem(name: str, given: Config, *, single: bool) -> Problem:
    multiclass = {"multiclass": True} if name.startswith("sklearn") else {}
    return problem_of(load(Source(name, **multiclass)), given, single=single)


def trained(whole: Problem, given: Config, world: int, dtype: torch.dtype, **more: Any) -> list[Trainer]:
    def work(ranks: ThreadRanks) -> Trainer:
        trainer = Trainer(share_of(whole, ranks.rank, world), given, dtype=dtype, ranks=ranks, **more)
        trainer.advance()
        return trainer

    return on_ranks(world, work)


@pytest.mark.parametrize("name", ["breast-cancer", "sklearn:wine"])
@pytest.mark.parametrize("way", WAYS)
def test_every_number_of_ranks_finds_the_weights_of_one_process_in_float64(name: str, way: str) -> None:
    given, large = config(way), 0 if way == "blocks" else 10**6
    whole = problem(name, given, single=False)
    oracle = Trainer(whole, given, dtype=torch.float64, large=large)
    losses = oracle.advance()
    for world in WORLDS:
        ranks = trained(whole, given, world, torch.float64, large=large)
        assert [rank.theta for rank in ranks[1:]] == [ranks[0].theta] * (world - 1)
        np.testing.assert_allclose(ranks[0].theta, oracle.theta, rtol=1e-10, atol=1e-10)
        assert ranks[0].epoch == oracle.epoch == len(losses)
