"""A script run in this process, and what it printed."""

from __future__ import annotations

import contextlib
import io
import math
import re
import sys
import time
import traceback
import warnings
from dataclasses import dataclass

NUMBER = r"(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?|nan|inf)"
ACCURACY = re.compile(r"\b(?:accuracy|acc)\b[^\d\n-]{0,12}?" + NUMBER + r"\s*(%?)", re.I)
LOSS = re.compile(r"\btest loss\b[^\d\n-]{0,4}?" + NUMBER, re.I)
NAME = "train.py"


@dataclass(frozen=True)
class Measured:
    """What a script came to.

    Attributes:
        accuracy: the last one printed, as a share, or ``None``.
        loss: the last one of test rows printed, or ``None``.
        error: the last line of its traceback, or nothing.
    """

    accuracy: float | None
    loss: float | None
    error: str
    seconds: float
    output: str


def measure(text: str) -> Measured:
    """Run a script as ``__main__`` with no arguments."""
    out, error, started = io.StringIO(), "", time.perf_counter()
    before = sys.argv
    sys.argv = [NAME]
    try:
        with contextlib.redirect_stdout(out), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(text, NAME, "exec"), {"__name__": "__main__", "__file__": NAME})
    except (Exception, SystemExit):  # noqa: BLE001 - whatever a script dies of is told
        error = traceback.format_exc().strip().splitlines()[-1]
    finally:
        sys.argv = before
    return read(out.getvalue(), error, time.perf_counter() - started)


def read(output: str, error: str = "", seconds: float = math.nan) -> Measured:
    """What stands in a script's output."""
    found = ACCURACY.findall(output)
    losses = LOSS.findall(output)
    accuracy = None
    if found and not error:
        value, percent = found[-1]
        accuracy = float(value) / (100 if percent else 1)
    loss = float(losses[-1]) if losses and not error else None
    return Measured(accuracy, loss, error, seconds, output)
