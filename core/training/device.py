"""Where a problem is trained, and by how many threads."""

from __future__ import annotations

import torch

from lrtui.core.errors import ConfigError
from lrtui.datasets.cores import cores

LARGE = 50_000_000  # numbers in X: below this, starting kernels costs more than a GPU saves
SMALL = 1_000_000  # numbers in X: below this, waking a second thread costs more than it does


def choose_device(wanted: str, rows: int, columns: int) -> torch.device:
    """The device for a config's choice; ``auto`` takes a GPU only for large data.

    Raises:
        ConfigError: a GPU was asked for and there is none.
    """
    if wanted == "cuda" and not torch.cuda.is_available():
        raise ConfigError(
            "The device cuda was asked for, but torch finds no GPU here.",
            "Choose auto or cpu, or install a torch built for CUDA.",
        )
    if wanted == "cuda" or (wanted == "auto" and rows * columns >= LARGE and torch.cuda.is_available()):
        return torch.device("cuda")
    return torch.device("cpu")


def advice(device: torch.device, rows: int, columns: int, *, spilled: bool = False) -> str:
    """What a person should know about the device that was chosen; mostly nothing."""
    if spilled:
        return "The memory of the GPU is too small for this data: the CPU trains on it, in blocks."
    if device.type == "cuda" and rows * columns < LARGE:
        return "The CPU is faster on data this small: set device to auto."
    return ""


def threads_for(rows: int, columns: int) -> int:
    """One thread for small data, every core that this process may use for large."""
    if rows * columns < SMALL:
        return 1
    return cores()


def use_threads(count: int) -> None:
    """So many threads for torch's own loops, from now on."""
    if torch.get_num_threads() != count:
        torch.set_num_threads(count)
