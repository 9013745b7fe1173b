"""First weights, as the config asks for them."""

from __future__ import annotations

import math

import pytest
import torch

from lrtui.core.config import Config, changed
from lrtui.core.training.model import build_model


def first(p: int = 4, **values: object) -> tuple[list[float], float]:
    layer = build_model(changed(Config(), **values), p, (0.8, 0.2), torch.float32).linear
    return layer.weight.flatten().tolist(), layer.bias.item()


def test_torch_is_what_a_script_with_the_same_seed_draws() -> None:
    torch.manual_seed(3)
    layer = torch.nn.Linear(4, 1)
    assert first(seed=3) == (layer.weight.flatten().tolist(), layer.bias.item())


def test_zeros_are_zeros() -> None:
    assert first(init="zeros") == ([0, 0, 0, 0], 0)


def test_normal_has_the_standard_deviation_asked_for() -> None:
    weights, bias = first(5000, init="normal", init_std=0.5)
    assert torch.tensor(weights).std().item() == pytest.approx(0.5, rel=0.05)
    assert bias == 0


def test_xavier_is_torchs() -> None:
    torch.manual_seed(0)
    layer = torch.nn.Linear(4, 1)
    torch.nn.init.xavier_uniform_(layer.weight)
    assert first(init="xavier") == (layer.weight.flatten().tolist(), 0)


@pytest.mark.parametrize("init", ["torch", "zeros", "normal", "xavier"])
def test_the_bias_can_be_the_log_odds_of_the_base_rate_or_a_number(init: str) -> None:
    assert first(init=init, init_bias="log-odds")[1] == pytest.approx(math.log(0.2 / 0.8))
    assert first(init=init, init_bias=-1.5)[1] == -1.5
