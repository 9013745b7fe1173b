"""The page of an inspection fits its room, whatever the columns are called and however many there are."""

from __future__ import annotations

from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from lrtui.datasets.inspection.record import Candidate, Caution, Facts, Histogram, Inspection
from lrtui.datasets.source import Source
from lrtui.datasets.text import harmless
from lrtui.tui.inspection.bars import level_bars, number_bars
from lrtui.tui.inspection.choice import Choice
from lrtui.tui.inspection.columns import brief
from lrtui.tui.inspection.page import Page, Side
from lrtui.tui.render.glyphs import ASCII, UNICODE
from lrtui.tui.render.inspection import report

words = st.text(st.one_of(st.characters(), st.sampled_from("ab \x1b[31m\u202e漢字🙂")), max_size=30)
counts = st.integers(0, 10**9)


@st.composite
def facts(draw: st.DrawFn, name: str, classes: int) -> Facts:
    levels = tuple(draw(st.lists(st.tuples(words, counts), max_size=9)))
    bars = draw(st.sampled_from(["none", "levels", "numbers"]))
    many = len(levels) if bars == "levels" else 24
    lines = tuple(tuple(draw(st.lists(counts, min_size=many, max_size=many))) for _ in range(classes))
    labels = tuple(value for value, _ in levels) if bars == "levels" else ()
    made = Histogram(lines, labels) if bars != "none" and many else None
    kind = draw(st.sampled_from(["number", "flag", "category", "date", "text", "id-like", "constant"]))
    number = st.none() | st.floats(allow_nan=False, allow_infinity=False)
    low, high, mean, median = (draw(number) for _ in range(4))
    first = draw(st.sampled_from(["", "2020-01-01 10:00:00"]))
    use = draw(st.sampled_from(["", "one-hot, 3 columns", "left out: like an id", "year, month, weekday"]))
    missing, distinct, usable, why = draw(counts), draw(counts), draw(st.booleans()), draw(words)
    return Facts(
        name, kind, missing, distinct, use, usable, why, low, high, mean, median, first, first, levels, made
    )


@st.composite
def inspections(draw: st.DrawFn) -> Inspection:
    classes = draw(st.lists(words, min_size=1, max_size=5, unique=True))
    names = draw(st.lists(words, min_size=1, max_size=6, unique=True))
    columns = tuple(draw(facts(name, len(classes))) for name in names)
    told = tuple(Caution("leak", text) for text in draw(st.lists(words, max_size=5)))
    best = (Candidate(names[0], 1.0, ("its name", "two values")),)
    levels = tuple((value, draw(counts)) for value in classes)
    rows = draw(counts)
    return Inspection(
        draw(words), 5, rows, rows, len(columns), columns, best, names[0], levels, tuple(classes), told
    )


def test_a_use_that_has_no_room_is_told_by_its_first_words() -> None:
    uses = ("left out: like an id", "left out by you", "one-hot, 3 columns", "median and an indicator")
    assert [brief(use) for use in uses] == ["left out", "left out", "one-hot", "median"]


@settings(max_examples=25, derandomize=True, database=None)
@given(
    inspections(),
    st.integers(20, 170),
    st.integers(4, 60),
    st.sampled_from(get_args(Side)),
    st.sampled_from([ASCII, UNICODE]),
    st.sampled_from(["", "something was said " * 9]),
    st.data(),
)
def test_every_line_has_room_and_is_harmless(
    found: Inspection, width: int, height: int, side: Side, glyphs: object, said: str, data: st.DataObject
) -> None:
    glyphs = ASCII if glyphs is ASCII else UNICODE
    choice = Choice.of(found, Source("/t.csv"), ())
    cursor = data.draw(st.integers(0, len(found.columns) - 1))
    page = Page(choice, width, height, glyphs, side, said)
    assert page.rows >= 1
    shown = [str(line) for line in page.lines(cursor, 0)]
    assert len(shown) <= height
    assert all(cell_len(line) <= width for line in shown), max(shown, key=cell_len)
    assert all(harmless(line) == line for line in shown)
    if glyphs is ASCII:
        assert all(line.isascii() for line in shown)


@settings(max_examples=25, derandomize=True, database=None)
@given(inspections(), st.integers(60, 160), st.sampled_from([ASCII, UNICODE]))
def test_the_report_is_harmless_and_keeps_to_its_width(
    found: Inspection, width: int, glyphs: object
) -> None:
    shown = report(found, Source("/t.csv"), width, ASCII if glyphs is ASCII else UNICODE)
    assert all(harmless(line) == line for line in shown)
    command = next((i for i, line in enumerate(shown) if line == "Next"), len(shown))
    assert all(cell_len(line) <= width for line in shown[:command]), max(shown, key=cell_len)


def test_bars_of_each_class_stand_on_one_scale_by_its_own_rows() -> None:
    few, many = (0, 1, 1, 0) * 6, (0, 500, 500, 0) * 6
    shown = [
        text for text, _ in number_bars(Histogram((few, many)), ("a", "b"), ("0", "9"), 40, 20, UNICODE)
    ]
    assert shown[0] == "a: 12 rows"
    half = len(shown) // 2
    assert shown[half] == "b: 6,000 rows"
    assert shown[1:half] == shown[half + 1 : -1]
    assert shown[-1] == "0" + " " * 22 + "9"


def test_levels_say_how_much_of_each_is_positive_or_which_class_is_commonest() -> None:
    bars = Histogram(((30, 5), (10, 15)), ("male", "female"))
    shown = [text for text, _ in level_bars(bars, ("no", "yes"), "yes", 40, 10, UNICODE)]
    assert shown[0].endswith("share of yes")
    assert shown[1].startswith("male   █")
    assert shown[1].endswith(" 40 25 %")
    assert shown[2].endswith(" 20 75 %")
    assert 2 * shown[2].count("█") - shown[1].count("█") in (0, 1)
    shown = [text for text, _ in level_bars(bars, ("no", "yes"), "", 40, 10, ASCII)]
    assert shown[1].endswith(" no 75 %")
    assert "#" in shown[1]


def test_where_there_is_no_room_there_are_no_bars() -> None:
    bars = Histogram(((1,) * 24,))
    assert number_bars(bars, (), ("0", "1"), 40, 1, UNICODE) == []
    assert level_bars(Histogram(((1, 2),), ("a", "b")), (), "", 10, 9, UNICODE) == []
