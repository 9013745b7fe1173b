"""The model: one linear layer to one logit, and its first weights."""

from __future__ import annotations

from math import log

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lrtui.core.config import Config


class LogisticModel(nn.Module):
    """Logistic regression: p(y = 1) is the sigmoid of ``linear(x)``."""

    def __init__(self, features: int, dtype: torch.dtype) -> None:
        super().__init__()
        self.linear = nn.Linear(features, 1, dtype=dtype)

    def forward(self, X: Tensor) -> Tensor:
        """Logits (n,) of rows (n, p)."""
        logits: Tensor = self.linear(X)
        return logits.squeeze(-1)

    def flatten(self) -> Tensor:
        """Weights and bias as one vector θ (p + 1,), bias last; from now on they are views of it."""
        weight, bias = self.linear.weight, self.linear.bias
        theta = torch.cat([weight.detach().flatten(), bias.detach()])
        theta.grad = torch.zeros_like(theta)
        weight.data, bias.data = theta[:-1].view_as(weight), theta[-1:]
        weight.grad, bias.grad = theta.grad[:-1].view_as(weight), theta.grad[-1:]
        return theta


def build_model(config: Config, features: int, base_rate: float, dtype: torch.dtype) -> LogisticModel:
    """A model with the first weights that a config asks for.

    ``torch`` draws what ``torch.manual_seed(seed); nn.Linear(features, 1)`` draws. The global
    generator is left as it was. ``base_rate`` is the training part's share of the positive class.
    """
    with torch.random.fork_rng(devices=[]):
        # Not torch.manual_seed: it seeds every kind of device, and keeps a traceback for each.
        torch.default_generator.manual_seed(config.seed)
        model = LogisticModel(features, dtype)
        weight, bias = model.linear.weight, model.linear.bias
        if config.init == "zeros":
            nn.init.zeros_(weight)
        elif config.init == "normal":
            nn.init.normal_(weight, std=config.init_std)
        elif config.init == "xavier":
            nn.init.xavier_uniform_(weight)
        if config.init != "torch":
            nn.init.zeros_(bias)
        if config.init_bias == "log-odds":
            nn.init.constant_(bias, log_odds(base_rate))
        elif config.init_bias is not None:
            nn.init.constant_(bias, float(config.init_bias))
    return model


def first_weights(config: Config, features: int, base_rate: float) -> NDArray[np.float64]:
    """The weights that a run of a config begins with, bias last, shape (p + 1,)."""
    model = build_model(config, features, base_rate, torch.float32)
    return model.flatten().detach().numpy().astype(np.float64)


def log_odds(rate: float) -> float:
    """``log(p / (1 − p))``; a rate of 0 or 1 counts as one row in a million, to stay finite."""
    rate = min(max(rate, 1e-6), 1 - 1e-6)
    return log(rate / (1 - rate))
