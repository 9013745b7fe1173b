"""Outside text in the dashboard: in columns, not characters, and harmless even where nobody made it so."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.widgets import Input

from lrtui.datasets.text import harmless, safe, width
from lrtui.tui.plain import HARMLESS, to_ascii, to_harmless
from lrtui.tui.plots.lines import blank_grid, join_cells, plain_text
from lrtui.tui.plots.marks import Mark, draw_marks
from lrtui.tui.render.glyphs import ASCII, UNICODE, in_ascii
from lrtui.tui.render.wrapping import cut, fit, pad, wrapped
from tests.boxes import straight
from tests.tui.bench import Bench, dashboard

HOSTILE = "\x1b]0;t\x07[red]\u202e漢字\u200bx\u0301[/]\x9b2J🇩🇪"
outside = st.text(
    st.one_of(st.characters(), st.sampled_from("\x1b[31m\u202e\u200d\u0301\ufe0f漢🙂❤🇩 a\u1160")),
    max_size=40,
)
often = settings(max_examples=150, derandomize=True, database=None)


# --- room ---


@often
@given(text=outside.map(safe), room=st.integers(0, 60))
def test_what_is_fitted_cut_or_padded_has_its_columns(text: str, room: int) -> None:
    assert cell_len(fit(text, room)) <= room
    assert text.startswith(cut(text, room))
    for right in (False, True):
        assert cell_len(pad(cut(text, room), room, right=right)) == room


@often
@given(text=outside.map(safe), room=st.integers(10, 60))
def test_wrapped_lines_have_room_and_lose_no_word(text: str, room: int) -> None:
    found = wrapped(text, room, "- ", "  ")
    assert all(cell_len(line) <= room for line in found)
    assert "".join("".join(found).split())[1:] == "".join(text.split())


def test_a_wide_character_is_not_halved() -> None:
    assert cut("a漢字", 2) == "a"
    assert fit("漢字漢字", 5) == "漢字…"
    assert pad("漢", 3) == "漢 "
    assert wrapped("漢字 ab 漢字漢字漢字", 6) == ["漢字", "ab", "漢字漢", "字漢字"]


# --- the last resort ---


@often
@given(outside)
def test_whatever_is_drawn_is_harmless_and_as_wide_as_before(text: str) -> None:
    shown = to_harmless(text)
    assert harmless(shown) == shown
    assert cell_len(shown) == cell_len(text)
    assert to_ascii(shown).isascii()
    assert cell_len(to_ascii(shown)) == cell_len(text)


def test_controls_of_textual_itself_pass() -> None:
    own = [Segment("\x1b[2J", None, [(1,)]), Segment("a\x1bb")]  # type: ignore[list-item]
    assert [s.text for s in HARMLESS.apply(own, Color(0, 0, 0))] == ["\x1b[2J", "ab"]


@often
@given(outside)
def test_a_label_in_a_plot_keeps_its_line_straight(text: str) -> None:
    canvas = blank_grid(60, 3)
    draw_marks(canvas, [Mark(3, text)], "╎")
    for row in canvas:
        line = plain_text(join_cells(row))
        assert cell_len(line) == 60
        assert line.isprintable()


def test_names_stay_apart_where_a_terminal_shows_ascii_alone() -> None:
    assert UNICODE.safe("漢字") == "漢字"
    assert ASCII.safe("漢字") == "\\u6f22\\u5b57"
    assert ASCII.safe("漢" * 50, 20) == "\\u6f22\\u6f22\\u6f2..."
    assert in_ascii("0.1 → 0.01 … é") == "0.1 > 0.01 . \\xe9"


# --- the dashboard ---


def assert_straight(bench: Bench) -> None:
    lines = bench.screen.split("\n")
    assert {cell_len(line) for line in lines} == {bench.app.size.width}
    assert all(harmless(line) == line for line in lines)
    if not bench.app.glyphs.ascii_only:
        assert straight([_cells(line) for line in lines])


def _cells(line: str) -> str:
    """The line with a stub after each wide character: one character a column."""
    return "".join(c + "\0" * (width(c) - 1) for c in line)


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_a_hostile_table_leaves_every_line_straight(tmp_path: Path, ascii_only: bool) -> None:
    path = tmp_path / f"{HOSTILE.replace('/', '')}.csv"
    path.write_text(f'"{HOSTILE}",t\n' + "".join(f"{n},{n % 2}\n" for n in range(40)), encoding="utf-8")
    async with dashboard(str(path), (160, 50), target="t", ascii_only=ascii_only, epochs=5) as bench:
        await bench.train(3)
        assert_straight(bench)
        await bench.press("space")
        await bench.train_to_the_end()
        assert_straight(bench)
        assert "\\x1b]0;t\\x07[red]\\u202e" in bench.status
        await bench.press("w")
        await bench.sweep()
        assert "\\x1b]0;t\\x07[red]" in bench.screen
        assert_straight(bench)
        assert bench.screen.isascii() or not ascii_only


async def test_what_is_pasted_into_a_field_is_shown_harmlessly() -> None:
    async with dashboard() as bench:
        await bench.press("o")
        field = bench.app.screen.query(Input).first()
        field.value = f"kept {HOSTILE}"
        await bench.pilot.pause()
        assert "kept" in bench.screen
        assert_straight(bench)
        assert field.value.endswith(HOSTILE)


async def test_a_picture_with_hostile_names_is_well_formed_and_harmless(tmp_path: Path) -> None:
    path = tmp_path / f"<b>&amp;]]>{HOSTILE.replace('/', '')}.csv"
    path.write_text("x,t\n" + "".join(f"{n},{n % 2}\n" for n in range(40)), encoding="utf-8")
    async with dashboard(str(path), (100, 30), target="t") as bench:
        await bench.train(3)
        bench.app.action_picture()
        (picture,) = (tmp_path / "home").glob("*.svg")
        text = "".join(ElementTree.parse(picture).getroot().itertext()).replace("\xa0", " ")
        assert "<b>&amp;]]>\\x1b]0;t" in text
        assert all(c.isprintable() or c in "\n\xa0" for c in picture.read_text(encoding="utf-8"))
