"""torch.optim's optimizers by the names of the config, and how a gradient becomes an update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.optim import Optimizer

from lrtui.core.config import Config, live_fields

# Building torch's first optimizer imports torch.compile with SymPy, 1.2 s of a processor and 330 MB of
# address space, only to tell it to leave these methods alone. They are told here: decision 20.
for _method in vars(Optimizer).values():
    if _plain := getattr(_method, "__wrapped__", None):
        setattr(_plain, "__dynamo_disable", _plain)


class Update(NamedTuple):
    """What to do with the mean gradient: ``target ← keep · target + share · gradient``, then ``after``."""

    target: Tensor
    keep: float
    share: float
    after: Callable[[], object] | None


def build_optimizer(config: Config, parameters: list[Tensor]) -> Optimizer | None:
    """The optimizer of a config; what it does with its settings is torch's.

    ``None`` for plain SGD, whose step is part of the closed form, and for Newton's method, which remembers
    nothing.
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


def step_of(optimizer: Optimizer) -> Callable[[], object]:
    """An optimizer's own step without what torch puts around it: for torch.compile, hooks and the profiler.

    The caller turns gradients off; LBFGS, whose step turns them on and off itself, is not for this.
    """
    step: Any = type(optimizer).step
    while (inner := getattr(step, "__wrapped__", None)) is not None:
        step = inner
    bound: Callable[[], object] = step.__get__(optimizer)
    return bound


def apply_live(optimizer: Optimizer | None, config: Config) -> None:
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


def update_of(config: Config, theta: Tensor, optimizer: Optimizer | None) -> Update:
    """How the weights ``theta`` (p + 1,) follow a gradient.

    Plain SGD, ``θ ← (1 − lr·decay)·θ − lr·g``, needs no optimizer. All others get the gradient in ``.grad``
    and take their own step.
    """
    if optimizer is None:
        return Update(theta, 1 - config.lr * config.weight_decay, -config.lr, None)
    if theta.grad is None:
        theta.grad = torch.zeros_like(theta)
    return Update(theta.grad, 0.0, 1.0, step_of(optimizer))
