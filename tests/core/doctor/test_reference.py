"""The reference: as good as a linear model gets, whatever the scale of the features."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lrtui.core.config import Config, changed
from lrtui.core.doctor.reference import Reference, reference
from lrtui.core.doctor.view import views
from lrtui.core.training.trainer import Trainer
from tests.core.training.problems import noisy, problem


@pytest.mark.parametrize("scaling", ["none", "standard", "minmax", "center"])
def test_it_does_not_depend_on_the_scale_of_the_features(scaling: str) -> None:
    scaled = reference(views(problem("breast-cancer", scaling), Config())[0])
    oracle = reference(views(problem("breast-cancer"), Config())[0])
    assert scaled.loss == pytest.approx(oracle.loss, abs=1e-5)
    assert scaled.base_loss == pytest.approx(oracle.base_loss)


def test_no_training_ends_lower_where_the_classes_overlap() -> None:
    data = noisy()
    found = reference(views(data, Config())[0])
    for optimizer, lr in (("sgd", 1.0), ("lbfgs", 0.5)):
        trainer = Trainer(
            data,
            changed(Config(), optimizer=optimizer, lr=lr, batch_size=0, epochs=3000),
            dtype=torch.float64,
        )
        trainer.advance()
        assert trainer.measure().train_loss >= found.loss - 1e-4
        assert trainer.measure().train_loss == pytest.approx(found.loss, abs=1e-3)


@pytest.mark.parametrize("class_weight", ["none", "balanced"])
def test_its_losses_are_those_that_training_minimizes(class_weight: str) -> None:
    config = changed(Config(), class_weight=class_weight, init="zeros", epochs=40)
    data = noisy()
    trainer = Trainer(data, config, dtype=torch.float64)
    trainer.advance()
    snapshot = trainer.snapshot()
    theta = np.append(snapshot.weights, snapshot.bias)
    train, test = views(data, config)
    assert train.loss(theta) == pytest.approx(snapshot.measurement.train_loss, rel=1e-9)
    assert test.loss(theta) == pytest.approx(snapshot.measurement.test_loss, rel=1e-9)


@pytest.mark.parametrize("class_weight", ["none", "balanced"])
def test_the_base_loss_is_the_lowest_of_all_that_answer_every_row_alike(class_weight: str) -> None:
    train, _ = views(noisy(), changed(Config(), class_weight=class_weight))
    biases = np.linspace(-3, 3, 6001)
    theta = np.zeros(train.X.shape[1])
    lowest = min(train.loss(np.append(theta[:-1], bias)) for bias in biases)
    assert train.base_loss() == pytest.approx(lowest, abs=1e-6)


def test_close_enough_is_a_tenth_of_the_way_or_what_hardly_matters() -> None:
    assert Reference(np.zeros(2), loss=0.1, base_loss=0.7).slack == pytest.approx(0.06)
    assert Reference(np.zeros(2), loss=0.68, base_loss=0.69).slack == 0.03
