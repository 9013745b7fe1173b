"""Which way the epochs of a config go through its rows."""

from __future__ import annotations

from torch.optim import Optimizer

from lrtui.core.config import Config
from lrtui.core.training.blocked import BlockedEpochs
from lrtui.core.training.epochs import Epochs, EpochSpec
from lrtui.core.training.lbfgs import LbfgsEpochs
from lrtui.core.training.newton import NewtonEpochs
from lrtui.core.training.small_batch import SmallBatchEpochs
from lrtui.core.training.summed import SummedEpochs

LARGE = 1_000_000  # numbers in the rows of an update: from here on they go through the cache in blocks


def ways_of(
    what: EpochSpec, config: Config, optimizer: Optimizer | None, threads: int, large: int = LARGE
) -> Epochs:
    """The way of the optimizer that the config names; ``optimizer`` is torch's, where it has one."""
    if config.optimizer == "newton":
        return NewtonEpochs(what, config.weight_decay)
    if config.optimizer == "lbfgs" and optimizer is not None:
        return LbfgsEpochs(what, optimizer, config.weight_decay)
    return epochs_of(what, threads, large)


def epochs_of(what: EpochSpec, threads: int, large: int = LARGE) -> Epochs:
    """The fastest way to go through the rows; in blocks from ``large`` numbers an update on."""
    blocked = what.theta.device.type == "cpu" and what.step_rows * what.part.X.shape[1] >= large
    if blocked:
        return BlockedEpochs(what, threads)
    return SmallBatchEpochs(what) if what.ranks.world == 1 else SummedEpochs(what)
