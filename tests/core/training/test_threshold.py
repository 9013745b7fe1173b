"""The threshold as a word: the training part's share of ones, wherever a number is needed."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lrtui.core.config import Config, changed
from lrtui.core.training.batch import BatchTrainer, batch_key
from lrtui.core.training.measurement import threshold_of
from lrtui.core.training.trainer import Trainer
from tests.core.training.problems import problem

DATA = problem("imbalanced")
RATE = float(DATA.y_train.mean())
BASE = changed(Config(), batch_size=0, epochs=30, init="zeros", init_bias="log-odds", lr=0.5)


def test_a_number_is_itself_and_the_word_is_the_share_of_ones() -> None:
    assert threshold_of(changed(Config(), threshold=0.3), 0.02) == 0.3
    assert threshold_of(changed(Config(), threshold="base-rate"), 0.02) == 0.02


def test_a_run_with_the_word_measures_as_one_with_its_number() -> None:
    word, number, half = (
        Trainer(DATA, changed(BASE, threshold=value)) for value in ("base-rate", RATE, 0.5)
    )
    for trainer in (word, number, half):
        trainer.advance()
    assert word.snapshots() == number.snapshots()
    assert word.measure() == number.measure()
    assert word.measure().test_balanced_accuracy > half.measure().test_balanced_accuracy + 0.2
    assert word.measure().test_loss == half.measure().test_loss  # no weight depends on it


def test_the_word_is_the_number_for_predictions_too() -> None:
    trainer = Trainer(DATA, changed(BASE, threshold="base-rate"), dtype=torch.float64)
    trainer.advance()
    snapshot = trainer.snapshot()
    z = np.asarray(DATA.X_test) @ np.array(snapshot.weights) + snapshot.bias
    predicted = 1 / (1 + np.exp(-z)) >= RATE
    assert snapshot.measurement.test_accuracy == pytest.approx((predicted == DATA.y_test).mean())


def test_it_changes_in_a_run_that_goes_on_and_is_resumed() -> None:
    trainer = Trainer(DATA, BASE)
    trainer.advance(epochs=10)
    trainer.change(threshold="base-rate")
    (change,) = trainer.changes
    assert (change.field, change.old, change.new) == ("threshold", 0.5, "base-rate")
    again = Trainer.resume(DATA, BASE, trainer.state())
    assert again.config.threshold == "base-rate"
    assert again.measure() == trainer.measure()
    trainer.change(threshold=0.25)
    assert trainer.config.threshold == 0.25


def test_in_a_batch_each_config_has_its_own() -> None:
    configs = [changed(BASE, threshold=value) for value in (0.5, "base-rate", RATE)]
    assert len({batch_key(config, len(DATA.y_train)) for config in configs}) == 1
    together = BatchTrainer(DATA, configs)
    together.advance()
    half, word, number = (snapshot.measurement for snapshot in together.snapshots())
    assert word == number
    assert word.confusion != half.confusion


def test_what_makes_another_problem_is_not_trained_together() -> None:
    keys = {
        batch_key(changed(BASE, **values), 100)
        for values in ({}, {"missing": "drop"}, {"missing": "median"}, {"drop_columns": ("x1",)})
    }
    assert len(keys) == 4
