"""Columns that find room by their importance, and names that end where a word does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrtui.datasets.text import width
from lrtui.tui.render.columns import Column, fit_name, fitted

COLUMNS = (
    Column("run", right=True),
    Column("name", name=True),
    Column("state", 5),
    Column("epochs", 2, right=True, least=9),
    Column("acc", 3, right=True),
)
ROWS = [
    {"run": "1", "name": "moons", "state": "finished", "epochs": "200", "acc": "0.9"},
    {"run": "12", "name": "example-learning-rate", "state": "paused", "epochs": "7", "acc": "0.88"},
]


def test_the_heaviest_columns_find_room_first_and_names_before_light_ones() -> None:
    heads = {room: fitted(COLUMNS, ROWS, room).head.split() for room in (80, 48, 38, 30, 12)}
    assert heads[80] == ["run", "name", "state", "epochs", "acc"]
    assert heads[48] == ["run", "name", "state", "acc"]
    assert heads[38] == ["run", "name", "state"]
    assert heads[12] == ["run", "name"]
    assert fitted(COLUMNS, ROWS, 80).line(ROWS[0]) == "  1 moons                 finished       200  0.9"
    assert "example-learning-rate" in fitted(COLUMNS, ROWS, 38).line(ROWS[1])
    assert fitted(COLUMNS, ROWS, 30).line(ROWS[1]) == " 12 example-learning… paused"


@pytest.mark.parametrize(
    ("name", "room", "shown"),
    [
        ("moons", 5, "moons"),
        ("moons:n=500,noise=0.25", 19, "moons:n=500…"),
        ("moons:n=500,noise=0.25", 9, "moons…"),
        ("sales_2024.final.csv", 16, "sales_2024…"),
        ("breast-cancer", 12, "breast…"),
        ("extraordinarily", 9, "extraord…"),  # one word: there is nothing better
        ("moons", 1, "m"),
    ],
)
def test_a_name_is_cut_where_a_word_ends(name: str, room: int, shown: str) -> None:
    assert fit_name(name, room) == shown


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Mn"]), max_size=30), st.integers(1, 40))
def test_no_name_takes_more_than_its_room(name: str, room: int) -> None:
    assert width(fit_name(name, room)) <= room


def test_of_two_names_a_long_one_is_cut_and_hides_neither_itself_nor_the_other() -> None:
    columns = (Column("run", right=True), Column("name", 9, name=True), *COLUMNS[1:])
    columns = (columns[0], columns[1], Column("dataset", name=True), *COLUMNS[2:])
    rows = [{**row, "dataset": row["name"], "name": "a name of sixty characters " * 2} for row in ROWS]
    for room in range(45, 120):
        table = fitted(columns, rows, room)
        assert max(width(table.line(row)) for row in rows) <= room
        assert table.head.split()[:3] == ["run", "name", "dataset"]
    assert rows[0]["name"].strip() in fitted(columns, rows, 110).line(rows[0])
