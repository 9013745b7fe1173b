"""Which Python a script runs in."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def interpreter(named: str | None = None) -> str:
    """``--python``, else that of the active virtual environment, else this one."""
    if named is not None:
        return named
    active = os.environ.get("VIRTUAL_ENV")
    candidate = Path(active or "", "bin", "python")
    return str(candidate) if active and candidate.exists() else sys.executable
