"""Where the cache lies, and how large it may grow; folders of a person's choice, found and made."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Literal

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.text import quote

LIMIT = 20_000_000_000  # bytes
SHARE = 0.5  # of what is free, where that is less
MOST = 2**63  # bytes: beyond what any file system counts
CONFIG_HOME = "XDG_CONFIG_HOME"
UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def cache_folder() -> Path:
    """``$LRTUI_CACHE``, the folder ``cache`` in ``$LRTUI_HOME``, or the platform's folder for caches.

    Raises:
        DatasetError: a variable names no folder, or there is no home folder.
    """
    moved = named_folder("LRTUI_CACHE")
    if moved is not None:
        return moved
    home = named_folder("LRTUI_HOME")
    if home is not None:
        return home / "cache"
    return platform_folder("cache", "LRTUI_CACHE")


def config_folder() -> Path:
    """``$XDG_CONFIG_HOME/lrtui``, or the platform's folder for a user's config.

    Raises:
        DatasetError: there is no home folder.
    """
    folder = os.environ.get(CONFIG_HOME, "")
    if os.path.isabs(folder):  # as the specification has it, another is passed over
        return Path(folder) / "lrtui"
    return platform_folder("config", CONFIG_HOME)


def named_folder(variable: str) -> Path | None:
    """The folder that an environment variable names, absolute; ``None`` where it is not set.

    Raises:
        DatasetError: it names the home folder of a user that there is not, or nothing that is a path.
    """
    given = os.environ.get(variable)
    if not given:
        return None
    expanded = os.path.expanduser(given)
    if given.startswith("~") and not os.path.isabs(expanded):
        user = given.partition("/")[0]
        whose = "this user has no home folder" if user == "~" else f"there is no user {quote(user[1:])}"
        what = f"{variable} holds {quote(given)}, but {whose}."
        raise DatasetError(what, "Give it a path that begins with /.")
    if "\0" in expanded:
        raise DatasetError(f"{variable} holds {quote(given)}, which is no path.", "Give it another.")
    try:
        return Path(expanded).absolute()
    except OSError:  # a path from a folder that was removed
        raise DatasetError(
            f"{variable} holds {quote(given)}, but the current folder is gone.",
            "Change to a folder that exists, or give it a path that begins with /.",
        ) from None


def platform_folder(kind: Literal["cache", "config", "data"], variable: str) -> Path:
    """The platform's folder for a user's caches, config or data; ``variable`` moves it.

    Raises:
        DatasetError: this user has no home folder: it would lie wherever this process was started.
    """
    import platformdirs  # only where it is needed: it is on the way to the first screen

    kinds = {"cache": platformdirs.user_cache_dir, "config": platformdirs.user_config_dir}
    find = kinds.get(kind, platformdirs.user_data_dir)
    with suppress(RuntimeError, KeyError):  # so say some versions of it what others leave unsaid
        found = find("lrtui", appauthor=False)
        if os.path.isabs(found):
            return Path(found)
    home = os.environ.get("HOME")
    raise DatasetError(
        "This user has no home folder that lrtui could keep files in: "
        f"HOME is {'not set' if home is None else quote(home)}.",
        f"Set {variable} to a folder of yours.",
    )


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, with mode 0700; what is there keeps its mode.

    Raises:
        OSError: it cannot be made, or is no folder.
    """
    with suppress(FileNotFoundError):
        os.stat(folder)  # what is no path at all is met before anything is made
    for level in (*reversed(folder.parents), folder):
        if not level.is_dir():
            try:
                os.mkdir(level, 0o700)
            except FileExistsError:
                if not level.is_dir():
                    raise


def reason(folder: Path, error: OSError) -> str:
    """Why a folder cannot be used, in a few words."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        if os.path.islink(folder) and not os.path.exists(folder):
            return "it is a link that leads nowhere"
        if os.path.lexists(folder):
            return "it is no folder"
        return "a part of its path is no folder"
    return (error.strerror or str(error)).lower()


def cache_limit(folder: Path, used: int = 0) -> int:
    """Bytes that the cache may take: ``$LRTUI_CACHE_LIMIT``, or 20 GB, or half of what it could have.

    ``used`` are the bytes that it takes already.
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
        DatasetError: it is no size, or more than any disk has.
    """
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?)b?\s*", text, re.IGNORECASE | re.ASCII)
    if found is None:
        raise DatasetError(
            f"LRTUI_CACHE_LIMIT holds {quote(text)}, which is no size.", "Write it like 20GB or 500MB."
        )
    size = float(found[1]) * UNITS[found[2].lower()]  # infinite where no float is so large
    if size > MOST:
        raise DatasetError(
            f"LRTUI_CACHE_LIMIT holds {quote(text)}, which is more than any disk has room for.",
            "Write it like 20GB or 500MB.",
        )
    return int(size)


def unusable(folder: Path, error: OSError) -> DatasetError:
    """The error that says that nothing can be kept in the cache."""
    return DatasetError(
        f"The cache folder {quote(str(folder))} cannot be used: {reason(folder, error)}.",
        "Make it writable, or set LRTUI_CACHE to a folder of yours.",
    )
