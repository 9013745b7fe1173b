"""Text of a table that goes into files which other programs read: nothing of it is obeyed there."""

from __future__ import annotations

import re

from lrtui.core.errors import ExportError
from lrtui.datasets.text import harmless, quote

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


def refuse_controls(text: str, where: str) -> None:
    """See that a name or a word can stand as it is in a file that knows no escapes.

    Raises:
        ExportError: it holds a character that turns a line round or is not seen.
    """
    if one_line(text) != text:
        raise ExportError(
            f"{quote(text)} holds characters that are not seen or turn a line round, and cannot stand in "
            f"{where}.",
            "Rename it in the table and train again, or take pytorch, sklearn or onnx.",
        )
