"""The histogram: every row of the data is seen, at the height the axis says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrtui.tui.plots.curve import Curve
from lrtui.tui.plots.lines import STYLES, Frame, plain_text
from lrtui.tui.plots.loss import loss_frame
from lrtui.tui.plots.predictions import (
    common_scale,
    count_label,
    merge_bins,
    predictions_frame,
    predictions_legend,
    spread,
)

SIZES = [(54, 7), (54, 12), (100, 20), (34, 5), (20, 4)]
count = st.integers(0, 3) | st.integers(0, 10**7)
counts40 = st.lists(count, min_size=40, max_size=40)
BARS = {"class0", "class1", "both"}


def bins(**counts: int) -> list[int]:
    found = [0] * 40
    for name, value in counts.items():
        found[int(name[1:])] = value
    return found


def columns_of(frame: Frame, gutter: int, below: int = 2) -> list[list[tuple[str, str]]]:
    """Cells by column; a blank has no style, whatever stands before it."""
    rows = [
        [(c, "" if c == " " else style) for text, style in line for c in text][gutter:] for line in frame
    ]
    return [list(column) for column in zip(*rows[: len(rows) - below], strict=True)]


def test_a_threshold_that_is_not_known_is_not_drawn() -> None:
    def drawn(threshold: float | None) -> bool:
        shown = predictions_frame([bins(b3=4), bins(b30=2)], width=60, height=12, threshold=threshold)
        return any("┊" in plain_text(line) for line in shown)

    assert drawn(0.5)
    assert not drawn(None)


@settings(max_examples=40)
@given(
    zeros=counts40,
    ones=counts40,
    width=st.integers(0, 130),
    height=st.integers(0, 40),
    threshold=st.floats(-1, 2),
    ascii_only=st.booleans(),
)
def test_every_line_has_the_width(zeros, ones, width, height, threshold, ascii_only) -> None:  # type: ignore[no-untyped-def]
    frame = predictions_frame(
        [zeros, ones],
        width=width,
        height=height,
        threshold=threshold,
        ascii_only=ascii_only,
    )
    text = [plain_text(line) for line in frame]
    assert [len(line) for line in text] == [width] * height
    assert {name for line in frame for _, name in line} <= {*STYLES, ""}
    assert not ascii_only or all(line.isascii() for line in text)


@settings(max_examples=40)
@given(counts40, counts40, st.sampled_from(SIZES), st.booleans())
def test_what_is_there_is_seen_and_what_is_not_is_not(
    zeros: list[int], ones: list[int], size: tuple[int, int], ascii_only: bool
) -> None:
    width, height = size
    frame = predictions_frame([zeros, ones], width=width, height=height, ascii_only=ascii_only)
    gutter = 6 if width >= 30 else 5
    for x, column in enumerate(columns_of(frame, gutter)):
        zero, one = spread(merge_bins([zeros, ones], width - gutter), width - gutter)[x]
        seen = {style for _, style in column} & BARS
        if zero and one:
            assert seen in ({"class0", "class1"}, {"both"})
        else:
            assert seen == ({"class0"} if zero else {"class1"} if one else set())


@given(counts40, counts40, st.integers(1, 150))
def test_no_row_is_lost_or_made_up_when_bins_become_columns(
    zeros: list[int], ones: list[int], columns: int
) -> None:
    merged = merge_bins([zeros, ones], columns)
    assert sum(z for z, _ in merged) == sum(zeros)
    assert sum(o for _, o in merged) == sum(ones)
    shown = spread(merged, columns)
    numbered = spread([(n, 0) for n in range(len(merged))], columns)
    assert len(shown) == columns
    assert {n for n, _ in numbered} == set(range(len(merged)))  # every bin has a column
    assert numbered == sorted(numbered)


@pytest.mark.parametrize("counts", [[0, 10, 20, 30, 40, 50, 60, 100], [0, 1, 2, 5, 10, 20, 50, 100]])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_bars_end_in_the_row_of_their_label(width: int, height: int, counts: list[int]) -> None:
    """On a linear scale, and where one bin dwarfs others on that of the square root."""
    ones = counts * 5
    frame = predictions_frame([[0] * 40, ones], width=width, height=height)
    gutter = 6 if width >= 30 else 5
    shown = spread(merge_bins([[0] * 40, ones], width - gutter), width - gutter)
    labels = [plain_text(line)[: gutter - 1].strip() for line in frame[:-2]]
    columns = columns_of(frame, gutter)
    checked = 0
    for x, (_, one) in enumerate(shown):
        if one and str(one) in labels:
            top = next(y for y, (_, style) in enumerate(columns[x]) if style in BARS)
            assert top == labels.index(str(one))
            checked += 1
    assert checked or width < 40


def test_one_bin_that_dwarfs_the_others_leaves_them_visible() -> None:
    frame = predictions_frame([bins(b0=111), bins(b5=1, b9=4)], width=54, height=12)
    text = [plain_text(line) for line in frame]
    assert "square-root scale" in text[0]
    columns = columns_of(frame, 6)
    heights = [sum(style in BARS for _, style in column) for column in columns]
    four, one = heights[11], heights[6]
    assert heights[0] > four > one > 0


def test_an_even_histogram_is_linear_and_says_nothing_of_a_root() -> None:
    frame = predictions_frame([[5] * 40, [4] * 40], width=54, height=12)
    assert "root" not in plain_text(frame[0])


def test_a_low_plot_has_a_linear_scale() -> None:
    frame = predictions_frame([bins(b0=111), bins(b5=1, b9=4)], width=54, height=6)
    assert "root" not in "".join(map(plain_text, frame))


def test_two_histograms_on_one_scale_have_the_same_labels_and_comparable_bars() -> None:
    few, many = [bins(b3=4), bins(b30=2)], [bins(b3=20), bins(b30=8)]
    scale = common_scale([few, many], columns=48)
    frames = [predictions_frame(one, width=54, height=12, scale=scale) for one in (few, many)]
    labels = [[plain_text(line)[:6] for line in frame] for frame in frames]
    assert labels[0] == labels[1]
    heights = [
        max(sum(style in BARS for _, style in column) for column in columns_of(frame, 6))
        for frame in frames
    ]
    assert heights[1] > 3 * heights[0]
    names = ["a", "b", "c"]
    shares = common_scale([[[5, 5, 0], [4, 3, 3]], [[10, 0, 0], [4, 3, 3]]], names, columns=40)
    assert shares is not None
    assert shares.largest == 1
    half = predictions_frame([[5, 5, 0], [4, 3, 3]], names, width=60, height=6, scale=shares)
    bar, whole = plain_text(half[0]).count("█"), 60 - len(" a ") - 16 - 2
    assert bar == pytest.approx(whole / 2, abs=3)


def test_a_part_of_the_axis_has_its_own_labels_and_scale() -> None:
    zeros, ones = bins(b0=1000, b11=4), bins(b12=2)
    frame = predictions_frame([zeros, ones], width=54, height=10, part=(0.25, 0.5), threshold=0.3)
    text = [plain_text(line) for line in frame]
    assert text[-1].split() == ["0.25", "0.3", "0.35", "0.4", "0.45", "0.5"]
    assert "root" not in text[0]
    assert "4" in [line[:5].strip() for line in text]
    columns = columns_of(frame, 6)
    seen = [x for x, column in enumerate(columns) if {style for _, style in column} & BARS]
    assert seen == list(range(5, 14))  # bins 11 and 12 of 40: 0.275 to 0.325, in columns of 1/192
    empty = predictions_frame([zeros, ones], width=54, height=10, part=(0.5, 1.0))
    assert "no prediction in view" in "".join(map(plain_text, empty))


def test_the_classes_differ_without_colour() -> None:
    for ascii_only in (False, True):
        frame = predictions_frame([[5] * 40, [5] * 40], width=54, height=12, ascii_only=ascii_only)
        drawn = {
            name: {c for line in frame for text, style in line if style == name for c in text} - {" "}
            for name in ("class0", "class1")
        }
        assert not drawn["class0"] & drawn["class1"]
        legend = predictions_legend(ascii_only=ascii_only)
        assert drawn["class1"] <= {*legend}
        assert drawn["class0"] <= {*legend, "⣀", "⣤", "⣶"}


@pytest.mark.parametrize("threshold", [0.0, 0.1, 0.5, 0.99, 1.0])
def test_the_threshold_is_a_line_behind_the_bars(threshold: float) -> None:
    frame = predictions_frame([bins(b20=9), [0] * 40], width=54, height=7, threshold=threshold)
    column = min(int(threshold * 48), 47)
    styles = {style for _, style in columns_of(frame, 6)[column]}
    assert styles <= {"threshold", "class0", ""}
    others = [mark for x, c in enumerate(columns_of(frame, 6)) if x != column for mark, _ in c]
    assert "┊" not in others
    assert "threshold" in "\n".join(plain_text(line) for line in frame)  # the line says what it is


def test_both_plots_line_up() -> None:
    histogram = predictions_frame([[1] * 40, [1] * 40], width=54, height=7)
    loss = loss_frame(Curve(), [], width=54, height=7, total_epochs=9)
    assert [plain_text(line)[5] for line in histogram[-2:]] == [plain_text(line)[5] for line in loss[-2:]]
    assert plain_text(histogram[-1]).split()[-5:] == ["0", "0.25", "0.5", "0.75", "1"]


@pytest.mark.parametrize("counts", [None, [[0] * 40, [0] * 40]])
def test_without_predictions_a_text_says_so(counts: list[list[int]] | None) -> None:
    frame = predictions_frame(counts, width=54, height=7, empty="no predictions yet")
    assert "no predictions yet" in plain_text(frame[2])


def test_counts_are_short() -> None:
    assert [count_label(n) for n in (5, 200, 5000, 10**6)] == ["5", "200", "5k", "1M"]
