"""Curves and maps as lines: every point in its cell, legible in ASCII."""

from __future__ import annotations

import pytest

from lrtui.core.inside.record import Column, Curves, Map, Seen, Series, Spot, Table
from lrtui.tui.plots.curves import curves_frame, legend
from lrtui.tui.plots.inside import inside_page
from lrtui.tui.plots.lines import plain_text
from lrtui.tui.plots.map import map_frame
from lrtui.tui.render.glyphs import ASCII, UNICODE
from lrtui.tui.render.inside import bar, table_lines
from lrtui.tui.render.wrapping import plain

WHOLE = (0.0, 1.0)
DIAGONAL = Curves(
    "x", "y", (Series("", ((0.0, 0.0), (1.0, 1.0))), Series("here", ((1.0, 0.0),), "X")), WHOLE, WHOLE
)


def drawn(curves: Curves, width: int = 46, height: int = 12) -> list[str]:
    return [plain_text(line) for line in curves_frame(curves, width=width, height=height, ascii_only=True)]


def test_a_line_goes_from_corner_to_corner_and_a_mark_has_its_name() -> None:
    lines = drawn(DIAGONAL)
    assert lines[0].rstrip().endswith("*")
    assert lines[9][6] == "*"
    assert lines[9].rstrip().endswith("here X")
    assert "1.0" in lines[-1]
    assert legend(DIAGONAL) == ""


def test_a_faint_line_has_gaps_and_is_told_in_the_legend() -> None:
    curves = Curves("x", "y", (Series("chance", ((0.0, 0.5), (1.0, 0.5)), faint=True),), WHOLE, WHOLE)
    assert any(". " in line for line in drawn(curves))
    assert legend(curves, ascii_only=True) == ". chance"


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 2), (10, 3), (25, 4)])
def test_no_size_is_too_small(width: int, height: int) -> None:
    for frame in (
        curves_frame(DIAGONAL, width=width, height=height),
        map_frame(FOUR, width=width, height=height),
    ):
        assert all(len(plain_text(line)) == width for line in frame)


FOUR = Map(
    "a",
    "b",
    (0.0, 1.0),
    (0.0, 1.0),
    (".:", "-="),
    (("=", "sure"),),
    (Spot(0, 0, 0), Spot(1, 1, 1)),
    ("n", "y"),
)


def test_a_map_has_its_cells_in_their_places_and_the_rows_over_them() -> None:
    lines = [plain_text(line) for line in map_frame(FOUR, width=16, height=8, ascii_only=True)]
    assert lines[0][5:] == ".....:::::B"
    assert lines[5][5:] == "A----====="[:10] + "="


def test_a_table_says_which_columns_found_no_room_and_bars_start_in_the_middle() -> None:
    table = Table(
        (Column("name", name=True, right=False), Column("weight"), Column("error", 5)),
        (("a" * 30, "1", "2" * 20), ("b", "-1", "3")),
        (1.0, -0.5),
    )
    lines = [plain(line) for line in table_lines(table, 40, ASCII)]
    assert lines[-1] == "With more room also: error."
    assert [bar(share, ASCII) for share in (1.0, -0.4, 0.001, 0.0)] == [
        "     |#####", "   ##|     ", "     |#    ", "     |     ",
    ]  # fmt: skip


def test_a_page_takes_what_is_left_for_a_plot_and_lets_nothing_from_outside_through() -> None:
    seen = Seen("v", "V", lines=("evil \x1b[2J",), parts=(DIAGONAL,), notes=("below",))
    page = [plain(line) for line in inside_page(seen, 60, 15, UNICODE)]
    assert "\x1b" not in "".join(page)
    assert len(page) == 16
    assert page[-1] == "below"
