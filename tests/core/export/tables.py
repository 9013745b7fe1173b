"""A table with a column of every kind, and runs on it, for the tests of what is taken away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from lrtui.core.config import Config, changed
from lrtui.core.engine.run_session import RunSession
from lrtui.core.store import Run, Store
from lrtui.datasets.source import Source


def every_kind(rows: int = 300, seed: int = 0) -> pl.DataFrame:
    """Numbers with holes and currencies, words, flags, dates, times, and a target that they tell."""
    random = np.random.default_rng(seed)
    age = random.integers(18, 80, rows)
    city = random.choice(["Rome", "Oslo, N", 'a "b"', "'x'"], rows)
    member = random.choice(["yes", "no"], rows)
    days = pl.Series(random.integers(14_000, 20_000, rows)).cast(pl.Int32).cast(pl.Date)
    z = 0.06 * (age - 50) + (city == "Rome") + (member == "yes") + random.normal(0, 1, rows)
    return pl.DataFrame(
        {
            "age": [None if random.random() < 0.1 else str(one) for one in age],
            "height": random.normal(170, 9, rows).round(2),
            "city": city,
            "income": [f"${one:,.2f}" for one in random.normal(3000, 800, rows)],
            "when": days.dt.strftime("%d/%m/%Y"),
            "at": [f"{one // 60}:{one % 60:02d}" for one in random.integers(0, 1440, rows)],
            "member": member,
            "risk": np.where(z > 0.5, "bad", "good"),
        }
    )  # fmt: skip


def written(frame: pl.DataFrame, path: Path) -> Path:
    """The table as a file."""
    (frame.write_parquet if path.suffix == ".parquet" else frame.write_csv)(path)
    return path


def trained(store: Store, source: Source, **values: Any) -> Run:
    """A run on it, to its end."""
    config = changed(Config(), **{"epochs": 20, "batch_size": 0, "lr": 0.5, **values})
    session = RunSession(store, store.runs.create(source, config, origin="test", owner="me"), "me")
    session.open()
    while session.running:
        session.slice(1)
    return store.runs.get(session.run_id)
