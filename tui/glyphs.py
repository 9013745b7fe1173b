"""The marks on the screen, in Unicode and in plain ASCII."""

from __future__ import annotations

import locale
import os
from dataclasses import dataclass

from lrtui.core.store import Status


@dataclass(frozen=True)
class Glyphs:
    """One set of marks; each is one column wide, but for ``arrow`` and ``ellipsis`` in ASCII."""

    ascii_only: bool
    previous: str
    next: str
    cursor: str
    times: str
    arrow: str
    ellipsis: str
    running: str
    paused: str
    finished: str
    stopped: str
    failed: str
    interrupted: str
    queued: str
    trouble: str
    enter: str
    up_down: str
    left_right: str
    dot: str

    def status(self, status: Status) -> str:
        """The mark of a run's status."""
        return str(getattr(self, status.value))


UNICODE = Glyphs(
    False,
    "‹",
    "›",
    "▸",
    "×",
    "→",
    "…",
    "▶",
    "‖",
    "✓",
    "■",
    "✗",
    "↯",
    "◌",
    "⚠",
    "⏎",
    "↑↓",
    "←→",
    "·",
)
ASCII = Glyphs(
    True, "<", ">", ">", "x", "->", "...", ">", "=", "+", "#", "x", "!", "o", "!", "Enter",
    "Up/Down", "Left/Right", "-",
)  # fmt: skip


def wants_ascii() -> bool:
    """Whether the locale cannot show more than ASCII; LC_ALL, LC_CTYPE and LANG decide, in that order."""
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        value = os.environ.get(name)
        if value:
            return "utf" not in value.lower()
    return "utf" not in locale.getpreferredencoding(False).lower()
