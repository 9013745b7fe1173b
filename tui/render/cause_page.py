"""The page of a cause as lines: for the sheet over the dashboard, and for ``lrtui cause``."""

from __future__ import annotations

import re
from math import inf

from lrtui.core.doctor.pages import Page
from lrtui.tui.render.wrapping import Line, wrapped

CODE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ITEM = "- "
LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


def page_lines(page: Page, width: int, *, whole: bool = False) -> list[Line]:
    """All of a page but its title, in so many columns; with ``whole`` no command is broken."""
    lines: list[Line] = []
    for heading, text in page.sections:
        lines += [(), ((heading, "bold"),)] if lines else [((heading, "bold"),)]
        lines += _section(text, width, inf if whole else width)
    return lines


def _section(text: str, width: int, room: float) -> list[Line]:
    """Paragraphs, lists and commands, with a blank line between any two."""
    blocks: list[list[Line]] = []
    for place, part in enumerate(CODE.split(text)):
        if place % 2:
            blocks.append(_code(part, room))
        else:
            blocks += [_prose(paragraph, width) for paragraph in part.strip().split("\n\n") if paragraph]
    return [line for number, block in enumerate(blocks) for line in ([()] if number else []) + block]


def _prose(paragraph: str, width: int) -> list[Line]:
    """A paragraph, or the items of a list, each with its mark."""
    if not paragraph.startswith(ITEM):
        return [(line,) for line in wrapped(_plain(paragraph), width)]
    items = paragraph.removeprefix(ITEM).split(f"\n{ITEM}")
    return [(line,) for item in items for line in wrapped(_plain(item), width, ITEM, " " * len(ITEM))]


def _plain(text: str) -> str:
    return LINK.sub(r"\1", " ".join(text.split())).replace("`", "")


def _code(text: str, room: float) -> list[Line]:
    """Lines as they are typed, or where they are longer than the room, in parts."""
    lines: list[Line] = []
    for line in text.rstrip("\n").split("\n"):
        words = line.lstrip()
        indent = "  " + line[: len(line) - len(words)]
        parts = [indent + words] if len(indent) + len(words) <= room else wrapped(words, int(room), indent)
        lines += [((part, "dim"),) for part in parts]
    return lines
