"""More than two classes on the screen: shares, the confusion table, names and banner."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_iris

from lrtui.core.training.measurement import Measurement
from lrtui.datasets.source import Source
from lrtui.tui.panes.metrics import MetricsPane
from lrtui.tui.render.classes import confusion_lines, recall_rows
from lrtui.tui.render.glyphs import ASCII, UNICODE
from lrtui.tui.render.metrics import in_columns
from tests.core.letters import Says, letter
from tests.tui.bench import Bench, dashboard

SETOSA = "setosa\x1b[31m"


NAMES = ["setosa", "versicolor", "virginica"]


@pytest.fixture
def iris(tmp_path: Path) -> Path:
    """Fifteen flowers of each class."""
    found, few = load_iris(), np.arange(150) % 50 < 15
    return written(tmp_path / "iris.csv", found.data[few], found.target[few], NAMES)


def written(path: Path, rows: Any, classes: Any, names: list[str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow([*(f"x{i}" for i in range(len(rows[0]))), "kind"])
        for x, y in zip(rows, classes, strict=True):
            table.writerow([*x, names[y]])
    return path


@asynccontextmanager
async def looking_at(path: Path, size: tuple[int, int], **more: object) -> AsyncIterator[Bench]:
    """A dashboard with all classes of a file at hand."""
    async with dashboard(str(path), size, target="kind", **more) as bench:  # type: ignore[arg-type]
        bench.app.take_source(Source(str(path), "kind", multiclass=True))
        await bench.train()
        await bench.press("space")
        await bench.train_to_the_end()
        yield bench


async def test_shares_stand_where_the_histogram_does_and_the_table_where_there_is_room(iris: Path) -> None:
    async with looking_at(iris, (80, 24), epochs=30) as bench:
        for size in ((80, 24), (160, 50)):
            await bench.resize(*size)
            assert "predicted █  true ┃" in bench.screen
            for name in NAMES:
                (line,) = [line for line in bench.screen.split("\n") if f" {name} " in line and "█" in line]
                assert "% /   33 %" in line
            assert "3 classes of at most 33 %" in bench.screen
        rows = [
            line[line.rindex("││") :].strip("│ ").split()
            for line in bench.screen.split("\n")
            if "││" in line
        ]
        assert ["true", "setosa", "versico…", "virgini…"] in rows  # as much of the names as fits
        assert ["setosa", "3", "0", "0"] in rows
        assert ["weight", "norm"] in [row[:2] for row in rows]


async def test_in_plain_ascii_too(iris: Path) -> None:
    async with looking_at(iris, (80, 24), ascii_only=True, epochs=2) as bench:
        assert bench.screen.isascii()
        assert "predicted #  true |" in bench.screen
        await bench.press("P", "plus", "right")  # there is no axis to go along
        assert "in view" not in bench.screen
        assert "+- zoom" not in bench.screen


async def test_one_label_is_named_in_the_banner_and_names_from_the_file_do_no_harm(tmp_path: Path) -> None:
    classes = [0, 1, 2] * 10
    path = written(tmp_path / "odd.csv", [[i] for i in range(30)], classes, [SETOSA, "[red]b", "\u202ec"])
    async with looking_at(path, (160, 50), epochs=1, init="zeros", init_bias=0.0, lr=0.0) as bench:
        # The first by name; and markup is read nowhere.
        assert "Every test row is predicted [red]b; 33 % of them are [red]b." in bench.banner
        assert "every test row is predicted [red]b" in bench.screen
        assert "\x1b" not in bench.screen
        assert "\u202e" not in bench.screen
        assert r"setosa\x1b[31m" in bench.screen


async def test_the_metrics_hold_recalls_where_the_table_finds_no_room_and_scroll(tmp_path: Path) -> None:
    names = [f"digit {i}" for i in range(10)]
    path = written(tmp_path / "ten.csv", [[i % 10, i % 7] for i in range(100)], [*range(10)] * 10, names)
    async with looking_at(path, (160, 50), epochs=3) as bench:
        assert "recall digit 0" in bench.screen
        assert "recall digit 9" not in bench.screen
        bench.app.query_one(MetricsPane).focus()
        await bench.press(*["down"] * 30)
        assert "recall digit 9" in bench.screen


@pytest.mark.parametrize("width", [16, 25, 38, 50])
def test_a_label_that_has_no_room_beside_its_value_is_cut(width: int) -> None:
    rows = [("recall class with a long name", "0.750"), ("accuracy", "–"), ("weight norm", "5.0229")]
    for height in (1, 9):
        columns = {len(line) for line in in_columns(rows, width, height, UNICODE)}
        assert max(columns) <= width
    assert [line[:-1].split()[-1] for line in in_columns(rows, width, 9, UNICODE)] == [v for _, v in rows]


async def test_a_fix_shows_shares_before_and_after(iris: Path) -> None:
    async with looking_at(iris, (160, 50), doctor=Says(letter()), scaling="none", epochs=10) as bench:
        await bench.examine()
        assert "Unscaled features" in bench.screen
        await bench.press("f", "enter")
        await bench.train_to_the_end()
        assert "after:" in bench.screen
        assert bench.screen.count(" virginica ") >= 2


def measured(table: list[list[int]]) -> Measurement:
    flat = tuple(count for row in table for count in row)
    numbers = dict.fromkeys(
        ("train_loss", "test_loss", "train_accuracy", "test_accuracy", "base_accuracy", "test_auc",
         "test_balanced_accuracy", "gradient_norm", "weight_norm", "majority_share"), 0.0
    )  # fmt: skip
    return Measurement(epoch=1, majority_label=0, confusion=flat, histogram=((), ()), **numbers)


def test_the_confusion_table_is_whole_or_not_there() -> None:
    found, names = measured([[10, 0, 0], [0, 9, 1], [0, 1234, 9]]), ("setosa", "versicolor", "virginica")
    lines = confusion_lines(found, names, 60, 4, UNICODE)
    assert lines is not None
    assert [line.split() for line in lines] == [
        ["true", "setosa", "versicolor", "virginica"],
        ["setosa", "10", "0", "0"],
        ["versicolor", "0", "9", "1"],
        ["virginica", "0", "1,234", "9"],
    ]
    assert all(len(line) <= 60 for line in lines)
    assert confusion_lines(found, names, 60, 3, UNICODE) is None
    assert confusion_lines(found, names, 25, 4, UNICODE) is None
    narrow = confusion_lines(found, names, 34, 4, ASCII)
    assert narrow is not None
    assert max(map(len, narrow)) <= 34


def test_recalls_say_nothing_of_a_class_without_rows() -> None:
    found = measured([[3, 1, 0], [0, 0, 0], [0, 1, 1]])
    assert recall_rows(found, ("a", "b", "c"), UNICODE) == [
        ("recall a", "0.750"),
        ("recall b", "–"),
        ("recall c", "0.500"),
    ]
    assert replace(found, majority_label=1).one_label is False
