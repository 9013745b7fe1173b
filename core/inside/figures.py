"""Numbers as they stand in the cells of a view, and as JSON has them."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from math import isfinite
from typing import Any

import numpy as np

NONE = "–"


def cell(number: float | None, digits: int = 4) -> str:
    """A number in so many digits; a dash where there is none."""
    return NONE if number is None or not isfinite(number) else f"{number:.{digits}g}"


def chance(p: float | None) -> str:
    """A p-value: what is smaller than anybody needs to know is told so."""
    if p is None or not isfinite(p):
        return NONE
    return "<0.0001" if p < 1e-4 else f"{p:.4f}"


def percent(share: float) -> str:
    """A share in a cell."""
    return f"{100 * share:.1f} %" if isfinite(share) else NONE


def plain(found: Any) -> Any:
    """Records and arrays as JSON has them; numbers that are not finite are ``None``."""
    if is_dataclass(found) and not isinstance(found, type):
        return plain(asdict(found))
    if isinstance(found, dict):
        return {str(key): plain(value) for key, value in found.items()}
    if isinstance(found, np.ndarray):
        return plain(found.tolist())
    if isinstance(found, (list, tuple)):
        return [plain(value) for value in found]
    if isinstance(found, np.generic):
        return plain(found.item())
    return None if isinstance(found, float) and not isfinite(found) else found
