"""Curves of several runs in one plot: every one has its letter, whatever the room."""

from __future__ import annotations

from math import nan

from hypothesis import given
from hypothesis import strategies as st

from lrtui.tui.plots.curve import Curve
from lrtui.tui.plots.lines import plain_text
from lrtui.tui.plots.overlay import overlay_frame
from lrtui.tui.render.comparison import LETTERS


def curve(*values: float) -> Curve:
    found = Curve()
    found.extend(1, list(values))
    return found


def drawn(
    *curves: Curve, width: int = 80, height: int = 14, log: bool = False, ascii_only: bool = False
) -> str:
    frame = overlay_frame(curves, width=width, height=height, log=log, ascii_only=ascii_only)
    return "\n".join(map(plain_text, frame))


@given(
    st.lists(st.lists(st.floats(0.01, 5), min_size=1, max_size=90), min_size=1, max_size=6),
    st.integers(1, 120), st.integers(1, 30), st.booleans(), st.booleans(),
)  # fmt: skip
def test_any_curves_fill_any_room_exactly(
    losses: list[list[float]], width: int, height: int, log: bool, ascii_only: bool
) -> None:
    text = drawn(
        *(curve(*one) for one in losses), width=width, height=height, log=log, ascii_only=ascii_only
    )
    lines = text.split("\n")
    assert len(lines) == height
    assert {len(line) for line in lines} == {width}
    assert text.isascii() or not ascii_only


def test_each_run_has_its_letter_where_its_line_is() -> None:
    levels = [0.1, 0.3, 0.5, 0.7, 0.9, 1.1]
    lines = drawn(*(curve(*[level] * 60) for level in levels), height=24).split("\n")
    rows = [next(row for row, line in enumerate(lines) if letter in line) for letter in LETTERS]
    assert rows == sorted(rows, reverse=True)  # the higher the loss, the higher its line
    assert len(set(rows)) == len(LETTERS)


def test_a_short_run_beside_a_long_one_and_equal_runs_keep_their_letters() -> None:
    text = drawn(curve(*[0.5] * 3000), curve(0.9, 0.8))
    assert "A" in text
    assert "B" in text
    same = drawn(*(curve(*[0.5] * 40) for _ in range(6)))
    assert all(letter in same for letter in LETTERS)


def test_where_nothing_can_be_drawn_the_plot_says_so() -> None:
    assert "no loss to show" in drawn(curve(nan), Curve())
    assert "no loss above 0" in drawn(curve(-1.0, 0.0), log=True)
