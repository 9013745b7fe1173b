"""The dashboard in a browser: a web server of this machine's own, with a terminal for each page."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def bundle() -> Path | None:
    """The folder of xterm.js, or ``None`` where textual-serve is not installed."""
    found = find_spec("textual_serve")
    if found is None or found.origin is None or find_spec("aiohttp") is None:
        return None
    return Path(found.origin).with_name("static")
