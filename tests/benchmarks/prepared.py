"""Prepared problems of any size, made where they will lie: no second copy of a large table."""

from __future__ import annotations

import numpy as np

from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.preparing.scale import Scaler
from lrtui.datasets.source import Source

BLOCK = 1_000_000  # numbers drawn at a time
TEST_ROWS = 1_000


def table(rows: int, columns: int) -> Problem:
    """``rows`` training rows of standard normal features; labels follow the first few, with noise."""
    random = np.random.default_rng(0)
    train, y_train = _part(random, rows, columns)
    test, y_test = _part(random, TEST_ROWS, columns)
    nothing = np.empty(0, np.int64)
    return Problem(
        Source(f"{rows} by {columns}"),
        tuple(f"x{i}" for i in range(1, columns + 1)),
        ("0", "1"),
        train,
        y_train,
        test,
        y_test,
        Scaler("none", np.zeros(columns), np.ones(columns)),
        nothing,
        nothing,
    )


def _part(
    random: np.random.Generator, rows: int, columns: int
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float32]], np.ndarray[tuple[int], np.dtype[np.int8]]]:
    """X̃ = [X, 1] (rows, columns + 1) and labels (rows,)."""
    design = np.empty((rows, columns + 1), np.float32)
    labels = np.empty(rows, np.int8)
    each = max(1, BLOCK // columns)
    for start in range(0, rows, each):
        block = random.standard_normal((min(each, rows - start), columns), np.float32)
        design[start : start + each, :-1] = block
        labels[start : start + each] = block[:, :5].sum(1) + random.normal(0, 3, len(block)) > 0
    design[:, -1] = 1
    return design, labels


def size(problem: Problem) -> int:
    """Bytes of the prepared data."""
    parts = (problem.design_train, problem.y_train, problem.design_test, problem.y_test)
    return sum(part.nbytes for part in parts)
