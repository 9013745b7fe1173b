"""What control groups grant this process: containers, batch systems and systemd bound it by them.

Files and meaning: https://docs.kernel.org/admin-guide/cgroup-v2.html and cgroup-v1/.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")
NO_BOUND = 1 << 60  # bytes: version 1 writes about 2^63 for none


def granted_cores(groups: Path = GROUPS, own: Path = OWN) -> float | None:
    """The share of cores, such as 1.5; ``None`` where nothing bounds it."""
    found = []
    for folder in _folders(groups, own, "cpu"):
        both = _numbers(folder / "cpu.max") or [
            *_numbers(folder / "cpu.cfs_quota_us"),
            *_numbers(folder / "cpu.cfs_period_us"),
        ]
        if len(both) == 2 and both[0] > 0 and both[1] > 0:
            found.append(both[0] / both[1])
    return min(found, default=None)


def granted_memory(groups: Path = GROUPS, own: Path = OWN) -> int | None:
    """Bytes of memory; ``None`` where nothing bounds it."""
    found: list[int] = []
    for folder in _folders(groups, own, "memory"):
        for name in ("memory.max", "memory.limit_in_bytes"):
            found += [number for number in _numbers(folder / name) if 0 < number < NO_BOUND]
    return min(found, default=None)


def _folders(groups: Path, own: Path, controller: str) -> Iterator[Path]:
    """The folder of this process's group and those above it, of both versions."""
    try:
        lines = own.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = (*line.split(":", 2), "", "")[:3]
        if controllers and controller not in controllers.split(","):
            continue
        root = groups / controller if controllers else groups
        place = root / path.strip("/")
        yield from (folder for folder in (place, *place.parents) if folder.is_relative_to(root))


def _numbers(file: Path) -> list[int]:
    """The numbers in a file; none where it is not there, or says ``max``."""
    try:
        return [int(word) for word in file.read_text().split()]
    except (OSError, ValueError):
        return []
