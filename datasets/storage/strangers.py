"""What lies in a cache folder that is not lrtui's: where there is such a thing, the folder is refused."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import NamedTuple

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.storage.folder import unusable
from lrtui.datasets.storage.nofollow import FOLDER, contents, is_plain, open_folder
from lrtui.datasets.storage.ownership import (
    ALONE,
    MARKER,
    META,
    NAME,
    PART,
    ROOT,
    Root,
    is_scrap,
    open_root,
    strangers_in,
)
from lrtui.datasets.text import quote

NOBODYS = re.compile(r"\.DS_Store|lost\+found|\.nfs[0-9a-f]+")  # what systems leave by themselves
NAMED = 3  # strangers in a sentence


class Found(NamedTuple):
    """What lies in a cache folder beside lrtui's entries.

    Attributes:
        strangers: names of what is not lrtui's, or cannot be proved to be, below the cache folder.
        older: folders that an earlier lrtui left.
    """

    strangers: tuple[str, ...] = ()
    older: tuple[str, ...] = ()


def look(cache: Path) -> Found:
    """What lies in a cache folder that is not an entry of it; nothing where there is no such folder.

    Raises:
        DatasetError: it cannot be read, or is no folder.
    """
    strangers: list[str] = []
    older: list[str] = []
    try:
        fd = os.open(cache, FOLDER & ~os.O_NOFOLLOW)
    except FileNotFoundError:
        if not cache.is_symlink():
            return Found()
        raise unusable(cache, FileExistsError()) from None
    except OSError as error:
        raise unusable(cache, error) from None
    try:
        for name in sorted(os.listdir(fd)):
            if name == ROOT:
                strangers += _in_root(cache, fd)
            elif NAME.fullmatch(name.removeprefix(PART)) and _is_older(name, fd):
                older.append(name)
            elif name == ALONE and is_plain(name, fd) and not os.lstat(name, dir_fd=fd).st_size:
                continue
            elif not NOBODYS.fullmatch(name):
                strangers.append(name)
    finally:
        os.close(fd)
    return Found(tuple(strangers), tuple(older))


def refuse_strangers(cache: Path) -> None:
    """Nothing is done in a cache folder that holds what is not lrtui's."""
    found = look(cache).strangers
    if not found:
        return
    names = ", ".join(map(quote, found[:NAMED]))
    more = f" and {len(found) - NAMED:,} more" if len(found) > NAMED else ""
    where = quote(str(cache))
    raise DatasetError(
        f"The cache folder {where} holds what is not lrtui's, and stays as it is: {names}{more}.",
        "Set LRTUI_CACHE to an empty folder, or move that away.",
    )


def _in_root(cache: Path, parent: int) -> list[str]:
    found: list[str] = []
    for _ in range(2):  # once more, for it may be marked, and filled, this moment
        with open_root(cache) as root:
            if root is not None:
                return [f"{ROOT}/{name}" for name in _in_marked(root)]
        fd = open_folder(ROOT, parent)
        if fd is None:
            return [ROOT]  # a link or a file
        try:
            found = [f"{ROOT}/{name}" for name in sorted(os.listdir(fd)) if not is_scrap(name)]
        finally:
            os.close(fd)
    return found


def _in_marked(root: Root) -> list[str]:
    found = []
    for name in sorted(os.listdir(root.fd)):
        if name in (MARKER, ALONE) or is_scrap(name) or NOBODYS.fullmatch(name):
            continue
        folder = root.entry(name)
        if folder is None and os.path.lexists(root.path / name):
            folder = root.entry(name)  # once more, for it may be made anew this moment
            if folder is None:
                found.append(name)
        if folder is None:
            continue
        found += [f"{name}/{inside}" for inside in strangers_in(folder)]
        os.close(folder)
    return found


def _is_older(name: str, parent: int) -> bool:
    """Whether it is an entry of the time when they had neither marker nor id, or a draft of one."""
    folder = open_folder(name, parent)
    if folder is None:
        return False
    try:
        if strangers_in(folder):
            return False
        if name.startswith(PART):
            return True
        told = json.loads(contents(META, folder))
        return isinstance(told, dict) and {"version", "file", "what"} <= told.keys()
    except (OSError, ValueError, RecursionError):
        return False
    finally:
        os.close(folder)
