"""The engine's log, read with any program."""

from __future__ import annotations

import logging
import sys

from lrtui.core.engine.__main__ import FORMAT, HarmlessFormatter


def test_names_in_messages_and_tracebacks_are_escaped() -> None:
    try:
        raise ValueError("column \x1b[2J\u202e漢")
    except ValueError:
        why = sys.exc_info()
    record = logging.LogRecord("lrtui", logging.ERROR, "", 1, "of %s", ("\x9b31m",), why)
    lines = HarmlessFormatter(FORMAT).format(record).split("\n")
    assert lines[0].endswith("lrtui ERROR of \\x9b31m")
    assert lines[-1] == "ValueError: column \\x1b[2J\\u202e漢"
