"""Outside text made harmless: whatever a file holds, a terminal shows it and obeys none of it."""

from __future__ import annotations

import unicodedata

import pytest
import wcwidth
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from lrtui.datasets.text import LONGEST, harmless, listed, quote, safe, width

# All of Unicode, and more often what composes, joins, reorders, hides or is of an odd width.
characters = st.one_of(
    st.characters(),
    st.characters(categories=["Mn", "Mc", "Me", "Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp"]),
    st.sampled_from(
        "\x1b[];\x07\\e\u0301\u1100\u1161\u11a8\u3164\u200d\ufe0f🇩👍🏽漢ｆ\u212b\u0958\u2adc☰"
    ),
    st.characters(min_codepoint=0x1100, max_codepoint=0x11FF),
    st.characters(min_codepoint=32, max_codepoint=126),
)
outside = st.text(characters, max_size=80)
often = settings(max_examples=200, derandomize=True, database=None)
BIDIRECTIONAL = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def assert_proper(text: str) -> None:
    """Every character stands in columns of its own, and terminals, Textual and we agree how many."""
    for character in text:
        assert unicodedata.category(character)[0] not in "CM", ascii(text)
        assert unicodedata.category(character) not in ("Zl", "Zp"), ascii(text)
        assert unicodedata.bidirectional(character) not in BIDIRECTIONAL, ascii(text)
        assert wcwidth.wcwidth(character) in (1, 2), ascii(text)
    assert width(text) == cell_len(text) == wcwidth.wcswidth(text)


@often
@given(text=outside, longest=st.sampled_from([1, 2, 7, 40, LONGEST]))
def test_whatever_comes_in_is_one_proper_line_of_bounded_width(text: str, longest: int) -> None:
    shown = safe(text, longest)
    assert_proper(shown)
    assert width(shown) <= longest


@often
@given(text=outside, longest=st.sampled_from([1, 2, 7, 40, LONGEST]))
def test_what_is_safe_already_stays_as_it_is(text: str, longest: int) -> None:
    assert safe(safe(text, longest), longest) == safe(text, longest)
    assert harmless(harmless(text)) == harmless(text)


@often
@given(st.lists(outside, min_size=1, max_size=3))
def test_lines_stay_lines_of_proper_text(texts: list[str]) -> None:
    shown = harmless("\n".join(texts)).split("\n")
    assert len(shown) == sum(text.count("\n") + 1 for text in texts)
    for line in shown:
        assert_proper(line)


@often
@given(outside)
def test_nothing_that_is_no_character_of_its_own_gets_lost(text: str) -> None:
    shown = safe(text, 100_000)
    for character in unicodedata.normalize("NFC", text):
        assert character in shown or ascii(character)[1:-1] in shown


def test_every_character_of_unicode_alone() -> None:
    # No character is assigned between these planes; of the private ones the first and last are as the rest.
    for code in (*range(0x40000), *range(0xE0000, 0xE1000), 0xF0000, 0x10FFFF):
        shown = safe(chr(code))
        assert shown.isprintable(), hex(code)
        assert width(shown) >= 1, hex(code)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("e\u0301", "é"),
        ("Ångström, naïve, ß, Ⅳ", "Ångström, naïve, ß, Ⅳ"),
        ("\u1112\u1161\u11ab", "한"),
        ("漢字 עברית العربية 🙂", "漢字 עברית العربية 🙂"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x9b31m\x9d0;t\x9c\x07\x7f", "\\x9b31m\\x9d0;t\\x9c\\x07\\x7f"),
        ("[red]x[/]", "[red]x[/]"),
        ("a\tb\r\nc\u2028d\u00a0e", "a\\tb\\r\\nc\\u2028d\\xa0e"),
        ("a\u202eb\u2066c\u061cd", "a\\u202eb\\u2066c\\u061cd"),
        ("a\u200bb\u00adc\ufeffd\U000e0041", "a\\u200bb\\xadc\\ufeffd\\U000e0041"),
        ("x\u0337\u0488\u20dd\ufe0f", "x\\u0337\\u0488\\u20dd\\ufe0f"),
        ("\u3164\uffa0\u1160", "\\u3164\\uffa0\\u1160"),
        ("🇩🇪 👍🏽", "\\U0001f1e9\\U0001f1ea 👍\\U0001f3fd"),
        ("\udcff\ue000\uffff", "\\udcff\\ue000\\uffff"),
    ],
    ids=ascii,
)
def test_what_is_shown_and_what_is_escaped(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_a_long_text_is_cut_by_columns_and_never_within_an_escape() -> None:
    assert safe("a" * 300) == "a" * 199 + "…"
    assert safe("漢" * 300) == "漢" * 99 + "…"
    assert safe("ab\u202ecd", 8) == "ab…"
    assert safe("ab\u202ecd", 9) == "ab\\u202e…"
    assert safe("ab\u202ecd", 10) == "ab\\u202ecd"
    assert width(safe("x" + "\u0301" * 1_000_000)) <= LONGEST


def test_names_are_quoted_and_many_are_counted() -> None:
    assert quote("a\x1bb") == "'a\\x1bb'"
    assert listed(["a", "b\n"]) == "'a', 'b\\n'"
    assert listed([str(n) for n in range(1000)]).endswith("'11' and 988 more")
