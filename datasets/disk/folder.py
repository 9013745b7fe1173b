"""Where the cache lies, and how large it may grow."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.text import quote

LIMIT = 20_000_000_000  # bytes
SHARE = 0.5  # of what is free, where that is less
UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def cache_folder() -> Path:
    """``$LRTUI_CACHE``, the folder ``cache`` in ``$LRTUI_HOME``, or the platform's folder for caches."""
    moved, home = os.environ.get("LRTUI_CACHE"), os.environ.get("LRTUI_HOME")
    if moved:
        return Path(moved).expanduser().absolute()
    if home:
        return Path(home).expanduser().absolute() / "cache"
    import platformdirs  # only where large data is met

    return Path(platformdirs.user_cache_dir("lrtui", appauthor=False))


def make_folder(folder: Path) -> None:
    """Make the folder with mode 0700 where it is missing.

    Raises:
        DatasetError: it cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
    except OSError as error:
        raise unusable(folder, error) from None


def cache_limit(folder: Path, used: int = 0) -> int:
    """Bytes that the cache may take: ``$LRTUI_CACHE_LIMIT``, or 20 GB, or half of what it could have.

    ``used`` are the bytes that it takes already.

    Raises:
        DatasetError: the variable holds no size.
    """
    given = os.environ.get("LRTUI_CACHE_LIMIT")
    if given:
        return size_of_text(given)
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return LIMIT
    return min(LIMIT, int(SHARE * (free + used)))


def size_of_text(text: str) -> int:
    """The bytes of ``500MB``, ``20 GB`` or ``1.5T``.

    Raises:
        DatasetError: it is no size.
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)b?\s*", text, re.IGNORECASE)
    if found is None:
        raise DatasetError(
            f"LRTUI_CACHE_LIMIT holds {quote(text)}, which is no size.", "Write it like 20GB or 500MB."
        )
    return int(float(found[1]) * UNITS[found[2].lower()])


def unusable(folder: Path, error: OSError) -> DatasetError:
    """The error that says that nothing can be kept in the cache."""
    why = (error.strerror or str(error)).lower()
    return DatasetError(
        f"The cache folder {quote(str(folder))} cannot be used: {why}.",
        "Make it writable, or set LRTUI_CACHE to a folder of yours.",
    )
