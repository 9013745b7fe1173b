"""The rows that a model is trained or measured on, as tensors."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from lrtui.core.config import Config
from lrtui.core.training.gradient import row_weights
from lrtui.core.training.weighting import class_weights
from lrtui.datasets.dataset import Design, Labels, Problem

ALIGNED = 16  # float32 numbers to a cache line


@dataclass(frozen=True)
class Part:
    """A part of a problem: ``X`` is the design matrix (n, p + 1), labels and row weights are (n,)."""

    X: Tensor
    y: Tensor
    weight: Tensor | None

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.y.numel()


def parts(problem: Problem, config: Config, device: torch.device, dtype: torch.dtype) -> tuple[Part, Part]:
    """The training and the test part; they share the problem's memory where device and type allow it."""
    y = _tensor(problem.y_train, device, dtype)
    weights = class_weights(config, y.numel(), float(y.sum(dtype=torch.float64)))

    def part(design: Design, labels: Labels) -> Part:
        y = _tensor(labels, device, dtype)
        return Part(_tensor(design, device, dtype), y, row_weights(weights, y))

    return part(problem.design_train, problem.y_train), part(problem.design_test, problem.y_test)


def apart(like: Tensor, rows: int, columns: int) -> Tensor:
    """Empty rows (rows, columns), each from the start of a cache line.

    torch computes the last few numbers of a row by other means than the rest. In rows that do not touch,
    the same numbers get the same bits in every row, and however many rows there are.
    """
    wide = -(-columns // ALIGNED) * ALIGNED
    return like.new_empty((rows, wide))[:, :columns]


def _tensor(values: Design | Labels, device: torch.device, dtype: torch.dtype) -> Tensor:
    return torch.from_numpy(values).to(device=device, dtype=dtype)
