"""Where lrtui keeps its files, and who may read them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from lrtui.core.errors import StoreError
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.storage.folder import cache_folder, make_private, named_folder, platform_folder, reason
from lrtui.datasets.text import quote

OTHERS = stat.S_IWGRP | stat.S_IWOTH


def home() -> Path:
    """``$LRTUI_HOME``, or the platform's folder for a user's data.

    Raises:
        StoreError: the variable names no folder, or there is no home folder.
    """
    try:
        return named_folder("LRTUI_HOME") or platform_folder("data", "LRTUI_HOME")
    except DatasetError as error:
        raise StoreError(error.what, error.fix) from None


def make_home() -> Path:
    """The folder, made with mode 0700 where it was missing; one that is there keeps its mode.

    Raises:
        StoreError: it cannot be made or written.
    """
    folder = home()
    try:
        make_private(folder)
    except OSError as error:
        raise unusable(folder, reason(folder, error)) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise unusable(folder, "it is read-only")
    return folder


def folder_remark() -> str | None:
    """A sentence for the person where others can write to the folder of the store or of the cache.

    Raises:
        StoreError: a variable of the environment names no folder.
    """
    try:
        cache = cache_folder()
    except DatasetError as error:
        raise StoreError(error.what, error.fix) from None
    for folder, variable in ((home(), "LRTUI_HOME"), (cache, "LRTUI_CACHE")):
        found = _open_to_others(folder)
        if found is not None:
            why, fix = found
            what = f"Others can change what lrtui keeps in {quote(str(folder))}: {why}."
            return f"{what} {fix}{variable} to another folder."
    return None


def _open_to_others(folder: Path) -> tuple[str, str] | None:
    """Why others can write to a folder, and what to do; ``None`` where they cannot, or there is none."""
    try:
        found = folder.stat()
    except OSError:  # whoever uses it says so
        return None
    if not stat.S_ISDIR(found.st_mode):  # nothing is kept there, and /dev/null is to stay as it is
        return None
    if found.st_uid != os.geteuid():
        return "it belongs to another user", "Set "  # who alone can change its mode
    if found.st_mode & OTHERS and not found.st_mode & stat.S_ISVTX:
        return f"its mode is {stat.S_IMODE(found.st_mode):04o}", "Make it yours alone (chmod go-w), or set "
    return None


def unusable(folder: Path, why: str) -> StoreError:
    """The error that says that nothing can be kept in a folder."""
    return StoreError(
        f"The folder {quote(str(folder))} cannot be used: {why.lower()}.",
        "Make it writable, or set LRTUI_HOME to a folder of yours.",
    )
