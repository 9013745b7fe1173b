"""Where lrtui keeps its files, and who may read them."""

from __future__ import annotations

import os
from pathlib import Path

from lrtui.core.errors import StoreError
from lrtui.datasets.text import quote


def home() -> Path:
    """``$LRTUI_HOME``, or the platform's folder for a user's data."""
    moved = os.environ.get("LRTUI_HOME")
    if moved:
        return Path(moved).expanduser().absolute()
    import platformdirs  # only where it is needed: it is on the way to the first screen

    return Path(platformdirs.user_data_dir("lrtui", appauthor=False))


def make_home() -> Path:
    """The folder, made with mode 0700 where it was missing.

    Raises:
        StoreError: it cannot be made or written.
    """
    folder = home()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
    except OSError as error:
        raise unusable(folder, error.strerror or str(error)) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise unusable(folder, "it is read-only")
    return folder


def unusable(folder: Path, why: str) -> StoreError:
    """The error that says that nothing can be kept in a folder."""
    return StoreError(
        f"The folder {quote(str(folder))} cannot be used: {why.lower()}.",
        "Make it writable, or set LRTUI_HOME to a folder of yours.",
    )
