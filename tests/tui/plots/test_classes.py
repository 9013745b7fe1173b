"""Shares by class: every class that finds room is seen, the others are counted, and lines fit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrtui.datasets.text import width
from lrtui.tui.plots.classes import classes_frame, classes_legend
from lrtui.tui.plots.lines import STYLES, plain_text


def text(*args: object, **more: object) -> list[str]:
    return [plain_text(line) for line in classes_frame(*args, **more)]  # type: ignore[arg-type]


@settings(max_examples=40)
@given(
    counts=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=3, max_size=120),
    names=st.lists(st.text(max_size=30), min_size=1, max_size=8),  # again and again
    columns=st.integers(0, 170),
    rows=st.integers(0, 45),
    ascii_only=st.booleans(),
)
def test_every_line_has_the_width_and_nothing_harmful(
    counts: list[tuple[int, int]], names: list[str], columns: int, rows: int, ascii_only: bool
) -> None:
    pair = ([said for said, _ in counts], [have for _, have in counts])
    names = (names * len(counts))[: len(counts)]
    frame = classes_frame(pair, names, columns=columns, rows=rows, ascii_only=ascii_only)
    lines = [plain_text(line) for line in frame]
    assert len(lines) == rows
    if columns:
        assert {width(line) for line in lines} <= {columns}
    assert all(line.isprintable() for line in lines)
    assert not ascii_only or all(line.isascii() for line in lines)
    assert {style for line in frame for _, style in line} <= {*STYLES, ""}


def test_a_bar_is_as_long_as_its_share_and_a_mark_stands_at_the_true_one() -> None:
    lines = text(([80, 20, 0], [40, 40, 20]), ("a", "b", "c"), columns=60, rows=3)
    bars = [line.count("█") for line in lines]
    assert bars[0] > 3 * bars[1] > 0
    assert bars[2] == 0
    assert lines[0].index("┃") == lines[1].index("┃")  # as many rows are of both
    assert lines[2].index("┃") < lines[1].index("┃")
    assert [line.split()[-5:] for line in lines] == [
        ["80", "%", "/", "40", "%"],
        ["20", "%", "/", "40", "%"],
        ["0", "%", "/", "20", "%"],
    ]


def test_classes_keep_their_order_where_all_find_room() -> None:
    lines = text(([1, 5, 3], [1, 5, 3]), ("x", "y", "z"), columns=60, rows=5)
    assert [line[:2] for line in lines[:3]] == [" x", " y", " z"]
    assert not lines[3].strip()


@pytest.mark.parametrize(("columns", "shown"), [(54, 6), (100, 13)])
def test_of_too_many_classes_the_largest_come_first_and_the_rest_are_counted(
    columns: int, shown: int
) -> None:
    sizes = list(range(1, 101))
    lines = text((sizes, sizes), [f"c{size}" for size in sizes], columns=columns, rows=7)
    joined = "\n".join(lines)
    assert f"and {100 - shown} more" in joined
    assert all(f" c{size} " in joined for size in range(101 - shown, 101))
    assert f" c{100 - shown} " not in joined


def test_a_class_that_takes_all_predictions_is_seen_though_it_is_rare() -> None:
    said, have = [0] * 50, [10] * 50
    said[49] = 500
    assert " c49 " in text((said, have), [f"c{i}" for i in range(50)], columns=54, rows=7)[0]


def test_before_anything_is_predicted_it_says_so() -> None:
    lines = text(None, (), columns=40, rows=5, empty="no predictions yet")
    assert "no predictions yet" in "\n".join(lines)


def test_the_legend_is_ascii_where_that_is_asked() -> None:
    assert classes_legend(ascii_only=True).isascii()
    assert "┃" in classes_legend()
