"""Sizes and numbers in few characters."""

from __future__ import annotations

import os

UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
WHOLE = 1e7  # whole numbers below it are written out


def short(value: float) -> str:
    """A number in few characters: ``12.35``, ``1,912``, ``1.2e+08``."""
    if value == int(value) and abs(value) < WHOLE:
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
