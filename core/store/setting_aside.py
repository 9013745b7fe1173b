"""Setting a store aside that is none any more: it gets another name, over nothing that is there."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from lrtui.core.store.home import unusable
from lrtui.core.store.identity import SIDE_FILES
from lrtui.datasets.storage.moving import move_beside
from lrtui.datasets.storage.nofollow import NEW
from lrtui.datasets.text import quote

BESIDE = ("", *SIDE_FILES)  # the file, and those that SQLite keeps beside it


def beside(path: Path, suffix: str) -> Path:
    """The store, or a file that SQLite keeps beside it."""
    return path.with_name(path.name + suffix)


def set_aside(path: Path, why: str) -> str:
    """Give the store and its side files other names, over nothing that is there.

    Raises:
        StoreError: they cannot be renamed.
    """
    aside = _renamed(path, "corrupt", SIDE_FILES)
    return f"The store {why} and was set aside as {quote(aside)}; a new one is in use."


def journal_of(path: Path) -> Path:
    """Where SQLite looks for a rollback journal: a store of ours has none, but in its first moment."""
    return Path(os.path.realpath(path) + "-journal")


def set_journal_aside(path: Path) -> str | None:
    """Give whatever has the name of the store's journal another one; a sentence where there was something.

    SQLite would change the store by it, or remove it.

    Raises:
        StoreError: it cannot be renamed.
    """
    journal = journal_of(path)
    if not os.path.lexists(journal):
        return None
    aside = _renamed(journal, "aside")
    return f"{quote(str(journal))} is nothing of lrtui's and was set aside as {quote(aside)}."


def _renamed(path: Path, label: str, sides: tuple[str, ...] = ()) -> str:
    """The name, with the time in it, that a file and what lies beside it were given."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    try:
        for number in count(1):
            name = f"{path.name}.{label}-{stamp}" + (f"-{number}" if number > 1 else "")
            if any(os.path.lexists(path.with_name(name + suffix)) for suffix in ("", *sides)):
                continue
            with suppress(FileExistsError):  # made this moment
                if os.path.lexists(path):
                    move_beside(path, name)
                break
        for suffix in sides:
            if os.path.lexists(beside(path, suffix)):
                move_beside(beside(path, suffix), name + suffix)
    except OSError as error:
        raise unusable(path.parent, error.strerror or str(error)) from None
    return name


def damage_marker(path: Path) -> Path:
    """Stands beside a store that turned out damaged while in use; the next opening sets it aside."""
    return path.with_name(path.name + ".damaged")


def is_marked_damaged(path: Path) -> bool:
    """Whether the marker is there: an empty file, as lrtui makes it. Anything else of that name is not."""
    try:
        found = damage_marker(path).lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == 0


def mark_damaged(path: Path) -> None:
    """Lay the marker, where it can be."""
    with suppress(OSError):  # it is there, or the disk fails: the error itself is told in any case
        os.close(os.open(damage_marker(path), NEW, 0o600))


def forget_damage(path: Path) -> None:
    """Remove the marker."""
    damage_marker(path).unlink(missing_ok=True)
