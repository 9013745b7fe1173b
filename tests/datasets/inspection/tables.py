"""Tables that the tests of inspection share."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl

from lrtui.datasets.inspection.inspector import Inspector
from lrtui.datasets.inspection.record import Inspection
from lrtui.datasets.source import Source


def passengers(rows: int = 400, seed: int = 7) -> pl.DataFrame:
    """Like the passenger list of the Titanic: words, gaps, an identifier, and a survival to be told."""
    draw = random.Random(seed)
    made = []
    for number in range(rows):
        sex = draw.choice(["male", "male", "female"])
        made.append(
            {
                "PassengerId": number + 1,
                "Survived": int(draw.random() < (0.75 if sex == "female" else 0.2)),
                "Pclass": draw.choice([1, 2, 3]),
                "Name": f"Passenger, Mr. or Mrs. {number}",
                "Sex": sex,
                "Age": None if draw.random() < 0.2 else round(draw.uniform(1, 80), 1),
                "Fare": round(draw.expovariate(1 / 30), 4),
                "Embarked": draw.choice(["S", "S", "C", "Q"]),
            }
        )
    return pl.DataFrame(made)


def inspect(source: Source) -> Inspection:
    """What stands in a table, with the target that the source names or else the best candidate."""
    return Inspector(source).look(source.target)


def looked_at(folder: Path, frame: pl.DataFrame, target: str | None = None) -> Inspection:
    """What is found in a table that stands in a CSV file."""
    path = folder / "table.csv"
    frame.write_csv(path)
    return inspect(Source(str(path), target))
