"""A working folder that was removed or replaced since: PyTorch's MKL ends a process that has none."""

from __future__ import annotations

import os


def leave_lost_folder() -> None:
    """Go to the root where the working folder is gone; call it once all paths are absolute."""
    try:
        os.getcwd()
    except OSError:
        os.chdir("/")
