"""Answers of a server, kept as files that say themselves whose they are and whether they are whole.

They lie in a folder ``lrtui`` where scikit-learn keeps what it fetches. The first line of each holds the
address and a hash of the rest. What does not is another's file: it is neither read nor replaced.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from lrtui.datasets.storage.folder import make_private
from lrtui.datasets.storage.moving import move
from lrtui.datasets.storage.nofollow import NEW, contents, open_folder

SUFFIX = ".answer"
MOST = 3 << 30  # bytes


def read_kept(url: str) -> bytes | None:
    """What was kept of an address; ``None`` where nothing was, or not a whole file of ours."""
    folder = _folder()
    if folder is None:
        return None
    try:
        head, _, data = contents(_name(url), folder, MOST).partition(b"\n")
    except OSError:
        return None
    finally:
        os.close(folder)
    return data if head == _head(url, data) else None


def keep(url: str, data: bytes) -> None:
    """Keep an answer, if that can be done; a damaged one of the same address makes way."""
    folder = _folder(make=True)
    if folder is None:
        return
    part = f".{secrets.token_hex(8)}"
    try:
        with os.fdopen(os.open(part, NEW, 0o600, dir_fd=folder), "wb") as file:
            file.write(_head(url, data) + b"\n" + data)
        if _is_ours(url, folder):
            os.unlink(_name(url), dir_fd=folder)
        move(part, _name(url), folder)
    except OSError:  # a full disk, or another's file of this name: it will be fetched once more
        with suppress(OSError):
            os.unlink(part, dir_fd=folder)
    finally:
        os.close(folder)


def _is_ours(url: str, folder: int) -> bool:
    try:
        return contents(_name(url), folder, MOST).startswith(_begin(url))
    except OSError:
        return False


def _begin(url: str) -> bytes:
    return f"lrtui answer {hashlib.sha256(url.encode()).hexdigest()} ".encode()


def _head(url: str, data: bytes) -> bytes:
    return _begin(url) + hashlib.sha256(data).hexdigest().encode()


def _name(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:32] + SUFFIX


def _folder(*, make: bool = False) -> int | None:
    """The open folder of answers; ``None`` where nothing can be kept."""
    home = os.path.expanduser(os.environ.get("SCIKIT_LEARN_DATA") or "~/scikit_learn_data")
    if home.startswith("~"):  # of a user that there is not
        return None
    path = Path(home).absolute() / "lrtui"
    if make:
        try:
            make_private(path)
        except (OSError, ValueError):
            return None
    return open_folder(path)
