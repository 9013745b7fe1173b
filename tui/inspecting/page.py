"""The whole page of an inspection as lines: target at the top, columns and facts, warnings below."""

from __future__ import annotations

from typing import Literal

from textual.content import Content

from lrtui.datasets.text import width as columns_of
from lrtui.tui.glyphs import Glyphs
from lrtui.tui.inspecting.choice import Choice
from lrtui.tui.inspecting.columns import column_line, heading, widths
from lrtui.tui.inspecting.facts import Lines, fact_lines
from lrtui.tui.panes.base import Part, line
from lrtui.tui.text import cut, fit, pad, wrapped

Side = Literal["columns", "facts", "warnings"]
NARROW = 64  # columns below which one thing is shown at a time
LOW = 8  # lines below which there is no room for warnings below the list
FACTS = 31  # columns for the facts, at least


def page(
    choice: Choice, cursor: int, top: int, width: int, height: int, glyphs: Glyphs, side: Side, said: str
) -> list[Content]:
    """``height`` lines of ``width`` columns; ``top`` is the first in view of the list or the warnings."""
    head = _head(choice, width, glyphs)
    foot = _foot(choice, width, height, glyphs, side, said)
    room = height - len(head) - len(foot)
    body = _body(choice, cursor, top, width, room, glyphs, side)
    body += [[""]] * (room - len(body))
    return [line(*_cut(parts, width)) for parts in (*head, *body, *foot)][:height]


def list_rows(choice: Choice, width: int, height: int, glyphs: Glyphs, side: Side, said: str) -> int:
    """How many columns of the table the list shows at once."""
    used = len(_head(choice, width, glyphs)) + len(_foot(choice, width, height, glyphs, side, said)) + 1
    return max(1, height - used)


def list_top(choice: Choice, width: int, glyphs: Glyphs) -> int:
    """The line of the page in which the list begins."""
    return len(_head(choice, width, glyphs)) + 1


def _head(choice: Choice, width: int, glyphs: Glyphs) -> Lines:
    """Target and classes; the roles of other columns where there are any."""
    if choice.target:
        value = (
            glyphs.safe(choice.positive, 24) if choice.positive else f"all {len(choice.classes)}, softmax"
        )
        label = "positive" if choice.positive else "classes"
        words = choice.way_words
        target = glyphs.safe(choice.target, 60)
        parts: list[Part] = ["target ", (target, "bold")]
        second: list[Part] = [
            f"{label} ", (f"{glyphs.previous} {value} {glyphs.next}", "bold"), f"  {words}" if words else ""
        ]  # fmt: skip
        if _length(parts) + 3 + _length(second) <= width:
            found = [[*parts, "   ", *second]]
        else:
            second[-1] = f"  {words.partition(',')[0]}" if _length(second) > width else second[-1]
            found = [_cut(parts, width), _cut(second, width)]
    else:
        found = [[("no target yet: press t on its column", "bold")]]
    if choice.roles:
        roles = "   ".join(f"{role} {glyphs.safe(name, 40)}" for role, name in choice.roles.items())
        found.append([fit(roles, width, glyphs.ellipsis)])
    return found if width < NARROW else [*found, [""]]


def _body(
    choice: Choice, cursor: int, top: int, width: int, height: int, glyphs: Glyphs, side: Side
) -> Lines:
    if side == "warnings":
        return warning_lines(choice, width, glyphs)[top : top + height]
    here = choice.inspection.columns[cursor]
    if width < NARROW:
        if side == "columns":
            return _list(choice, cursor, top, width, height, glyphs)
        return fact_lines(choice, here, width, height, glyphs)
    right = max(FACTS, min(width * 2 // 5, 62))
    left = width - right - 3
    listed = _list(choice, cursor, top, left, height, glyphs)
    beside = fact_lines(choice, here, right, height, glyphs)
    bar = "|" if glyphs.ascii_only else "│"
    found: Lines = []
    for number in range(height):
        parts = listed[number] if number < len(listed) else [" " * left]
        more = beside[number] if number < len(beside) else []
        found.append([*parts, (f" {bar} ", "dim"), *more])
    return found


def _list(choice: Choice, cursor: int, top: int, width: int, height: int, glyphs: Glyphs) -> Lines:
    columns = choice.inspection.columns
    has = widths(choice, width, glyphs)
    found: Lines = [[(pad(heading(choice, width, glyphs), width), "dim")]]
    for number in range(top, min(top + height - 1, len(columns))):
        facts = columns[number]
        shown = column_line(choice, facts, width, glyphs, here=number == cursor, has=has)
        found.append(_cut(shown, width))
    return found


def _foot(choice: Choice, width: int, height: int, glyphs: Glyphs, side: Side, said: str) -> Lines:
    """What was just said, else the first warnings, and how many more there are."""
    if height < LOW or side == "warnings":
        return [[(fit(said, width, glyphs.ellipsis), "bold")]] if said else []
    room = 2 if height < 26 else min(8, height // 5)
    if said:
        texts = wrapped(glyphs.safe(said, 400), width)[:room]
        found: Lines = [[(text, "bold")] for text in texts]
    else:
        found = _warnings(choice, width, room, glyphs)
    blank: Lines = [[""] for _ in range(room - len(found))]
    return blank + found


def _warnings(choice: Choice, width: int, room: int, glyphs: Glyphs) -> Lines:
    """The first of them, and in the last line how many more there are."""
    told = [f"{glyphs.trouble} {glyphs.safe(caution.text, 400)}" for caution in choice.inspection.warnings]
    whole = [wrapped(text, width, "", "  ") for text in told]
    if sum(map(len, whole)) <= room:
        return [[(piece, "")] for text in whole for piece in text]
    found: Lines = []
    for number, text in enumerate(whole):
        left = room - len(found) - 1  # the last line counts the rest
        if len(text) > left:
            if left:
                found.append([(fit(told[number], width, glyphs.ellipsis), "")])
            rest = len(told) - number - (1 if left else 0)
            words = f"{glyphs.trouble} {rest} more: Tab shows them" if rest else "  Tab shows all of it"
            return [*found, [(words, "")]]
        found += [[(piece, "")] for piece in text]
    return found


def warning_lines(choice: Choice, width: int, glyphs: Glyphs) -> Lines:
    """All warnings and remarks, with nothing left out."""
    told = [caution.text for caution in choice.inspection.warnings] or ["Nothing to warn of."]
    told += choice.inspection.remarks
    found: Lines = [[("Warnings", "bold")]]
    for text in told:
        found += [[(piece, "")] for piece in wrapped(glyphs.safe(text, 400), width, "- ", "  ")]
    return found


def _text(parts: list[Part]) -> str:
    return "".join(part if isinstance(part, str) else part[0] for part in parts)


def _length(parts: list[Part]) -> int:
    return columns_of(_text(parts))


def _cut(parts: list[Part], room: int) -> list[Part]:
    """The parts in at most ``room`` columns."""
    found: list[Part] = []
    for part in parts:
        text, style = (part, "") if isinstance(part, str) else part
        text = cut(text, room)
        room -= len(text) if text.isascii() else _length([text])
        found.append((text, style))
    return found
