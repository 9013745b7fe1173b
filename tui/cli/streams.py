"""The standard streams as a command needs them: open, and no reason to die where nobody reads stderr."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO


def open_standard_streams() -> None:
    """See to it that descriptors 0, 1 and 2 are open, on ``/dev/null`` where the caller closed them.

    The next file that is opened would get such a number, and what is printed would be written into it: into
    the store, or a lock.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # takes the lowest number that is free
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name that the locale cannot write is shown escaped, as stderr does it, and is no reason to die.
        sys.stdout.reconfigure(errors="backslashreplace")


def silence(stream: TextIO) -> None:
    """Have a stream that cannot be written lead nowhere; Python would complain of it once more at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def tell(text: str) -> None:
    """Write to stderr, at once. Where it leads to a full disk or a closed pipe, nothing more is told.

    What is told there is never what was asked for: no run ends for it.
    """
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        silence(sys.stderr)
