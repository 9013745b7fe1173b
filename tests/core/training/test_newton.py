"""Newton's method against scikit-learn's, to the last digits that float64 holds."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from lrtui.core.config import Config, changed
from lrtui.core.training.design import parts
from lrtui.core.training.epochs import EpochSpec
from lrtui.core.training.newton import NewtonEpochs
from lrtui.core.training.optimizers import update_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.preparing.problem import Problem
from tests.core.training.problems import classes, noisy, problem, weigh


def config(**values: Any) -> Config:
    return changed(Config(), optimizer="newton", epochs=30, **values)


def trained(found: Problem, c: Config, dtype: torch.dtype = torch.float64) -> Trainer:
    trainer = Trainer(found, c, dtype=dtype)
    trainer.advance()
    return trainer


def weights(trainer: Trainer, outputs: int = 1) -> NDArray[np.float64]:
    return np.array(trainer.theta).reshape(outputs, -1)


def oracle(found: Problem, c: Config, solver: str = "newton-cholesky") -> NDArray[np.float64]:
    """scikit-learn's weights; its bias is a weight of the column of ones, so that it decays as torch's."""
    rows = found.weights_train
    weight = None if c.class_weight == "none" else "balanced"
    n = len(found.y_train) if rows is None else rows.sum()
    model = LogisticRegression(
        C=1 / (c.weight_decay * n), fit_intercept=False, solver=solver, tol=1e-13, max_iter=5000,
        class_weight=weight,
    )  # fmt: skip
    model.fit(found.design_train.astype(np.float64), found.y_train, sample_weight=rows)
    return np.asarray(model.coef_)


@pytest.mark.parametrize("decay", [1e-4, 0.01, 1.0])
@pytest.mark.parametrize("class_weight", ["none", "balanced"])
def test_two_classes_end_where_scikit_learns_end(decay: float, class_weight: str) -> None:
    found = noisy(200, 5)
    c = config(weight_decay=decay, class_weight=class_weight)
    assert np.abs(weights(trained(found, c)) - oracle(found, c)).max() < 1e-8


def test_rows_of_any_weight_do_too() -> None:
    found = weigh(noisy(200, 5))
    assert found.weights_train is not None
    c = config(weight_decay=0.01)
    assert np.abs(weights(trained(found, c)) - oracle(found, c)).max() < 1e-8


@pytest.mark.parametrize("decay", [1e-3, 0.1])
def test_many_classes_end_where_scikit_learns_end(decay: float) -> None:
    found = classes(300, 4, 5)
    c = config(weight_decay=decay)
    assert np.abs(weights(trained(found, c), 5) - oracle(found, c)).max() < 1e-8


def test_without_weight_decay_the_gradient_is_zero_at_the_end() -> None:
    for found in (noisy(200, 5), classes(300, 4, 5), problem("diabetes-median", "none")):
        end = trained(found, config())
        assert end.measure().gradient_norm < 1e-10


def test_scales_do_no_harm_and_an_epoch_is_an_iteration() -> None:
    raw = trained(problem("diabetes-median", "none"), config(init="zeros"))
    standard = trained(problem("diabetes-median", "standard"), config(init="zeros"))
    assert raw.measure().train_loss == pytest.approx(standard.measure().train_loss, rel=1e-12)
    few = trained(problem("diabetes-median", "none"), changed(config(init="zeros"), epochs=6))
    assert few.measure().train_loss == pytest.approx(standard.measure().train_loss, rel=1e-10)


def test_the_loss_never_rises_from_however_far_away() -> None:
    trainer = Trainer(noisy(200, 5), config(init="normal", init_std=50.0), dtype=torch.float64)
    losses = trainer.advance()
    assert losses[0] > 10
    assert all(after <= before + 1e-12 for before, after in pairwise(losses))
    assert losses[-1] == pytest.approx(trained(noisy(200, 5), config()).measure().train_loss, rel=1e-7)


def test_columns_that_say_the_same_share_what_one_of_them_would_have() -> None:
    found = noisy(200, 3)
    copied = replace(found, **{
        name: np.insert(getattr(found, name), 0, getattr(found, name)[:, 0], axis=1)
        for name in ("design_train", "design_test")
    }, feature_names=("copy", *found.feature_names))  # fmt: skip
    one, two = trained(found, config(init="zeros")), trained(copied, config(init="zeros"))
    assert two.measure().train_loss == pytest.approx(one.measure().train_loss, rel=1e-12)


def test_on_separable_data_the_loss_falls_towards_nothing() -> None:
    end = trained(problem("wine-1"), config())
    assert end.measure().train_loss < 1e-6
    assert np.isfinite(weights(end)).all()


def test_in_float32_the_end_is_the_same_up_to_its_rounding() -> None:
    found = noisy(200, 5)
    single, double = (weights(trained(found, config(), dtype)) for dtype in (torch.float32, torch.float64))
    assert np.abs(single - double).max() < 1e-5


@pytest.mark.parametrize("found", [noisy(200, 5), classes(200, 4, 5)], ids=["two", "five"])
def test_blocks_and_products_alone_lead_to_the_same_end(found: Problem) -> None:
    ends = []
    train, _ = parts(found, config(), torch.device("cpu"), torch.float64)
    for block, dense in ((10**6, 2000), (60, 2000), (60, 0)):
        theta = torch.zeros((*train.loss.shape, train.X.shape[1]), dtype=torch.float64)
        what = EpochSpec(train, theta, train.loss, 0, False, torch.Generator())
        NewtonEpochs(what, 0.01, block=block, dense=dense).run(40, update_of(config(), theta, None))
        ends.append(theta.numpy())
    assert np.abs(ends[0] - ends[1]).max() < 1e-10
    assert np.abs(ends[0] - ends[2]).max() < 1e-8


def test_a_loss_that_is_no_number_moves_nothing() -> None:
    found = noisy(60, 3)
    found.design_train[0, 0] = np.nan
    trainer = Trainer(found, config())
    before = trainer.theta
    trainer.advance()
    assert trainer.diverged_at == 1
    assert trainer.theta == before


def test_putting_it_down_between_epochs_changes_no_bit() -> None:
    found, c = noisy(100, 4), changed(config(), epochs=6)
    whole = trained(found, c)
    part = Trainer(found, c, dtype=torch.float64)
    part.advance(epochs=2)
    rest = Trainer.resume(found, c, part.state(), dtype=torch.float64)
    rest.advance()
    assert rest.theta == whole.theta


def test_weight_decay_that_changes_on_the_way_leads_to_its_own_end() -> None:
    found = noisy(200, 5)
    trainer = Trainer(found, config(weight_decay=1.0), dtype=torch.float64)
    trainer.advance(epochs=15)
    trainer.change(weight_decay=0.01)
    trainer.advance()
    assert np.abs(weights(trainer) - oracle(found, config(weight_decay=0.01))).max() < 1e-8
