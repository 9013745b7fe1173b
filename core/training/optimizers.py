"""torch.optim's optimizers by the names of the config."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from lrtui.core.config import Config

_LIVE = ("lr", "weight_decay", "momentum")


def build_optimizer(config: Config, parameters: list[Tensor]) -> torch.optim.Optimizer:
    """The optimizer of a config; what it does with its settings is torch's."""
    lr, decay, optim = config.lr, config.weight_decay, torch.optim
    plain: dict[str, Any] = {"lr": lr, "weight_decay": decay, "foreach": False}
    if config.optimizer == "sgd":
        return optim.SGD(parameters, **plain)
    if config.optimizer in ("momentum", "nesterov"):
        # With no momentum, nesterov is plain SGD; torch refuses the combination.
        nesterov = config.optimizer == "nesterov" and config.momentum > 0
        return optim.SGD(parameters, momentum=config.momentum, nesterov=nesterov, **plain)
    if config.optimizer == "adam":
        return optim.Adam(parameters, **plain)
    if config.optimizer == "adamw":
        return optim.AdamW(parameters, **plain)
    if config.optimizer == "rmsprop":
        return optim.RMSprop(parameters, **plain)
    # LBFGS has no weight decay of its own: the trainer adds it to the loss.
    return optim.LBFGS(parameters, lr=lr)


def apply_live(optimizer: torch.optim.Optimizer, config: Config) -> None:
    """Take over learning rate, weight decay and momentum; what the optimizer remembers is kept."""
    for group in optimizer.param_groups:
        for name in _LIVE:
            if name in group and (name != "momentum" or config.optimizer != "rmsprop"):
                uses_momentum = config.optimizer in ("momentum", "nesterov")
                group[name] = getattr(config, name) if name != "momentum" or uses_momentum else 0
        if config.optimizer == "nesterov":
            group["nesterov"] = config.momentum > 0
