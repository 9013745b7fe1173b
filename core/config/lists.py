"""Lists of numbers as people type them: commas between them."""

from __future__ import annotations

from math import isfinite

from lrtui.datasets.column_names import NOTHING
from lrtui.datasets.numbers import bare_number

Numbers = tuple[float, ...]


def read_numbers(text: str) -> Numbers:
    """The numbers in a text, such as ``-999,9999``; each once, in their order.

    A comma parts two numbers, never the thousands of one.

    Raises:
        ValueError: something between the commas is no number.
    """
    if not text.strip() or text.strip() in NOTHING:
        return ()
    found = [bare_number(part) for part in text.split(",")]
    numbers = [float(part) for part in found if part is not None]
    if len(numbers) < len(found):
        raise ValueError("not a list of numbers")
    return tidy_numbers(numbers)


def tidy_numbers(numbers: object) -> Numbers:
    """Finite numbers, each once, in their order.

    Raises:
        ValueError: it is no list of finite numbers.
    """
    if not isinstance(numbers, (list, tuple)):
        raise ValueError("not a list of numbers")
    if not all(isinstance(number, (int, float)) and not isinstance(number, bool) for number in numbers):
        raise ValueError("not a list of numbers")
    try:
        found = [float(number) for number in numbers]
    except OverflowError:  # a whole number that no float can hold
        raise ValueError("too large a number") from None
    if not all(map(isfinite, found)):
        raise ValueError("not a finite number")
    return tuple(dict.fromkeys(found))


def write_numbers(numbers: Numbers) -> str:
    """The numbers as ``read_numbers`` takes them back."""
    return ",".join(map(write_number, numbers))


def write_number(number: float) -> str:
    """A number, short and exact."""
    short = f"{number:g}"
    return short if float(short) == number else repr(number)
