"""Python, cores and memory, and what is left of them to this process."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from lrtui.core.system.containers import granted_cores, granted_memory
from lrtui.core.system.record import Check, State, bytes_text, failed
from lrtui.datasets import memory_limit
from lrtui.datasets.cores import cores

TOPIC = "machine"
KERNEL = Path("/proc/version")
LITTLE = 500_000_000  # bytes: a small dataset can be trained on, and a table hardly be read
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def machine_checks() -> Iterator[Check]:
    """Python, the system, cores and memory."""
    python = f"{platform.python_implementation()} {platform.python_version()}, {sys.executable}"
    yield Check(TOPIC, "Python", python)
    yield Check(TOPIC, "system", system())
    yield _cores()
    if told := ", ".join(f"{name}={os.environ[name]}" for name in THREADS if os.environ.get(name)):
        yield Check(TOPIC, "threads", told)
    yield _memory()
    yield _limit()


def system() -> str:
    """``Linux 6.1 on x86_64``, and whether it runs within Windows."""
    mac = platform.system() == "Darwin"
    name = f"macOS {platform.mac_ver()[0]}" if mac else f"{platform.system()} {platform.release()}"
    return f"{name} on {platform.machine()}{', in WSL' if is_wsl() else ''}"


def is_wsl() -> bool:
    """Whether this Linux runs within Windows."""
    try:
        return "microsoft" in KERNEL.read_text().lower()
    except OSError:
        return False


def _cores() -> Check:
    ours, all_of_them, granted = cores(), os.cpu_count() or 1, granted_cores()
    found = f"{ours}" if ours == all_of_them else f"{ours} of {all_of_them} that the machine has"
    if granted is None or granted >= ours:
        return Check(TOPIC, "cores", found)
    found += f", but a container grants the time of {granted:.3g}"
    few = max(int(granted), 1) - 1
    fix = f"On large data threads then wait for each other: taskset -c 0-{few} lrtui takes fewer."
    return Check(TOPIC, "cores", found, State.NOTE, fix)


def _memory() -> Check:
    free, granted = memory_limit.available(), granted_memory()
    found = f"{bytes_text(free)} free"
    if granted is not None:
        found += f"; a container grants {bytes_text(granted)} in all"
    if free >= LITTLE:
        return Check(TOPIC, "memory", found)
    return Check(TOPIC, "memory", found, State.NOTE, "Close other programs before you read large tables.")


def _limit() -> Check:
    most = memory_limit.limit()
    if most is None:
        return Check(TOPIC, "memory limit", "none (ulimit -v)")
    try:
        memory_limit.check_memory(*memory_limit.TRAINING)
    except memory_limit.MemoryLimitError as error:
        return failed(TOPIC, "memory limit", error)
    try:
        memory_limit.check_memory(*memory_limit.ENGINE)
    except memory_limit.MemoryLimitError as error:
        what = f"{error.what} lrtui train works on the catalogue; dashboard and tables do not."
        return Check(TOPIC, "memory limit", what, State.NOTE, error.fix)
    return Check(TOPIC, "memory limit", f"{bytes_text(most)} of address space (ulimit -v), which is enough")
