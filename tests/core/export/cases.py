"""Runs to be taken away, each trained once, and rows unlike those that they were trained on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from lrtui.core.export.exporting import Exported, export
from lrtui.core.export.predicting import Predictor, predicted
from lrtui.core.export.recipe import Recipe, recipe_of
from lrtui.core.export.trained import TrainedModel, trained_model
from lrtui.core.store import Run, Store
from lrtui.datasets.source import Source
from lrtui.datasets.tables.cell_reading import read_cells
from tests.core.export.tables import every_kind, trained, written


@dataclass
class Case:
    """A run, other rows, what its cells are as numbers and words, and what it says of them."""

    store: Store
    run: Run
    model: TrainedModel
    rows: pl.DataFrame
    folder: Path

    def __post_init__(self) -> None:
        self.recipe: Recipe = recipe_of(self.model)
        self.expected = self._expected()
        self.raw = self._raw()

    def _expected(self) -> np.ndarray:
        found: list[np.ndarray] = []

        def take(predictor: Predictor) -> None:
            found[:] = [block.probabilities for block in predictor.blocks()]

        predicted(self.model, Source(str(written(self.rows, self.folder / "rows.csv"))), take)
        return np.concatenate(found)

    def _raw(self) -> dict[str, list[Any]]:
        """By cell: numbers, words, ``None`` where nothing stands."""
        found: dict[str, list[Any]] = {}
        for reading in self.model.preparation.readings:
            cells = self.rows[reading.name]
            mine = [cell for cell in self.recipe.cells if cell.reading == reading]
            if mine[0].text:
                found[mine[0].name] = [cell or None for cell in cells.to_list()]
                continue
            for cell, values in zip(mine, read_cells(reading, cells).values, strict=True):
                found[cell.name] = values.to_list()
        return found

    def take(self, name: str, path: str = "") -> Exported:
        """The run in a format."""
        return export(self.store, self.run, name, self.folder / path if path else self.folder, force=True)


def _every(folder: Path) -> tuple[Source, dict[str, Any]]:
    return Source(str(written(every_kind(), folder / "every.csv")), target="risk"), {}


def _products(folder: Path) -> tuple[Source, dict[str, Any]]:
    frame = every_kind().select("age", "height", "city", "member", "risk")
    source = Source(str(written(frame, folder / "products.parquet")), target="risk", positive="bad")
    return source, {"features": "poly2", "clip": 0.02, "missing_codes": (170.0, 50.0), "threshold": 0.3}


def _kernels(folder: Path) -> tuple[Source, dict[str, Any]]:
    frame = every_kind().select("age", "height", "city", "risk")
    return Source(str(written(frame, folder / "kernels.csv")), target="risk"), {
        "features": "rbf",
        "lr": 0.1,
    }


def _three(folder: Path) -> tuple[Source, dict[str, Any]]:
    return Source("sklearn:iris", target="target", multiclass=True), {"optimizer": "adam", "batch_size": 16}


CASES: dict[str, Callable[[Path], tuple[Source, dict[str, Any]]]] = {
    "every kind": _every,
    "products": _products,
    "kernels": _kernels,
    "three classes": _three,
}


def case_of(name: str, folder: Path) -> Case:
    """The case of this name."""
    store = Store(folder / "lrtui.db")
    source, values = CASES[name](folder)
    run = trained(store, source, **values)
    if name == "three classes":
        names = ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"]
        cells = [["5.1", "", "7"], ["3", "2.5", "3.2"], ["1.4", "4", ""], ["0.2", "1.3", "1e1"]]
        table = pl.DataFrame(dict(zip(names, cells, strict=True)))
    else:
        table = every_kind(40, seed=9).with_columns(pl.col("height").cast(pl.String))
        at = pl.int_range(40)
        table = table.with_columns(
            city=pl.when(at == 3).then(pl.lit("Nowhere")).when(at != 5).then(pl.col("city")),
            height=pl.when(at == 4)
            .then(pl.lit("1000"))
            .when(at == 6)
            .then(pl.lit("170"))
            .when(at != 7)
            .then("height"),
            member=pl.when(at != 8).then(pl.col("member")),
            when=pl.when(at != 9).then(pl.col("when")),
        )
    return Case(store, run, trained_model(store, run), table, folder)
