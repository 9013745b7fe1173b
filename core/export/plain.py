"""Text of a table that goes into files which other programs read: nothing of it is obeyed there."""

from __future__ import annotations

import re

from lrtui.datasets.text import harmless

LONGEST = 1_000_000  # as long as a cell may be
_FORMULA = re.compile(r"^[\s]*[=+\-@\t\r|%]")
_NUMBER = re.compile(r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")


def one_line(text: str) -> str:
    """The text on one line, whole; characters that control a terminal or turn a line round as escapes."""
    return harmless(text).replace("\n", "\\n")


def cell(text: str) -> str:
    """The text as a cell of a table: a spreadsheet takes it as text, and never as a formula.

    A number stays one; what begins like a formula gets an apostrophe before it (OWASP, CSV injection).
    """
    plain = one_line(text)
    return f"'{plain}" if _FORMULA.match(plain) and not _NUMBER.match(plain) else plain
