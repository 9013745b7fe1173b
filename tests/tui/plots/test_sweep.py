"""Plots of sweeps: right at every size, and legible without colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrtui.core.config import Config
from lrtui.core.sweep.plan import Axis, around
from lrtui.core.sweep.points import Point, zoned
from lrtui.core.training.measurement import BINS, Measurement
from lrtui.tui.plots.heat import heat_frame, heat_legend
from lrtui.tui.plots.lines import Frame, plain_text
from lrtui.tui.plots.sweep import columns_of, sweep_frame, sweep_legend

RATES = Axis("lr", (0.001, 0.01, 0.1, 1.0, 10.0, 100.0))
EMPTY = Measurement(
    1, 0.5, 0.6, 0.7, 0.8, 0.5, 0.5, 0.5, 1, 0.6, 0.1, 1.0, (4, 1, 2, 3), ((0,) * BINS, (0,) * BINS)
)
AXES = [
    RATES,
    Axis("scaling", ("none", "standard", "robust")),
    Axis("weight_decay", (0.0, 1e-6, 1e-3, 1.0)),
    Axis("seed", (0, 1, 2, 3)),
    Axis("init_bias", (None, "log-odds", 0.0)),
    Axis("shuffle", (True, False)),
    Axis("threshold", (0.5,)),
]
any_loss = st.floats(width=32) | st.just(None)


def points(axis: Axis, losses: Sequence[float | None], **values: Any) -> list[Point]:
    """A point for each value, with this training loss; ``None`` has not been measured yet."""
    found = []
    for value, loss in zip(axis.values, losses, strict=True):
        measured = None if loss is None else replace(EMPTY, train_loss=loss, test_loss=loss, **values)
        found.append(Point({axis.field: value}, 1, measured is not None, None, measured))
    return zoned(found, [axis])


def text(frame: Frame) -> list[str]:
    return [plain_text(line) for line in frame]


@settings(max_examples=40)
@given(
    axis=st.sampled_from(AXES),
    losses=st.lists(any_loss, min_size=6, max_size=6),
    width=st.integers(0, 130),
    height=st.integers(2, 40),
    ascii_only=st.booleans(),
    cursor=st.none() | st.integers(0, 5),
)
def test_every_line_of_a_curve_has_the_width(
    axis: Axis,
    losses: list[float | None],
    width: int,
    height: int,
    ascii_only: bool,
    cursor: int | None,
) -> None:
    shown = points(axis, losses[: len(axis.values)])
    current = axis.values[0]
    frame = sweep_frame(
        shown, axis, width=width, height=height, current=current, cursor=cursor, ascii_only=ascii_only
    )
    assert len(frame) == height
    assert {len(line) for line in text(frame)} == {width}
    if ascii_only:
        assert all(line.isascii() for line in text(frame))


def test_zones_stand_under_the_losses_in_marks_that_need_no_colour() -> None:
    shown = points(RATES, (0.69, 0.5, 0.2, 0.2, 3.0, float("inf")))
    lines = text(sweep_frame(shown, RATES, width=80, height=20))
    zones = next(line for line in lines if "░" in line and "×" in line)
    assert zones.index("░") < zones.index("█") < zones.index("×")
    assert zones.count("█") > 20
    assert sweep_legend(shown) == "█ good  ░ slower  × unstable  ↑ not finite"
    assert "= good" in sweep_legend(shown, ascii_only=True)


def test_points_with_one_label_have_a_line_of_their_own() -> None:
    one_label = points(RATES, (0.5,) * 6, confusion=(0, 5, 0, 5), majority_label=1)
    lines = text(sweep_frame(one_label, RATES, width=80, height=20))
    assert any("▀" * 70 in line for line in lines)
    assert "▀ one label" in sweep_legend(one_label)


def test_a_loss_that_is_no_number_is_an_arrow_at_the_top() -> None:
    shown = points(RATES, (0.5, 0.5, 0.5, 0.5, 0.5, float("inf")))
    assert text(sweep_frame(shown, RATES, width=80, height=20))[0].rstrip().endswith("↑")


def test_the_present_value_and_the_cursor_are_marked_with_words() -> None:
    shown = points(RATES, (0.5,) * 6)
    lines = "\n".join(text(sweep_frame(shown, RATES, width=80, height=20, current=0.1, cursor=4)))
    assert "now" in lines
    assert "10" in lines.split("\n")[0]


@pytest.mark.parametrize(
    ("axis", "current"),
    [(Axis("threshold", (0.1, 0.5)), "base-rate"), (Axis("init_bias", (-1.0, 0.0)), "log-odds")],
)
def test_a_present_value_that_is_a_word_has_no_place_among_numbers(axis: Axis, current: str) -> None:
    lines = text(sweep_frame(points(axis, (0.5, 0.4)), axis, width=80, height=20, current=current))
    assert "now" not in "".join(lines)
    mixed = Axis(axis.field, (*axis.values, current))
    lines = text(sweep_frame(points(mixed, (0.5, 0.4, 0.3)), mixed, width=80, height=20, current=current))
    assert "now" in "".join(lines)
    assert current in "".join(lines)


def test_values_stand_on_their_scale_and_choices_in_order() -> None:
    at = columns_of(RATES, 101)
    assert [at(value) for value in RATES.values] == [0, 20, 40, 60, 80, 100]
    at = columns_of(Axis("scaling", ("none", "standard")), 100)
    assert (at("none"), at("standard")) == (25, 75)
    decay = around(Config(), "weight_decay")
    columns = [columns_of(decay, 100)(value) for value in decay.values]
    assert columns == sorted(columns)
    assert len(set(columns)) == len(columns)  # 0 has no logarithm, and still a place of its own


def test_before_the_first_point_the_plot_says_so() -> None:
    lines = text(sweep_frame(points(RATES, (None,) * 6), RATES, width=80, height=20))
    assert any("waiting for the first points" in line for line in lines)


# --- two fields ---


def grid(down: Axis, across: Axis, losses: Sequence[float | None]) -> list[Point]:
    found = []
    for number, loss in enumerate(losses):
        row, column = divmod(number, len(across.values))
        values = {down.field: down.values[row], across.field: across.values[column]}
        measured = None if loss is None else replace(EMPTY, train_loss=loss)
        found.append(Point(values, 1, measured is not None, None, measured))
    return zoned(found, (down, across))


DOWN = AXES[1]
LOSSES = [0.1 * number for number in range(1, 19)]


@pytest.mark.parametrize("ascii_only", [False, True])
def test_a_heat_map_is_darkest_where_the_loss_is_lowest(ascii_only: bool) -> None:
    frame = heat_frame(
        grid(DOWN, RATES, LOSSES), (DOWN, RATES), width=100, height=10, ascii_only=ascii_only
    )
    lines = text(frame)
    dark, light = ("#", ".") if ascii_only else ("█", "·")
    assert f"{dark}0.1000" in lines[1]
    assert f"{light}1.8000" in lines[3]
    assert f"{dark} low" in heat_legend(ascii_only=ascii_only)
    assert ("<" if ascii_only else "◂") in lines[1]
    if ascii_only:
        assert all(line.isascii() for line in lines)


def test_a_narrow_legend_leaves_out_whole_words() -> None:
    assert heat_legend(width=50) == "training loss: █ low  · high  ◂ best  ▀ one label"
    assert heat_legend(width=40) == "training loss: █ low  · high  ◂ best"


@pytest.mark.parametrize("width", [40, 60, 80, 100, 160])
def test_heads_are_whole_and_stand_over_the_end_of_their_cells(width: int) -> None:
    axis = around(Config(), "lr", 6)
    shown = grid(DOWN, axis, [0.5] * (3 * len(axis.values)))
    lines = text(heat_frame(shown, (DOWN, axis), width=width, height=4, cursor=0))
    assert all(len(line) <= width for line in lines)
    for head in lines[0].split():
        assert float(head) in axis.values


def test_the_cursor_of_a_heat_map_is_in_brackets_and_stays_in_view() -> None:
    shown = grid(DOWN, RATES, LOSSES)
    for number in range(len(shown)):
        lines = text(heat_frame(shown, (DOWN, RATES), width=34, height=3, cursor=number))
        assert sum(line.count("[") for line in lines) == 1
        assert len(lines) == 3
        row = next(line for line in lines if "[" in line)
        assert row.split()[0] == DOWN.values[number // 6]


def test_cells_that_wait_are_blank_and_those_that_diverged_are_crossed() -> None:
    losses: list[float | None] = [None, float("nan"), *LOSSES[2:]]
    line = text(heat_frame(grid(DOWN, RATES, losses), (DOWN, RATES), width=100, height=10))[1]
    assert "×   inf" in line
    assert "0.3000" in line
