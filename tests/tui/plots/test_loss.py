"""The loss plot: right at every size and for every run, and legible without colour."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrtui.tui.plots.curve import Curve
from lrtui.tui.plots.lines import STYLES, Frame, plain_text
from lrtui.tui.plots.loss import loss_frame, loss_legend

SIZES = [(54, 7), (54, 12), (100, 20), (34, 5), (20, 4), (7, 3), (1, 1), (0, 0)]
any_float = st.floats(width=32)


def curve(values: Sequence[float]) -> Curve:
    found = Curve()
    found.extend(1, values)
    return found


def text(frame: Frame) -> list[str]:
    return [plain_text(line) for line in frame]


def styled(frame: Frame, style: str) -> str:
    return "".join(text.rstrip() for line in frame for text, name in line if name == style)


def noisy(epochs: int) -> list[float]:
    return [0.3 + 0.5 * math.exp(-e / 40) + 0.03 * math.sin(e * e) for e in range(epochs)]


@settings(max_examples=40)
@given(
    train=st.lists(any_float, max_size=300),
    test=st.lists(any_float, max_size=50),
    width=st.integers(0, 130),
    height=st.integers(0, 40),
    total=st.integers(1, 10_000_000),
    log=st.booleans(),
    ascii_only=st.booleans(),
    marks=st.lists(st.tuples(st.integers(0, 400), st.text(max_size=20)), max_size=5),
    empty=st.text(max_size=60),
    ghost=st.lists(any_float, max_size=50),
)
def test_every_line_has_the_width(
    train: list[float],
    test: list[float],
    width: int,
    height: int,
    total: int,
    log: bool,
    ascii_only: bool,
    marks: list[tuple[int, str]],
    empty: str,
    ghost: list[float],
) -> None:
    frame = loss_frame(
        curve(train),
        list(enumerate(test)),
        width=width,
        height=height,
        total_epochs=total,
        log=log,
        marks=marks,
        ghosts=[curve(ghost)],
        ascii_only=ascii_only,
        empty=empty,
    )
    assert [len(line) for line in text(frame)] == [width] * height
    assert all(line.isprintable() for line in text(frame))
    assert {name for line in frame for _, name in line} <= {*STYLES, ""}
    if ascii_only and empty.isascii() and all(label.isascii() for _, label in marks):
        assert all(line.isascii() for line in text(frame))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_plots_of_one_size_have_one_gutter(width: int, height: int) -> None:
    frames = [
        text(loss_frame(curve(v), [], width=width, height=height, total_epochs=9, ascii_only=True))
        for v in ([0.5], [1e30, 1e20], [0.00001, 0.00002], [])
    ]
    below = [frame[-2] if height >= 4 else "" for frame in frames]
    assert len(set(below)) == 1


def test_train_and_test_differ_without_colour() -> None:
    frame = loss_frame(
        curve([0.5] * 50), [(e, 0.9) for e in range(1, 50)], width=54, height=7, total_epochs=50
    )
    assert set(styled(frame, "test")) - {" "} == {"•"}
    assert all(0x2800 < ord(c) < 0x2900 for c in styled(frame, "train").replace(" ", ""))
    frame = loss_frame(
        curve([0.5] * 50),
        [(e, 0.9) for e in range(1, 50)],
        width=54,
        height=7,
        total_epochs=50,
        ascii_only=True,
    )
    assert set(styled(frame, "test")) - {" "} == {"."}
    assert set(styled(frame, "train")) - {" "} == {"*"}
    assert "*" in loss_legend(ascii_only=True)


def test_a_curve_of_ascii_stars_passes_the_cells_of_its_values() -> None:
    """Brute force: every epoch's cell, found from the labels of the axes, holds a star."""
    values = noisy(200)
    frame = text(loss_frame(curve(values), [], width=106, height=22, total_epochs=200, ascii_only=True))
    rows = {float(line[:5]): y for y, line in enumerate(frame[:-2]) if line[:5].strip()}
    (low, bottom), (high, top) = min(rows.items()), max(rows.items())
    for epoch, value in enumerate(values, 1):
        row = bottom - (value - low) * (bottom - top) / (high - low)
        column = 6 + epoch / 200 * 99
        near = [
            frame[y][x]
            for y in range(math.floor(row - 0.6), math.ceil(row + 0.6) + 1)
            for x in range(math.floor(column - 0.6), math.ceil(column + 0.6) + 1)
            if 0 <= y < 20 and x < 106
        ]
        assert "*" in near


def test_equal_train_and_test_losses_share_their_row() -> None:
    frame = loss_frame(curve([0.4] * 90), [(50, 0.4)], width=54, height=9, total_epochs=90)
    rows = {y for y, line in enumerate(frame) for _, style in line if style in ("train", "test")}
    assert len(rows) == 1


def test_a_spike_of_one_epoch_among_millions_is_seen() -> None:
    long = Curve()
    for first in range(1, 1_000_000, 1000):
        long.extend(first, [0.5] * 1000)
    calm = loss_frame(long, [], width=54, height=7, total_epochs=2_000_000)
    long.extend(1_000_001, [9.0])
    assert text(calm)[0].strip(" │┤0.7") == ""
    spiky = loss_frame(long, [], width=54, height=7, total_epochs=2_000_000)
    assert any(style == "train" for line in spiky[:2] for _, style in line)


def test_a_change_is_marked_and_its_label_whole() -> None:
    values, marks = noisy(200), [(90, "lr 0.1→0.01")]
    for width, height in SIZES:
        frame = loss_frame(curve(values), [], width=width, height=height, total_epochs=200, marks=marks)
        said = styled(frame, "mark").replace("╎", "").strip()
        assert said in ("", "lr 0.1→0.01")
        if width >= 54:
            assert said == "lr 0.1→0.01"


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("second", range(40, 200, 8))
def test_of_two_changes_close_together_both_are_named(second: int, ascii_only: bool) -> None:
    values, marks = [1.0] + [0.1] * 199, [(40, "lr 0.05->0.02"), (second, "lr 0.02->0.05")]
    frame = loss_frame(
        curve(values), [], width=54, height=7, total_epochs=200, marks=marks, ascii_only=ascii_only
    )
    lines = text(frame)
    for _, label in marks:
        assert any(label in line for line in lines), "\n".join(lines)


def test_a_loss_that_overflows_says_so_and_shows_what_came_before() -> None:
    values = [10.0**e for e in range(38)] + [math.inf, math.nan]
    frame = loss_frame(curve(values), [], width=54, height=7, total_epochs=60)
    assert "not finite" in styled(frame, "trouble")
    assert styled(frame, "train")
    frame = loss_frame(curve([math.nan]), [], width=54, height=7, total_epochs=60)
    assert "not finite from epoch 1 on" in styled(frame, "note")


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("value", [0.0, -1.0, 1e-45, 3.4e38, 1.7e308])
def test_extreme_values_do_not_fail(value: float, log: bool) -> None:
    frame = loss_frame(curve([value] * 3), [], width=54, height=7, total_epochs=3, log=log)
    assert styled(frame, "train") or "no loss above 0" in styled(frame, "note")


def test_one_epoch_is_one_point() -> None:
    frame = loss_frame(curve([0.7]), [], width=54, height=7, total_epochs=200)
    assert len(styled(frame, "train")) == 1


def test_without_data_the_axes_stand_and_a_text_says_why() -> None:
    frame = text(
        loss_frame(Curve(), [], width=54, height=7, total_epochs=200, empty="Space starts training")
    )
    assert "Space starts training" in frame[2]
    assert frame[-1].split() == ["0", "50", "100", "150", "200"]


def test_a_text_that_does_not_fit_is_left_out_rather_than_cut() -> None:
    frame = loss_frame(Curve(), [], width=20, height=4, total_epochs=9, empty="incomprehensibilities")
    assert styled(frame, "note") == ""


def test_the_axis_of_a_long_run_grows_in_round_steps() -> None:
    ends = [
        text(loss_frame(curve([0.5] * n), [], width=54, height=7, total_epochs=10**7))[-1].split()[-1]
        for n in (1, 90, 101, 3000)
    ]
    assert ends == ["100", "100", "200", "5k"]


def test_the_same_data_gives_equal_frames_whatever_was_drawn_between() -> None:
    def draw(values: list[float]) -> Frame:
        return loss_frame(curve(values), [(5, 0.5)], width=54, height=7, total_epochs=99)

    first = draw(noisy(99))
    draw([1e30, 5.0])
    assert draw(noisy(99)) == first
