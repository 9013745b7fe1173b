"""Text in so much room; room is counted in columns, not characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lrtui.datasets.text import width

Part = str | tuple[str, str]
"""Plain text, or a text and the name of its style."""

Line = tuple[Part, ...]
"""One line, part by part, for whatever draws it."""


def plain(parts: Iterable[Part]) -> str:
    """The text of a line without its styles."""
    return "".join(part if isinstance(part, str) else part[0] for part in parts)


def fit(text: str, room: int, ellipsis: str = "…") -> str:
    """The text in at most ``room`` columns, cut at a word where it can be."""
    if width(text) <= room:
        return text
    if room <= len(ellipsis):
        return cut(text, room)
    kept = cut(text, room - len(ellipsis))
    if " " in kept and not text[len(kept)].isspace():
        shorter = kept.rsplit(" ", 1)[0]
        kept = shorter if width(shorter) > room // 2 else kept
    return kept.rstrip() + ellipsis


def cut(text: str, room: int) -> str:
    """As much of the start of a text as ``room`` columns hold; a wide character is not halved."""
    if text.isascii():
        return text[: max(room, 0)]
    for end, character in enumerate(text):
        room -= width(character)
        if room < 0:
            return text[:end]
    return text


def pad(text: str, room: int, *, right: bool = False) -> str:
    """The text with blanks after it up to ``room`` columns, or with ``right`` before it."""
    blanks = " " * (room - width(text))
    return blanks + text if right else text + blanks


def in_lines(text: str, room: int, most: int, ellipsis: str = "…") -> str:
    """The text in at most ``most`` lines of ``room`` columns; what is left out is marked."""
    lines = wrapped(text, max(room, 2))
    if len(lines) > most:
        rest = " ".join(line.strip() for line in lines[most - 1 :])
        lines = [*lines[: most - 1], fit(rest, room, ellipsis)]
    return "\n".join(lines)


def stacked(texts: Sequence[str], room: int, most: int, ellipsis: str = "…") -> str:
    """Messages below one another in at most ``most`` lines; each has at least one, if they are not more."""
    found: list[str] = []
    for later, text in zip(range(len(texts) - 1, -1, -1), texts, strict=True):
        left = most - len(found) - later
        found += in_lines(text, room, max(left, 1), ellipsis).split("\n")
    return "\n".join(found[:most])


def wrapped(text: str, room: int, first: str = "", then: str | None = None) -> list[str]:
    """Lines of at most ``room`` columns, broken between words where that can be.

    The first begins with ``first``, the others with ``then``, which is ``first`` where it is not given.
    """
    then = first if then is None else then
    found: list[str] = []
    line = indent = first
    for word in text.replace(" %", "\N{NO-BREAK SPACE}%").split(" "):  # a number and its unit stay together
        word = word.replace("\N{NO-BREAK SPACE}%", " %")
        gap = "" if line == indent else " "
        if width(line) + len(gap) + width(word) <= room:
            line += gap + word
            continue
        if line != indent:
            found.append(line)
            indent = then
        while width(word) > (space := max(room - len(indent), 2)):
            part = cut(word, space)
            found.append(indent + part)
            indent, word = then, word[len(part) :]
        line = indent + word
    return [*found, line]
