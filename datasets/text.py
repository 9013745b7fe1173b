"""Making outside text harmless: control characters never reach a terminal, nor do they vanish."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

LONGEST = 200
LISTED = 12  # names in a sentence


def safe(text: str, longest: int = LONGEST) -> str:
    """The text on one line, with every harmful character written as an escape, cut where too long."""
    shown = "".join(_safe_character(c) for c in text[: longest + 1])
    return shown if len(text) <= longest else shown[:longest] + "…"


def quote(text: str) -> str:
    """``safe`` text between single quotes, for errors."""
    return f"'{safe(text)}'"


def listed(names: Sequence[str]) -> str:
    """Names between quotes and commas; where there are many, the first and how many more."""
    shown = ", ".join(map(quote, names[:LISTED]))
    more = len(names) - LISTED
    return f"{shown} and {more:,} more" if more > 0 else shown


def _safe_character(character: str) -> str:
    # Not printable: controls, bidirectional overrides, zero widths, surrogates, private use, odd spaces.
    if character.isprintable() and not unicodedata.combining(character):
        return character
    return ascii(character)[1:-1]
