"""Standard input as a file: kept by its content, so that the engine and a later lrtui can read it again."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from itertools import count
from pathlib import Path
from typing import IO, BinaryIO

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.formats import (
    FORMATS,
    PACKINGS,
    START,
    by_content,
    by_look,
    is_archive,
    packing_of,
)
from lrtui.datasets.storage.folder import make_private
from lrtui.datasets.storage.moving import move
from lrtui.datasets.storage.nofollow import FOLDER, NEW, PLAIN, is_plain
from lrtui.datasets.text import quote

MOST = 20 << 30  # bytes
LEFT = 1 << 30  # bytes of the disk that stay free
PIECE = 1 << 20


def spool(stream: BinaryIO, folder: Path) -> Path:
    """Write all that a stream gives into a file of ``folder`` whose name tells its content and format.

    Raises:
        DatasetError: nothing comes, more than 20 GB do, or the disk is full.
    """
    try:
        make_private(folder)
        part = folder / f"part-{secrets.token_hex(8)}"
        opened = os.open(part, NEW, 0o600)
        try:
            with os.fdopen(opened, "wb") as file:
                start, digest = _copied(stream, file, folder)
            return _named(part, digest, _suffix(start))
        except BaseException:  # Ctrl+C too: nothing half-written stays
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        raise DatasetError(
            f"Standard input cannot be kept in {quote(str(folder))}: {why}.",
            "Free some space, or write it to a file and give its path.",
        ) from None


def _named(part: Path, digest: str, suffix: str) -> Path:
    """Give the file a name that tells its content; where a file of the same content is there, that one."""
    folder = os.open(part.parent, FOLDER & ~os.O_NOFOLLOW)
    try:
        for number in count(1):
            more = f"-{number}" if number > 1 else ""
            name = f"stdin-{digest[:16]}{more}{suffix}"
            try:
                move(part.name, name, folder)
                break
            except FileExistsError:
                if _digest(name, folder) == digest:
                    os.unlink(part.name, dir_fd=folder)
                    break
    finally:
        os.close(folder)
    return part.with_name(name)


def _digest(name: str, folder: int) -> str | None:
    """The hash of a plain file; ``None`` where it is none."""
    if not is_plain(name, folder):
        return None
    with os.fdopen(os.open(name, PLAIN, dir_fd=folder), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copied(stream: BinaryIO, file: IO[bytes], folder: Path) -> tuple[bytes, str]:
    """Copy all of it; the first bytes, and a hash of the whole."""
    start, hashed, many = b"", hashlib.sha256(), 0
    while piece := stream.read(PIECE):
        if not many:
            start = piece[:START]
        hashed.update(piece)
        many += len(piece)
        if many > MOST or shutil.disk_usage(folder).free < LEFT:
            what = f"more than {MOST >> 30} GB" if many > MOST else "more than the disk has room for"
            raise DatasetError(f"Standard input is {what}.", "Write it to a file and give its path.")
        file.write(piece)
    if not many:
        raise DatasetError("Nothing came on standard input.", "Pipe a table in: lrtui train - < data.csv.")
    return start, hashed.hexdigest()


def _suffix(start: bytes) -> str:
    packing = packing_of(start)
    if packing is not None:
        return next(suffix for suffix, name in PACKINGS.items() if name == packing)
    if is_archive("", start):
        return ".zip"
    kind = by_content(start) or by_look(start)
    return FORMATS[kind].suffixes[0] if kind else ""
