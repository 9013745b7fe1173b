"""Amounts of time and of memory as people type them: ``60s``, ``2min``, ``64MB``."""

from __future__ import annotations

import re
from math import isfinite

from lrtui.core.errors import ConfigError
from lrtui.datasets.text import quote

SECONDS = {"": 1.0, "s": 1.0, "sec": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
BYTES = {
    "": 1,
    "b": 1,
    "k": 1 << 10,
    "kb": 1 << 10,
    "m": 1 << 20,
    "mb": 1 << 20,
    "g": 1 << 30,
    "gb": 1 << 30,
}


def _parsed(option: str, text: str, units: dict[str, float], example: str) -> float:
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*", text)
    if match is None or match[2].lower() not in units:
        raise ConfigError(f"{option} {quote(text)} is no amount.", f"Give one such as {example}.")
    amount = float(match[1]) * units[match[2].lower()]
    if not isfinite(amount):
        raise ConfigError(f"{option} {quote(text)} is too much.", f"Give less, such as {example}.")
    return amount


def seconds_of(option: str, text: str) -> float:
    """Seconds; ``option`` is what they are given for, such as ``--budget``.

    Raises:
        ConfigError: it is no time.
    """
    return _parsed(option, text, SECONDS, "60s or 2min")


def bytes_of(option: str, text: str) -> int:
    """Bytes; ``option`` as above.

    Raises:
        ConfigError: it is no size.
    """
    return int(_parsed(option, text, {name: float(size) for name, size in BYTES.items()}, "64MB"))
