"""The marks on the screen, in Unicode and in plain ASCII."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lrtui.datasets.text import LONGEST, safe
from lrtui.tui.render.wrapping import fit

if TYPE_CHECKING:
    from lrtui.core.store import Status


class Glyphs(NamedTuple):
    """One set of marks; each is one column wide but ``dash``, and ``arrow`` and ``ellipsis`` in ASCII."""

    ascii_only: bool = False
    previous: str = "‹"
    next: str = "›"
    cursor: str = "▸"
    times: str = "×"
    arrow: str = "→"
    ellipsis: str = "…"
    dash: str = " ─ "
    running: str = "▶"
    paused: str = "‖"
    finished: str = "✓"
    stopped: str = "■"
    failed: str = "✗"
    unreadable: str = "✗"
    interrupted: str = "↯"
    queued: str = "◌"
    trouble: str = "⚠"
    improvable: str = "△"
    down: str = "↓"
    shown: str = "•"

    def status(self, status: Status) -> str:
        """The mark of a run's status."""
        return str(getattr(self, status.value))

    def safe(self, text: str, longest: int = LONGEST) -> str:
        """Outside text as this terminal can show it, in at most ``longest`` columns."""
        found = safe(text, longest)
        return fit(in_ascii(found), longest, self.ellipsis) if self.ascii_only else found


UNICODE = Glyphs()
ASCII = Glyphs(
    True, "<", ">", ">", "x", "->", "...", " - ", ">", "=", "+", "#", "x", "x", "!", "o", "!", "*", "v", "*"
)


# What looks nearly alike, as many columns wide.
LIKE = str.maketrans(
    {
        **dict.fromkeys("─━═╌┄┈╍▔▁▂▃⎺⎽–—", "-"),
        **dict.fromkeys("│┃║╎┆┊╏▏▕▎▍▌▐", "|"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝┏┓┗┛", "+"),
        **dict.fromkeys("█▉▊▋▇▆▅▄■▀", "#"),
        **dict.fromkeys("░▒▓", ":"),
        **dict.fromkeys("•●◌○·", "o"),
        **dict.fromkeys("▶▸›→❯", ">"),
        **dict.fromkeys("◀‹←", "<"),
        **dict.fromkeys("…", "."),
        **dict.fromkeys("×✗", "x"),
        "🔎": "> ",
        "↑": "^",
        "↓": "v",
        "′": "'",
        "’": "'",
    }
)


def in_ascii(text: str) -> str:
    """The text in ASCII: what looks like one of our marks as that, anything else as an escape."""
    if text.isascii():
        return text
    return text.translate(LIKE).encode("ascii", "backslashreplace").decode("ascii")


def deciding_locale() -> tuple[str, str] | None:
    """The first of LC_ALL, LC_CTYPE and LANG that a person has set, and its value."""
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        value = os.environ.get(name)
        if value and not (name == "LC_CTYPE" and _is_pythons_own(value)):
            return name, value
    return None


def wants_ascii() -> bool:
    """Whether the locale cannot show more than ASCII."""
    told = deciding_locale()
    return told is None or "utf" not in told[1].lower()  # no locale is the C locale


def _is_pythons_own(value: str) -> bool:
    """Whether Python put LC_CTYPE there itself (PEP 538: in the C locale it coerces to a UTF-8 one).

    What it was started with stands in /proc, where there is one.
    """
    if value not in ("C.UTF-8", "C.utf8", "UTF-8"):
        return False
    try:
        return b"LC_CTYPE=" not in Path("/proc/self/environ").read_bytes()
    except OSError:
        return False


def terminal_glyphs() -> Glyphs:
    """The marks that the terminal of the locale can show."""
    return ASCII if wants_ascii() else UNICODE
