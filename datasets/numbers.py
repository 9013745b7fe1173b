"""Numbers as people type them: one grammar for options, files of settings, names and parameters."""

from __future__ import annotations

import re

# Digits of ASCII alone: to Python, １ and ١ are digits too, and nobody could see which was meant.
_DIGITS = r"(?:[0-9]+(?:_[0-9]+)*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)"
_NUMBER = re.compile(rf"[+-]?(?:{_DIGITS}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_WHOLE = re.compile(r"[0-9]+")
EXACT = 2**53  # whole numbers below it are exact as floats
LONGEST = 18  # digits of a whole number that SQLite can keep
BLANKS = " \t\r\n"


def bare_number(text: str) -> str | None:
    """The number that stands in a text, without blanks around it, ``_`` or commas between groups.

    ``1_000``, ``1,000`` and `` 5 `` are numbers; ``0,1``, ``0x10``, ``nan`` and ``１`` are none.
    """
    found = text.strip(BLANKS)
    return found.replace("_", "").replace(",", "") if _NUMBER.fullmatch(found) else None


def is_grouped(text: str) -> bool:
    """Whether a text is one number with its thousands in groups; 0,1 is not, whatever the country."""
    return _GROUPED.fullmatch(text.strip(BLANKS)) is not None


def whole_number(text: str) -> int | None:
    """The whole number in a text, where 1e6 and 10.0 are whole too; ``None`` where there is none.

    None of more than 18 digits either: no limit of ours is beyond.
    """
    found = bare_number(text)
    if found is None:
        return None
    digits = found.lstrip("+-").lstrip("0") or "0"
    if _WHOLE.fullmatch(digits):
        sign = -1 if found.startswith("-") else 1
        return sign * int(digits) if len(digits) <= LONGEST else None
    number = float(found)
    return int(number) if abs(number) < EXACT and number == int(number) else None


def is_digits(text: str) -> bool:
    """Whether nothing but digits of ASCII stands there, blanks around them apart."""
    return _WHOLE.fullmatch(text.strip(BLANKS)) is not None


def plain_whole(text: str) -> int | None:
    """The whole number that is written in nothing but digits of ASCII, such as that of a run or a table.

    ``None`` where something else stands there, or more than 18 digits.
    """
    digits = text.strip(BLANKS).lstrip("0") or "0"
    return int(digits) if is_digits(text) and len(digits) <= LONGEST else None
