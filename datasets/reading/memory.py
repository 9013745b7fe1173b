"""How much memory is free: what is read may not take more. Standard library alone."""

from __future__ import annotations

import os
from pathlib import Path

from lrtui.datasets.memory_limit import limit, used

_MEMINFO = Path("/proc/meminfo")
_GROUP = Path("/sys/fs/cgroup")
_UNKNOWN = 4 << 30  # bytes that are taken to be free where the system does not tell


def available() -> int:
    """Bytes that may be taken without swapping, within what container and ``ulimit -v`` allow."""
    return min(_of_machine(), _of_group(), _of_process())


def _of_machine() -> int:
    try:
        for line in _MEMINFO.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (OSError, ValueError):
        return _UNKNOWN


def _of_process() -> int:
    most = limit()
    return 1 << 62 if most is None else max(most - used(), 0)


def _of_group() -> int:
    try:
        most = int((_GROUP / "memory.max").read_text())
        return max(most - int((_GROUP / "memory.current").read_text()), 0)
    except (OSError, ValueError):  # no such group, or "max"
        return 1 << 62
