"""To the clipboard of the person's own machine, however far away the terminal is: OSC 52, and tmux.

A multiplexer stands between a program and the terminal. tmux as it is installed refuses both OSC 52
(``set-clipboard external``) and what is to be passed through (``allow-passthrough off``), but takes a text
from its own command and hands that on.
"""

from __future__ import annotations

import os
import subprocess
from base64 import b64encode
from collections.abc import Mapping

LIMIT = 74_000  # bytes of a text: xterm and others take 100,000 of its base64
SCREEN_PART = 700  # bytes that GNU screen passes on at once
TMUX_SECONDS = 2.0


def osc52(text: str, environment: Mapping[str, str]) -> str:
    """What is written to have a terminal copy a text; a multiplexer is asked to pass it on."""
    term = environment.get("TERM", "")
    plain = f"\x1b]52;c;{b64encode(text.encode()).decode('ascii')}\x07"
    if environment.get("TMUX") or term.startswith("tmux"):
        inner = plain.replace("\x1b", "\x1b\x1b")
        return f"{plain}\x1bPtmux;{inner}\x1b\\"
    if environment.get("STY"):
        parts = (plain[at : at + SCREEN_PART] for at in range(0, len(plain), SCREEN_PART))
        return "".join(f"\x1bP{part}\x1b\\" for part in parts)
    return plain


def by_tmux(text: str) -> bool:
    """Give a text to the tmux in which this runs, if it runs in one; whether that took it."""
    if not os.environ.get("TMUX"):
        return False
    command = ["tmux", "load-buffer", "-w", "-"]
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(  # noqa: S603 - the person's own tmux, by its name
            command, input=text.encode(), stdout=quiet, stderr=quiet, timeout=TMUX_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
