"""Where a script takes its table from: a file of a plain shape, or the table itself, written into it."""

from __future__ import annotations

import base64
import csv
import zlib
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from lrtui.core.errors import ExportError
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.preparation import Preparation
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.reading.files import beginning
from lrtui.datasets.reading.formats import format_of, is_archive, packing_of
from lrtui.datasets.source import Source, is_pattern, part_of
from lrtui.datasets.text import quote

POLARS = {"parquet": "read_parquet", "arrow": "read_ipc", "jsonl": "read_ndjson"}
MOST_NUMBERS = 2_000_000  # of a table that is written into the script
SEPARATORS = ",;\t|"
LOOKED_AT = 200  # rows


@dataclass(frozen=True)
class Table:
    """What a script says of its table.

    Attributes:
        template: the part of the script that reads it. constants: what stands above it.
        file: whether its cells are read as they stand. polars: whether that needs polars.
    """

    template: str
    constants: dict[str, Any] = field(default_factory=dict)
    file: bool = True
    polars: bool = False


def table_of(source: Source, prepared: Preparation, problem: Problem) -> Table:
    """How a script gets the table of a source.

    Raises:
        ExportError: the file is not of a shape that a plain script reads.
    """
    if not source.is_file:
        return _written(source, prepared)
    roles = {
        "FILE": source.name,
        "TARGET": prepared.target,
        "REST": prepared.rest,
        "WEIGHTS": source.weights,
        "ROWS": problem.labelled,
    }
    if source.is_elsewhere:
        raise _unfit("it lies elsewhere")
    if source.test is not None or is_pattern(source.name) or part_of(source.name):
        raise _unfit("it comes from several files, or from a part of one")
    path = Path(source.name)
    start = beginning(path)
    if packing_of(start) or is_archive(path.name, start):
        raise _unfit(f"{quote(path.name)} is packed")
    kind = source.format or format_of(path.name, start)
    if kind in POLARS:
        return Table("polars", {**roles, "READ": POLARS[kind]}, polars=True)
    if kind != "csv":
        raise _unfit(f"{quote(path.name)} is neither CSV, Parquet, Arrow nor JSON lines")
    wanted = [reading.name for reading in prepared.readings] + [prepared.target or ""]
    wanted += [source.weights] if source.weights else []
    return Table("csv", {**roles, **_plain(path, wanted)})


def _written(source: Source, prepared: Preparation) -> Table:
    dataset = load(source)
    if source.weights or any(reading.how not in ("number", "flag") for reading in prepared.readings):
        raise _unfit(f"{dataset.where} is no file, and holds more than numbers")
    places = {name: number for number, name in enumerate(dataset.feature_names)}
    numbers = dataset.X[:, [places[column.name] for column in prepared.columns]]
    if numbers.size > MOST_NUMBERS:
        raise ExportError(
            f"{dataset.where} is no file, and too large to be written into a script.",
            "Take sklearn or onnx.",
        )
    X = base64.b64encode(zlib.compress(numbers.astype("<f8").tobytes(), 9)).decode()
    y = base64.b64encode(zlib.compress(dataset.y.astype("<i4").tobytes(), 9)).decode()
    return Table("written", {"SHAPE": numbers.shape, "TABLE": X, "LABELS": y}, file=False)


def _plain(path: Path, wanted: list[str]) -> dict[str, Any]:
    """Separator and encoding of a text file whose first row names the columns."""
    for encoding in ("utf-8-sig", "cp1252"):
        for separator in SEPARATORS:
            try:
                with path.open(newline="", encoding=encoding) as file:
                    rows = list(islice(csv.reader(file, delimiter=separator), LOOKED_AT))
            except (UnicodeDecodeError, csv.Error):
                continue
            names = [name.strip() for name in rows[0]] if rows else []
            if all(names.count(name) == 1 for name in wanted) and all(
                len(row) in (0, len(names)) for row in rows
            ):
                return {"SEPARATOR": separator, "ENCODING": encoding}
    raise _unfit(f"{quote(path.name)} is no CSV file whose first line names its columns")


def _unfit(why: str) -> ExportError:
    return ExportError(
        f"A plain script cannot read the data: {why}.",
        "Save the table as one CSV or Parquet file and train on that, or take sklearn or onnx.",
    )
