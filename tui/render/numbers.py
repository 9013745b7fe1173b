"""Numbers as people read them: one format for each kind."""

from __future__ import annotations

import os
from datetime import datetime
from math import floor, isfinite, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lrtui.core.store import Run

MOST = 7  # columns of a number
LONGEST = 1e9  # seconds: thirty years
WHOLE = 1e7  # whole numbers below it are written out
UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


def number(value: float | None, digits: int = 4) -> str:
    """A loss or a norm in at most 7 columns: scientific where it is not of ordinary size."""
    if value is None:
        return "–"
    if not isfinite(value):
        return "inf" if value > 0 else "-inf" if value < 0 else "nan"
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return f"{value:.{digits}f}"[: max(digits + 2, 6)].rstrip(".")
    text = f"{value:.1e}"
    return text if len(text) <= MOST else f"{value:.0e}"


def rounded_down(value: float, digits: int = 2) -> str:
    """So many digits, never more than the value: what is said to be stable must be."""
    if value <= 0 or not isfinite(value):
        return f"{value:g}"
    unit = 10.0 ** (floor(log10(value)) - digits + 1)
    return f"{floor(value / unit * (1 + 1e-12)) * unit:.{digits}g}"


def counted(number: int, word: str) -> str:
    """``1 epoch``, ``2,000 epochs``."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def share(value: float | None) -> str:
    """A share in percent, whole but for the ends: 99.6 % is not 100 %."""
    if value is None:
        return "–"
    percent = 100 * value
    if not abs(percent) < 1e4:  # no share at all, but it is shown
        return f"{number(percent)} %"
    whole = round(percent)
    if whole in (0, 100) and percent not in (0.0, 100.0):
        return f"{percent:.1f} %" if 0.05 <= percent < 99.95 else ("<0.1 %" if percent < 1 else ">99.9 %")
    return f"{whole} %"


def clock(seconds: float) -> str:
    """Minutes and seconds, with hours where there are any; a dash where that is no time."""
    if not 0 <= seconds < LONGEST:
        return "–"
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def rough_clock(seconds: float) -> str:
    """A time that is guessed, no finer than it is known: by ten seconds, or from ten minutes by one."""
    step = 60 if seconds >= 600 else 10 if seconds >= 120 else 1
    return clock(round(seconds / step) * step)


def minute(seconds: float) -> str:
    """A time since 1970 as this place reads it: ``2026-11-30 02:50``."""
    return f"{datetime.fromtimestamp(seconds):%Y-%m-%d %H:%M}"


def speed(run: Run) -> str:
    """Epochs per second of a run."""
    found = run.epochs_per_second
    return "–" if found is None else pace(found)


def pace(per_second: float) -> str:
    """A speed with as many digits as tell something: ``41,000``, ``3.2``, ``0.064``."""
    return f"{per_second:,.0f}" if 10 <= per_second < 1e10 else f"{per_second:.2g}"


def short(value: float, whole: float = WHOLE) -> str:
    """A number in few characters: ``12.35``, ``1,912``, ``1.2e+08``; whole ones below ``whole`` in full."""
    if not isfinite(value):
        return number(value)
    if value == int(value) and abs(value) < whole:
        return f"{int(value):,}"
    return f"{value:.4g}"


def size_words(path: str) -> str:
    """``60 kB``; empty where the size is not to be had."""
    try:
        return bytes_words(os.path.getsize(os.path.expanduser(path)))
    except (OSError, ValueError):
        return ""


def bytes_words(size: int) -> str:
    """A number of bytes in two or three digits: ``812 bytes``, ``60 kB``, ``2.4 GB``."""
    for unit, name in UNITS:
        if size >= unit:
            number = size / unit
            return f"{number:.1f} {name}" if number < 9.95 else f"{number:,.0f} {name}"
    return f"{size} byte{'' if size == 1 else 's'}"
