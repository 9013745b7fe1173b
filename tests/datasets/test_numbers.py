"""Numbers as people type them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrtui.datasets.numbers import bare_number, is_grouped, plain_whole, whole_number


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_a_whole_number_in_any_spelling_is_itself(number: int) -> None:
    for text in (f"{number}", f" {number}\n", f"{number:_}", f"{number:,}", f"{number:+}"):
        assert whole_number(text) == number
    assert plain_whole(f"{number}") == (number if number >= 0 else None)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_as_python_writes_it_is_itself(number: float) -> None:
    assert float(bare_number(repr(number)) or "nan") == number


@given(st.text(max_size=12))
def test_what_is_taken_is_ascii_and_what_python_reads(text: str) -> None:
    found = bare_number(text)
    if found is not None:
        assert text.isascii()
        float(found)
    assert plain_whole(text) is None or whole_number(text) == plain_whole(text)


def test_digits_of_no_other_script_are_taken() -> None:
    for code in range(0x110000):
        if unicodedata.category(chr(code))[0] == "N" and not chr(code).isascii():
            assert bare_number(chr(code)) is None
            assert plain_whole(chr(code)) is None
            assert whole_number(f"1{chr(code)}") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1e6", 10**6),
        ("10.0", 10),
        ("1.5", None),
        ("1e999", None),
        ("9" * 5000, None),
        ("0" * 5000 + "7", 7),
    ],
)
def test_a_whole_number_may_have_an_exponent_and_has_an_end(text: str, number: int | None) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize(
    ("text", "grouped"), [("1,000", True), ("1,0", False), ("0,123", False), ("10", False)]
)
def test_groups_have_three_digits(text: str, grouped: bool) -> None:
    assert is_grouped(text) == grouped
