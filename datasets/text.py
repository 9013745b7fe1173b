"""Making outside text harmless: on a terminal, what could do harm is neither obeyed nor lost.

What is shown, what is escaped, and why stands in ``docs/decisions/0009-outside-text.md``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

LONGEST = 200  # columns
LISTED = 12  # names in a sentence
ELLIPSIS = "…"
MOST_COMPOSED = 4  # characters that NFC makes one of, at most

# Printable, says Unicode, but of no width that all terminals agree on: conjoining Hangul without its
# partner and Hangul fillers, flags by letters, skin tones, and symbols that became wide in Unicode 16.
_UNCERTAIN = frozenset(
    code
    for first, last in (
        (0x115F, 0x11FF),
        (0x2630, 0x2637),
        (0x268A, 0x268F),
        (0x3164, 0x3164),
        (0x4DC0, 0x4DFF),
        (0xD7B0, 0xD7FF),
        (0xFFA0, 0xFFA0),
        (0x1D300, 0x1D376),
        (0x1F1E6, 0x1F1FF),
        (0x1F3FB, 0x1F3FF),
    )
    for code in range(first, last + 1)
)


def safe(text: str, longest: int = LONGEST) -> str:
    """The text on one line of at most ``longest`` columns, every harmful character as an escape.

    What is safe already stays as it is.
    """
    if len(text) <= longest and text.isascii() and text.isprintable():
        return text
    # A cell may hold a million characters: no more are looked at than can be shown.
    head = unicodedata.normalize("NFC", text[: MOST_COMPOSED * longest + 1])
    shown = list(map(_shown, head))
    if width("".join(shown)) <= longest:
        return "".join(shown)
    room, kept = longest - len(ELLIPSIS), 0
    for piece in shown:
        room -= width(piece)
        if room < 0:
            break
        kept += 1
    return "".join(shown[:kept]) + ELLIPSIS


def harmless(text: str) -> str:
    """Lines of any length with every harmful character as an escape; only line ends stay."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(c if c == "\n" else _shown(c) for c in unicodedata.normalize("NFC", text))


def width(text: str) -> int:
    """Columns that a safe text takes: two for a wide character, one for any other."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def quote(text: str) -> str:
    """``safe`` text between single quotes, for errors."""
    return f"'{safe(text)}'"


def listed(names: Sequence[str]) -> str:
    """Names between quotes and commas; where there are many, the first and how many more."""
    shown = ", ".join(map(quote, names[:LISTED]))
    more = len(names) - LISTED
    return f"{shown} and {more:,} more" if more > 0 else shown


def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


@lru_cache(4096)
def _shown(character: str) -> str:
    # Not printable: controls, bidirectional overrides, zero widths, surrogates, private use, odd spaces.
    printable = character.isprintable() and ord(character) not in _UNCERTAIN
    if printable and unicodedata.category(character)[0] != "M":
        return character
    return ascii(character)[1:-1]
