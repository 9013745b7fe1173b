"""Making outside text harmless: control characters never reach a terminal, nor do they vanish."""

from __future__ import annotations

import unicodedata

LONGEST = 200
# Cc control, Cf format (bidirectional overrides, zero width), Cs surrogates, Co private,
# Zl/Zp line and paragraph separators.
_HARMFUL = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def safe(text: str, longest: int = LONGEST) -> str:
    """The text on one line, with every harmful character written as an escape, cut where too long."""
    shown = "".join(_safe_character(c) for c in text[: longest + 1])
    return shown if len(text) <= longest else shown[:longest] + "…"


def quote(text: str) -> str:
    """``safe`` text between single quotes, for errors."""
    return f"'{safe(text)}'"


def _safe_character(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() else ascii(character)[1:-1]
    if unicodedata.category(character) in _HARMFUL or unicodedata.combining(character):
        return ascii(character)[1:-1]
    return character
