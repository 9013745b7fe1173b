"""A table of one's own, end to end: from its name to a model that the doctor has looked at."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.datasets.inspection.tables import passengers
from tests.e2e.conftest import Ask, Open


def test_from_a_broken_file_to_a_model_that_was_diagnosed_and_through_folders_to_one_of_three_classes(
    lrtui: Open, ask: Ask, tmp_path: Path
) -> None:
    (tmp_path / "broken.csv").write_text("a,b\n1,2\n1,2,3\n")
    passengers(891).write_csv(tmp_path / "titanic.csv")
    (tmp_path / "data" / "flowers").mkdir(parents=True)
    kinds = ["setosa", "versicolor", "virginica"] * 40
    frame = pl.DataFrame(
        {
            "petal": [float(len(kind)) + place % 7 / 5 for place, kind in enumerate(kinds)],
            "sepal": [place % 11 / 3 for place in range(120)],
            "species": kinds,
        }
    )
    frame.write_parquet(tmp_path / "data" / "flowers" / "iris.parquet")
    screen = lrtui("broken.csv")
    screen.see("Row 2 of 'broken.csv' has 3 values")
    screen.press("escape")
    screen.see("needs a target")

    screen.press("o")
    screen.see("Choose a dataset")
    screen.press("titanic.csv", "enter")
    screen.see(r"target Survived\s+positive ‹ 1 ›")
    screen.see(r"▸ Survived\s+flag\s+target")
    screen.press("down", "down", "down")
    screen.see(r"share of 1")
    screen.process.send("\r ")  # Enter and Space in one burst
    screen.see("✓ finished")
    screen.see("The doctor finds nothing wrong")

    screen.press("o")
    screen.see("Choose a dataset")
    screen.press("./", "enter")
    screen.see(r"\./data/")
    screen.press("enter")
    screen.see("iris.parquet")
    screen.press("enter")
    screen.see("all 3, softmax")
    screen.press("up", "space")
    screen.see("left out by you|left out")
    screen.press("right")
    screen.see(r"positive ‹ setosa ›\s+40 of 120 rows")
    screen.press("left", "enter")
    screen.see(r"dropped columns\s+sepal")
    screen.press("space")
    screen.see(r"run 2.*✓ finished")
    screen.press("q")
    assert screen.end() == 0
    flowers, titanic = ask("runs")
    assert titanic["test_accuracy"] > 0.65
    assert ask("show", str(titanic["run_id"]))["target"] == "Survived"
    assert ask("show", str(flowers["run_id"]))["config"]["drop_columns"] == ["sepal"]
