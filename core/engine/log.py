"""What an engine writes to its log: what a person reads there with any program must be harmless too."""

from __future__ import annotations

import logging

from lrtui.datasets.text import harmless

FORMAT = "%(asctime)s %(name)s %(levelname)s %(message)s"


class HarmlessFormatter(logging.Formatter):
    """Lines with every character escaped that could harm a terminal; tracebacks quote what files hold."""

    def format(self, record: logging.LogRecord) -> str:
        """The message, and the traceback below it."""
        return harmless(super().format(record))


def begin_log() -> None:
    """Write to stderr from here on, which the launcher has turned into the log."""
    handler = logging.StreamHandler()
    handler.setFormatter(HarmlessFormatter(FORMAT))
    logging.basicConfig(handlers=[handler])
