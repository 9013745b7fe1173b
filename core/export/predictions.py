"""Predictions as a table: the number of the row, the label, the probability of each class."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
import polars as pl

from lrtui.core.export.predicting import Block, Predictor
from lrtui.core.export.tables import Schema, put_csv, write_table
from lrtui.core.export.trained import TrainedModel

ROW, LABEL, PROBABILITY = "row", "label", "probability of"


def schema_of(model: TrainedModel) -> Schema:
    """The columns and their types."""
    classes = {f"{PROBABILITY} {name}": pl.Float64() for name in model.class_names}
    return {ROW: pl.Int64(), LABEL: pl.String(), **classes}


def frames_of(predictor: Predictor) -> Iterator[pl.DataFrame]:
    """The predictions, a frame a block."""
    model = predictor.model
    for block in predictor.blocks():
        yield frame_of(model, block, np.arange(block.first, block.first + len(block.labels)))


def frame_of(model: TrainedModel, block: Block, rows: np.ndarray) -> pl.DataFrame:
    """The predictions of a block, of rows of these numbers; nothing where there is none."""
    schema = schema_of(model)
    names = pl.Series([*model.class_names, None], dtype=pl.String)
    columns = [pl.Series(ROW, rows), names.gather(np.where(block.labels < 0, len(names) - 1, block.labels))]
    columns += [pl.Series(values, dtype=pl.Float64).fill_nan(None) for values in block.probabilities.T]
    return pl.DataFrame([column.alias(name) for column, name in zip(columns, schema, strict=True)])


def write_predictions(predictor: Predictor, path: Path) -> None:
    """All of them into a file."""
    write_table(frames_of(predictor), schema_of(predictor.model), path)


def print_predictions(predictor: Predictor, file: IO[bytes]) -> None:
    """All of them as CSV."""
    put_csv(frames_of(predictor), schema_of(predictor.model), file)
