"""Tensors and NumPy arrays of the same memory, and rows that do not touch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

Residual = Callable[[Tensor, Any, Any, Tensor, Any, Any], None]
"""Writes the derivative of each row's loss by its logits: of logits z and targets y, times weights (n,) or
``None``, into ``out``, which follows once more before some scratch. All but z and ``out`` are as ``raw``
gives them.
"""
ALIGNED = 16  # float32 numbers to a cache line


def raw(values: Tensor) -> Any:
    """The same memory as a NumPy array on the CPU, where NumPy's calls take half as long as torch's."""
    return values.numpy() if values.device.type == "cpu" else values


def apart(like: Tensor, rows: int, columns: int) -> Tensor:
    """Empty rows (rows, columns), each from the start of a cache line.

    torch computes the last few numbers of a row by other means than the rest. In rows that do not touch,
    the same numbers get the same bits in every row, and however many rows there are.
    """
    wide = -(-columns // ALIGNED) * ALIGNED
    return like.new_empty((rows, wide))[:, :columns]
