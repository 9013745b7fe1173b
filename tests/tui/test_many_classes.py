"""More than two classes on the screen: shares, the confusion table, names and banner."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sklearn.datasets import load_digits, load_iris

from lrtui.core.training.measurement import Measurement
from lrtui.datasets.source import Source
from lrtui.tui.panes.metrics import MetricsPane
from lrtui.tui.render.classes import confusion_lines, recall_rows
from lrtui.tui.render.glyphs import ASCII, UNICODE
from tests.tui.bench import Bench, dashboard

SETOSA = "setosa\x1b[31m"


@pytest.fixture
def iris(tmp_path: Path) -> Path:
    return written(tmp_path / "iris.csv", load_iris(), ["setosa", "versicolor", "virginica"])


def written(path: Path, data: object, names: list[str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow([*(f"x{i}" for i in range(data.data.shape[1])), "kind"])  # type: ignore[attr-defined]
        for x, y in zip(data.data, data.target, strict=True):  # type: ignore[attr-defined]
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


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_shares_stand_where_the_histogram_of_two_classes_does(
    iris: Path, size: tuple[int, int]
) -> None:
    async with looking_at(iris, size, epochs=100) as bench:
        assert "predicted █  true ┃" in bench.screen
        for name in ("setosa", "versicolor", "virginica"):
            (line,) = [line for line in bench.screen.split("\n") if f" {name} " in line and "█" in line]
            assert "% /   33 %" in line
        assert "base rate 33 %" in bench.screen


async def test_the_confusion_table_stands_below_the_numbers_where_there_is_room(iris: Path) -> None:
    async with looking_at(iris, (160, 50), epochs=100) as bench:
        rows = [
            line[line.rindex("││") :].strip("│ ").split()
            for line in bench.screen.split("\n")
            if "││" in line
        ]
        assert ["true", "setosa", "versicol", "virginic"] in rows  # as much of the names as fits
        assert ["setosa", "10", "0", "0"] in rows
        assert ["weight", "norm"] in [row[:2] for row in rows]


async def test_in_plain_ascii_too(iris: Path) -> None:
    async with looking_at(iris, (80, 24), ascii_only=True, epochs=20) as bench:
        assert bench.screen.isascii()
        assert "predicted #  true |" in bench.screen


async def test_one_label_is_named_in_the_banner(iris: Path) -> None:
    async with looking_at(iris, (120, 40), epochs=1, init="zeros", init_bias=0.0, lr=0.0) as bench:
        assert "Every test row is predicted setosa; 33 % of them are setosa." in bench.banner
        assert "every test row is predicted setosa" in bench.screen


async def test_names_from_the_file_do_no_harm(tmp_path: Path) -> None:
    path = written(tmp_path / "odd.csv", load_iris(), [SETOSA, "[red]b", "\u202ec"])
    async with looking_at(path, (160, 50), epochs=1, init="zeros", lr=0.0) as bench:
        assert "\x1b" not in bench.screen
        assert "\u202e" not in bench.screen
        assert "[red]b" in bench.banner  # the first by name, and markup is read nowhere
        assert r"setosa\x1b[31m" in bench.screen


async def test_the_metrics_hold_recalls_where_the_table_finds_no_room_and_scroll(tmp_path: Path) -> None:
    path = written(tmp_path / "digits.csv", load_digits(), [f"digit {i}" for i in range(10)])
    async with looking_at(path, (160, 50), epochs=3) as bench:
        assert "recall digit 0" in bench.screen
        pane = bench.app.query_one(MetricsPane)
        pane.focus()
        for _ in range(30):
            await bench.press("down")
        assert "recall digit 9" in bench.screen


async def test_a_fix_shows_shares_before_and_after(iris: Path) -> None:
    from lrtui.core.doctor import doctor

    async with looking_at(iris, (160, 50), doctor=doctor, scaling="none", lr=1e-6) as bench:
        await bench.examine()
        assert "Learning rate too low" in bench.screen
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
