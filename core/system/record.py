"""What was looked at, and how it was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lrtui.datasets.errors import LrtuiError


class State(StrEnum):
    """How something was found: as it should be, so that less is possible, or so that lrtui cannot work."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        topic: what it belongs to. name: of the thing. found: what was found, in words.
        fix: what to do, in sentences; empty where nothing needs to be done, or a line does it.
        command: the line for the shell that does it; empty where there is none.
    """

    topic: str
    name: str
    found: str
    state: State = State.OK
    fix: str = ""
    command: str = ""


def failed(topic: str, name: str, error: LrtuiError, state: State = State.PROBLEM) -> Check:
    """What an error says of a thing."""
    return Check(topic, name, error.what, state, error.fix)


def bytes_text(size: float) -> str:
    """``1.3 GB``."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} TB"
