"""The model: one linear layer to one logit, or to one for each of more classes, and its first weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lrtui.core.config import Config
from lrtui.core.training.losses import default_loss
from lrtui.datasets.preparing.problem import Problem


class LogisticModel(nn.Module):
    """Logistic regression: p(y = 1) is the sigmoid of ``linear(x)``; of K > 2 classes p is its softmax."""

    def __init__(self, features: int, dtype: torch.dtype, outputs: int = 1) -> None:
        super().__init__()
        self.linear = nn.Linear(features, outputs, dtype=dtype)

    def forward(self, X: Tensor) -> Tensor:
        """Logits (n,) of rows (n, p), or (n, K)."""
        logits: Tensor = self.linear(X)
        return logits.squeeze(-1)

    def flatten(self) -> Tensor:
        """Weights and bias as one θ (p + 1,) or (K, p + 1), bias last; from now on they are views of it."""
        weight, bias = self.linear.weight, self.linear.bias
        theta = torch.cat([weight.detach(), bias.detach().unsqueeze(1)], 1)
        if len(theta) == 1:
            theta = theta.flatten()
        theta.grad = torch.zeros_like(theta)
        weight.data, bias.data = _parted(theta)
        weight.grad, bias.grad = _parted(theta.grad)
        return theta


def _parted(theta: Tensor) -> tuple[Tensor, Tensor]:
    """Views of θ in the shapes of a linear layer's weight and bias."""
    rows = theta.unsqueeze(0) if theta.dim() == 1 else theta
    return rows[:, :-1], rows[:, -1]


def build_model(
    config: Config, features: int, shares: Sequence[float], dtype: torch.dtype
) -> LogisticModel:
    """A model with the first weights that a config asks for; ``shares`` are those of ``class_shares``.

    ``torch`` draws what ``torch.manual_seed(seed); nn.Linear(features, outputs)`` draws. The global
    generator is left as it was.
    """
    loss = default_loss(len(shares))
    with torch.random.fork_rng(devices=[]):
        # Not torch.manual_seed: it seeds every kind of device, and keeps a traceback for each.
        torch.default_generator.manual_seed(config.seed)
        model = LogisticModel(features, dtype, loss.outputs)
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
            bias.data.copy_(torch.tensor(loss.first_bias(shares), dtype=torch.float64))
        elif config.init_bias is not None:
            nn.init.constant_(bias, float(config.init_bias))
    return model


def first_weights(config: Config, features: int, shares: Sequence[float]) -> NDArray[np.float64]:
    """The weights that a run of a config begins with, bias last, shape (p + 1,) or (K, p + 1)."""
    model = build_model(config, features, shares, torch.float32)
    return model.flatten().detach().numpy().astype(np.float64)


def class_shares(problem: Problem) -> tuple[float, ...]:
    """The share of each class in the training part."""
    counts = problem.train_counts
    return tuple((counts / counts.sum()).tolist())


def shaped(theta: NDArray[np.float64], classes: int) -> NDArray[np.float64]:
    """Weights as they are kept, row after row, in their shape: (p + 1,), or (K, p + 1) of K > 2 classes."""
    return theta.reshape(*default_loss(classes).shape, -1)
