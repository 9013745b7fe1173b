"""torch.optim's optimizers by the names of the config, and how a gradient becomes an update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from lrtui.core.config import Config, live_fields


class Update(NamedTuple):
    """What to do with the mean gradient: ``target ← keep · target + share · gradient``, then ``after``."""

    target: Tensor
    keep: float
    share: float
    after: Callable[[], object] | None


def build_optimizer(config: Config, parameters: list[Tensor]) -> torch.optim.Optimizer | None:
    """The optimizer of a config; what it does with its settings is torch's.

    ``None`` for plain SGD, whose step is part of the closed form (torch takes a second to build its first
    optimizer), and for Newton's method, which remembers nothing.
    """
    lr, decay, optim = config.lr, config.weight_decay, torch.optim
    plain: dict[str, Any] = {"lr": lr, "weight_decay": decay}
    if config.optimizer in ("sgd", "newton"):
        return None
    if config.optimizer in ("momentum", "nesterov"):
        # With no momentum, nesterov is plain SGD; torch refuses the combination.
        nesterov = config.optimizer == "nesterov" and config.momentum > 0
        return optim.SGD(parameters, momentum=config.momentum, nesterov=nesterov, foreach=False, **plain)
    if config.optimizer == "adam":
        return optim.Adam(parameters, fused=True, **plain)
    if config.optimizer == "adamw":
        return optim.AdamW(parameters, fused=True, **plain)
    if config.optimizer == "rmsprop":
        return optim.RMSprop(parameters, foreach=False, **plain)
    # LBFGS has no weight decay of its own: the trainer adds it to the loss.
    return optim.LBFGS(parameters, lr=lr)


def apply_live(optimizer: torch.optim.Optimizer | None, config: Config) -> None:
    """Take over learning rate, weight decay and momentum; what the optimizer remembers is kept."""
    if optimizer is None:
        return
    for group in optimizer.param_groups:
        for name in live_fields() & group.keys():
            if name != "momentum" or config.optimizer != "rmsprop":
                uses_momentum = config.optimizer in ("momentum", "nesterov")
                group[name] = getattr(config, name) if name != "momentum" or uses_momentum else 0
        if config.optimizer == "nesterov":
            group["nesterov"] = config.momentum > 0


def update_of(config: Config, theta: Tensor, optimizer: torch.optim.Optimizer | None) -> Update:
    """How the weights ``theta`` (p + 1,) follow a gradient.

    Plain SGD, ``θ ← (1 − lr·decay)·θ − lr·g``, needs no optimizer. All others get the gradient in ``.grad``
    and take their own step.
    """
    if optimizer is None:
        return Update(theta, 1 - config.lr * config.weight_decay, -config.lr, None)
    if theta.grad is None:
        theta.grad = torch.zeros_like(theta)
    return Update(theta.grad, 0.0, 1.0, optimizer.step)
