"""How much memory is free, and whether its limit (``ulimit -v``) allows a library, before it is loaded.

PyTorch, polars and OpenBLAS do not bear it when there is too little: they print, or abort the process.
"""

from __future__ import annotations

import errno
import os
import resource
import sys
from pathlib import Path

from lrtui.datasets.cores import cores
from lrtui.datasets.errors import DatasetError, LrtuiError

# Bytes of address space that loading takes, and what a small problem takes then; and bytes for each core,
# whose threads have stacks and buffers. Measured on Linux, CPU builds: docs/command-line.md.
NEEDED = {
    "numpy": (180_000_000, 60_000_000),  # with SciPy and scikit-learn
    "torch": (620_000_000, 0),
    "polars": (1_060_000_000, 12_000_000),
}
NAMES = {"torch": "PyTorch", "polars": "polars", "numpy": "NumPy"}
TABLES = ("numpy", "polars")
TRAINING = ("numpy", "torch")
ENGINE = ("numpy", "polars", "torch")
EXIT_CODE = 71  # of an engine that found too little memory, in sysexits.h an error of the system

_STATUS = Path("/proc/self/statm")
_MEMINFO = Path("/proc/meminfo")
_GROUP = Path("/sys/fs/cgroup")
_UNKNOWN = 4 << 30  # bytes that are taken to be free where the system does not tell
_SIGNS = (
    "failed to map segment",
    "cannot allocate memory",
    "can't allocate memory",
    "can't start new thread",
)
_FIX = "Raise the limit (ulimit -v unlimited, or more memory for the job), and call lrtui again."


class MemoryLimitError(LrtuiError):
    """There is too little memory for this process to do what was asked."""

    title = "Memory"


def check_memory(*libraries: str) -> None:
    """Refuse to load libraries where the limit on memory leaves too little; nothing where there is none.

    Raises:
        MemoryLimitError: they need more than is left.
    """
    most = limit()
    new = [NEEDED[name] for name in libraries if not is_loaded(name)]
    needed = sum(always + by_core * _cores() for always, by_core in new)
    if most is None or most - used() >= needed:
        return
    names = " and ".join(dict.fromkeys(NAMES[name] for name in libraries if name != "numpy")) or "NumPy"
    raise MemoryLimitError(
        f"To load {names} takes {_size(needed)}, and the memory limit, {_size(most)} (ulimit -v), "
        f"leaves {_size(max(most - used(), 0))}.",
        _FIX,
    )


def is_loaded(library: str) -> bool:
    """Whether this process has a library already, and so its memory."""
    return library in sys.modules


def limit() -> int | None:
    """Bytes of address space that this process may take; ``None`` where nothing limits it."""
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if soft == resource.RLIM_INFINITY else soft


def used() -> int:
    """Bytes of address space that this process takes; 0 where the system does not tell."""
    try:
        return int(_STATUS.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


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


def too_large(where: str) -> DatasetError:
    """The error for what does not fit into memory."""
    return DatasetError(
        f"{where} needs more memory than is free.",
        "Free some, give fewer columns or rows, or save it as Parquet, which is read in pieces.",
    )


def memory_error(error: BaseException) -> MemoryLimitError | None:
    """The error in our words, if what a library raised means that there is too little memory."""
    if type(error).__name__ == "OutOfMemoryError":  # of torch, which is not imported for this
        return MemoryLimitError(
            "The memory of the GPU is full.", "Set device to cpu, or take fewer rows or columns."
        )
    short = isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM
    if not short and not any(sign in str(error).lower() for sign in _SIGNS):
        return None
    most = limit()
    within = "" if most is None else f" within the {_size(most)} that this process may take (ulimit -v)"
    return MemoryLimitError(
        f"There is not enough memory{within}.",
        _FIX if most is not None else "Close other programs, or take fewer rows or columns.",
    )


def _cores() -> int:
    """Threads that the libraries start: a core each, or as many as they are told."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        told = os.environ.get(name, "")
        if told.isascii() and told.isdecimal() and 0 < len(told) < 5:
            return max(1, min(cores(), int(told)))
    return cores()


def _size(size: float) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
