"""Folders as a person types their way through them: no widget in here, only paths and their entries."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.formats import may_be_read
from lrtui.datasets.text import quote

SEP = "/"
HERE = "./"


SCRIPT = ".py"


@dataclass(frozen=True)
class Entry:
    """A folder, or a file of a known format; ``text`` is what stands in the field once it is chosen."""

    name: str
    text: str
    is_folder: bool

    @property
    def is_script(self) -> bool:
        """Whether it is watched, and not read as a table."""
        return not self.is_folder and self.name.endswith(SCRIPT)

    @property
    def size(self) -> int | None:
        """Bytes of a file; asked for only where it is shown."""
        try:
            return None if self.is_folder else os.stat(os.path.expanduser(self.text)).st_size
        except (OSError, ValueError):
            return None


def is_path(text: str) -> bool:
    """Whether a text can only mean a path."""
    return text.startswith((SEP, "~", ".")) or SEP in text


def split(text: str) -> tuple[str, str]:
    """The folder in a text, with its last slash, and the beginning of a name: ``data/ti`` → data/, ti."""
    if text in ("~", ".", ".."):
        return text + SEP, ""
    folder, slash, start = text.rpartition(SEP)
    return folder + slash, start


def entries(text: str) -> list[Entry]:
    """What the folder in a text holds under names that begin like its end: folders first, then files.

    Hidden ones only where a dot was typed; of the files scripts, and those of a format that is read.

    Raises:
        DatasetError: the folder cannot be listed.
    """
    folder, start = split(text)
    path = os.path.expanduser(folder or HERE)
    try:
        stamp = os.stat(path).st_mtime_ns
        found = _listed(path, stamp)
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "it is no path").lower()
        raise DatasetError(
            f"The folder {quote(folder or HERE)} cannot be opened: {why}.",
            "Check the path, or choose another folder.",
        ) from None
    wanted = start.lower()
    return [
        Entry(name, f"{folder}{name}{SEP if is_folder else ''}", is_folder)
        for name, is_folder in found
        if name.lower().startswith(wanted) and (start.startswith(".") or not name.startswith("."))
    ]


@lru_cache(8)
def _listed(path: str, stamp: int) -> tuple[tuple[str, bool], ...]:
    """Names and whether they are folders; kept until the folder changes, for every key asks again."""
    del stamp  # only tells one state of the folder from another
    found = []
    with os.scandir(path) as listing:
        for entry in listing:
            is_folder = _leads_to_folder(entry)
            if is_folder or may_be_read(entry.name) or entry.name.endswith(SCRIPT):
                found.append((entry.name, is_folder))
    return tuple(sorted(found, key=lambda pair: (not pair[1], pair[0].lower(), pair[0])))


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads round and round
        return False


def above(text: str) -> tuple[str, str]:
    """The folder above that in a text, and the name of the one that is left, where it has one."""
    folder = text.removesuffix(SEP)
    rest, slash, name = folder.rpartition(SEP)
    if not folder:
        return SEP, ""
    if name in (".", ".."):
        return (f"{text}../" if name == ".." else f"{rest}{slash}../"), ""
    if not slash and name.startswith("~"):
        home = os.path.expanduser(name)
        return os.path.dirname(home).removesuffix(SEP) + SEP, os.path.basename(home)
    return f"{rest}{slash}" or HERE, name
