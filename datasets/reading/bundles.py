"""The tables that scikit-learn brings along, whole and with their classes by name: ``sklearn:NAME``."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from sklearn import datasets as bundle

from lrtui.datasets.reading.table import Table
from lrtui.datasets.source import bundled

TARGET = "target"


def read_bundled(name: str) -> Table:
    """A table of scikit-learn. Classes are text; what is no class is a number."""
    plain = bundled(name)
    options = {"scaled": False} if plain == "diabetes" else {}
    table: Any = getattr(bundle, f"load_{plain}")(**options)
    columns = {str(n): table.data[:, i] for i, n in enumerate(table.feature_names)}
    where = f"sklearn:{plain}"
    if plain == "linnerud":  # three targets
        columns |= {str(n): table.target[:, i] for i, n in enumerate(table.target_names)}
        return Table(pl.DataFrame(columns), where)
    y = table.target
    if "target_names" in table:
        y = np.asarray(table.target_names).astype(str)[y].tolist()
    return Table(pl.DataFrame({**columns, TARGET: y}), where, target=TARGET)
