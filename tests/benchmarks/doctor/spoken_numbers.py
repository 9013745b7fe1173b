"""The numbers that a sentence says, and whether each is the rounding of a number that is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|‘[^’]*’")
# A number by itself: no part of a name such as x1, poly2 or float32.
LARGE = {"trillion": 1e12, "billion": 1e9, "million": 1e6}
NUMBER = re.compile(
    rf"(?<![\w.])[-+−]?(\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?)(?![\w])(?: ({'|'.join(LARGE)})\b)?( ?%)?"
)
WORDS = (0.0, 0.5, 1.0, 2.0, 0.95)  # an even chance, one or two of something, the usual interval


def unfounded(text: str, known: Iterable[float], names: Sequence[str] = ()) -> list[str]:
    """Numbers in a text that are no rounding of any known one, nor of a share in per cent.

    ``names`` are words of the data, such as classes that are called 3 and 8: they say no quantity.
    """
    bare = QUOTED.sub(" ", text)
    numbers = [*known, *WORDS]
    found = []
    for match in NUMBER.finditer(bare):
        word, times, percent = match.group(1).rstrip(","), match.group(2), match.group(3)
        if word in names:
            continue
        value, unit = (part * LARGE.get(times, 1.0) for part in spoken(word))
        if not any(_rounds(number, value, unit, percent=bool(percent)) for number in numbers):
            found.append(word + (f" {times}" if times else "") + (" %" if percent else ""))
    return found


def spoken(word: str) -> tuple[float, float]:
    """The value of a number as it is written, and the worth of one step of its last digit."""
    plain = word.replace(",", "")
    digits, _, power = plain.partition("e")
    _, _, decimals = digits.partition(".")
    return float(plain), 10.0 ** (int(power or 0) - len(decimals))


def _rounds(number: float, value: float, unit: float, *, percent: bool) -> bool:
    """Whether a known number, its share in per cent, or what is missing to all of it, rounds to a value."""
    ways = (100 * number, 100 * (1 - number)) if percent else (number, 1 - number)
    return any(abs(abs(way) - value) <= unit * 0.5 + 1e-9 * abs(value) for way in ways)
