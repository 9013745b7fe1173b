"""What training costs, counted and not timed: a busy machine is told the same as an idle one."""

from __future__ import annotations

from lrtui.core.config import Config
from lrtui.core.training.stable_rate import updates_per_epoch
from lrtui.datasets.classes import logit_count
from lrtui.datasets.preparing.problem import Problem

# Seconds on a core of today, about; what matters is that they are the same everywhere.
UPDATE = 2.5e-5  # an update of plain SGD, whatever its size
OF_CLASSES = 8e-5  # the same of more than two classes
BY_TORCH = 1e-4  # the same by an optimizer of torch.optim
NUMBER = 1.5e-9  # a number of the design matrix that goes through forward and backward, for each logit
LBFGS = 60  # times an update: up to 20 looks at all rows, and much beside
LBFGS_BATCHES = 300  # the same where each sees other rows, and is followed by a search along the line
PRODUCT = 2e-10  # one multiplication of a Hessian


def epoch_work(config: Config, problem: Problem) -> float:
    """What an epoch of a config costs, in seconds of a machine that is always the same."""
    rows, columns = problem.design_train.shape
    outputs = logit_count(problem.classes)
    updates, passes = updates_per_epoch(config, rows), 1
    if config.optimizer == "lbfgs":
        passes = LBFGS if updates == 1 else LBFGS_BATCHES
    update = UPDATE if outputs == 1 else OF_CLASSES
    if config.optimizer not in ("sgd", "newton"):
        update = BY_TORCH
    found = passes * (updates * update + rows * columns * outputs * NUMBER)
    if config.optimizer == "newton":
        found += rows * (columns * outputs) ** 2 * PRODUCT
    return float(found)
