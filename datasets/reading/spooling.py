"""Standard input as a file: kept by its content, so that the engine and a later lrtui can read it again."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO, BinaryIO

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.formats import START, by_content, by_look, packing_of
from lrtui.datasets.text import quote

MOST = 20 << 30  # bytes
LEFT = 1 << 30  # bytes of the disk that stay free
PIECE = 1 << 20

_SUFFIXES = {"parquet": ".parquet", "arrow": ".arrow", "npy": ".npy", "npz": ".npz", "excel": ".xlsx"}
_SUFFIXES |= {"jsonl": ".jsonl", "arff": ".arff", "svmlight": ".svmlight", "csv": ".csv"}
_PACKED = {"gzip": ".gz", "zstd": ".zst", "bzip2": ".bz2", "xz": ".xz"}


def spool(stream: BinaryIO, folder: Path) -> Path:
    """Write all that a stream gives into a file whose name tells its content and format.

    Args:
        folder: where it is kept; made where it is missing.

    Raises:
        DatasetError: nothing comes, more than 20 GB do, or the disk is full.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=folder, prefix="part-", delete=False) as file:
            part = Path(file.name)
            try:
                start, digest = _copied(stream, file, folder)
            except BaseException:  # Ctrl+C too: nothing half-written stays
                part.unlink(missing_ok=True)
                raise
        found = folder / f"stdin-{digest[:16]}{_suffix(start)}"
        os.replace(part, found)
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        raise DatasetError(
            f"Standard input cannot be kept in {quote(str(folder))}: {why}.",
            "Free some space, or write it to a file and give its path.",
        ) from None
    return found


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
        return _PACKED[packing]
    return _SUFFIXES.get(by_content(start) or by_look(start) or "", "")
