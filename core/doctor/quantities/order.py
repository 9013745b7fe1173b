"""How often the label changes from row to row where rows stand in no order."""

from __future__ import annotations

from math import sqrt

import numpy as np


def runs_by_chance(counts: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation of the number of runs of equal labels, from the rows of each class.

    With n rows and nᵢ of class i: mean ``(n(n + 1) − Σnᵢ²) / n``, variance
    ``(Σnᵢ²·(Σnᵢ² + n(n + 1)) − 2n·Σnᵢ³ − n³) / (n²(n − 1))`` (Mood 1940).
    """
    sizes = counts.astype(np.float64)
    n, squares, cubes = sizes.sum(), (sizes**2).sum(), (sizes**3).sum()
    mean = (n * (n + 1) - squares) / n
    variance = (squares * (squares + n * (n + 1)) - 2 * n * cubes - n**3) / (n**2 * max(n - 1, 1))
    return float(mean), sqrt(max(variance, 1e-12))
