"""What is said of fields that do nothing, against training: the weights tell."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from lrtui.core.config import Config, changed, fields_that, idle_text
from lrtui.core.config.idle import never
from lrtui.core.training.trainer import Trainer
from tests.core.training.problems import noisy

OTHER = {"lr": 0.02, "batch_size": 3, "momentum": 0.5, "init_std": 0.3, "shuffle": True, "seed": 7}
DATA = noisy(24, 2)


def weights(config: Config) -> torch.Tensor:
    trainer = Trainer(DATA, changed(config, epochs=2))
    trainer.advance()
    return trainer.model.flatten().detach().clone()


@pytest.mark.parametrize(
    "values",
    [
        {"batch_size": 5},
        {"batch_size": 0, "init": "normal"},
        {"batch_size": 5, "init": "zeros", "shuffle": False},
        {"batch_size": 0, "init": "zeros", "optimizer": "momentum"},
        {"optimizer": "nesterov", "batch_size": 5, "shuffle": False},
        {"optimizer": "newton", "init": "zeros"},
        {"optimizer": "lbfgs", "batch_size": 9},
        {"optimizer": "adam", "batch_size": 0},
    ],
)
def test_a_field_is_said_to_do_nothing_exactly_where_the_weights_stay_as_they_are(
    values: dict[str, Any],
) -> None:
    assert set(OTHER) == set(fields_that(lambda knob: knob.idle is not never))
    config = changed(Config(), **values)
    before = weights(config)
    for name, value in OTHER.items():
        if name == "shuffle":
            value = not config.shuffle
        after = weights(changed(config, **{name: value}))
        assert torch.equal(before, after) == bool(idle_text(name, config)), name


def test_the_reason_names_the_field_that_leaves_nothing_to_do() -> None:
    plain = Config()
    assert idle_text("momentum", plain) == "does nothing with optimizer sgd"
    assert idle_text("init_std", plain) == "does nothing with initialization torch"
    assert idle_text("shuffle", changed(plain, batch_size=0)) == "does nothing with batch size 0"
    assert idle_text("seed", changed(plain, init="zeros", shuffle=False)) == (
        "does nothing with initialization zeros"
    )
    assert idle_text("threshold", plain) == ""
    assert idle_text("threshold", plain, classes=3) == "does nothing with 3 classes"
