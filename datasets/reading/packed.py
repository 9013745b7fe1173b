"""Packed files unpacked, within limits: a small file that grows without end is refused before it hurts."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from typing import Any

import polars as pl

from lrtui.datasets import memory_limit
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.error_translation import AGAIN, refusing
from lrtui.datasets.reading.formats import PACKINGS, packing_of

GROWTH = 200  # times its size that a file may have when unpacked
HARMLESS = 256 << 20  # bytes up to which any growth is let through
SHARE = 0.5  # of the free memory that may be filled
PIECE = 16 << 20  # bytes unpacked at a time

_OPENERS: dict[str, Any] = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}
_ZSTD_FRAME, _ZSTD_SKIPPED = 0xFD2FB528, 0x184D2A50
_ZSTD_BLOCK = 1 << 17  # bytes that a block holds at most


def unpacked(data: bytes, name: str, where: str) -> bytes:
    """The bytes that a file holds, unpacked where it is packed, as its ``name`` may promise.

    Raises:
        DatasetError: it is cut off or damaged, not packed though its name says so, or grows beyond limits.
    """
    packing = packing_of(data[:8])
    if packing is None:
        promised = next((p for suffix, p in PACKINGS.items() if name.lower().endswith(suffix)), None)
        if promised is not None and data:
            raise DatasetError(
                f"{where} is not packed with {promised}, though its name says so.",
                "Fetch it once more, or rename it if it is not packed at all.",
            )
        return data
    if packing == "zstd":
        return _unpacked_zstd(data, where)
    found = io.BytesIO()
    with refusing(where, packing):
        try:
            with _OPENERS[packing](io.BytesIO(data)) as file:
                while piece := file.read(PIECE):
                    found.write(piece)
                    check_growth(found.tell(), len(data), where)
        except EOFError:
            raise cut_off(where) from None
    return found.getvalue()


def check_growth(grown: int, size: int, where: str) -> None:
    """Refuse what has ``grown`` too large, in bytes unpacked so far, from a packed file of ``size`` bytes.

    Raises:
        DatasetError: it is more than 200 times its size (beyond 256 MB), or than half the free memory.
    """
    if grown > HARMLESS and grown > GROWTH * size:
        raise DatasetError(
            f"{where} grows to more than {GROWTH} times its size when it is unpacked.",
            "If you trust it, unpack it yourself and give what comes out.",
        )
    if grown > SHARE * memory_limit.available():
        raise memory_limit.too_large(where)


def cut_off(where: str) -> DatasetError:
    """The error for a packed file that ends too early."""
    return DatasetError(f"{where} is cut off: it ends in the middle of its packed data.", AGAIN)


def damaged(where: str, packing: str) -> DatasetError:
    """The error for a packed file whose bytes make no sense."""
    return DatasetError(f"{where} is damaged: it cannot be unpacked with {packing}.", AGAIN)


def _unpacked_zstd(data: bytes, where: str) -> bytes:
    """The same for zstd, which Python 3.11 does not know but polars does: line by line, as UTF-8."""
    check_growth(zstd_size(data, where), len(data), where)
    try:
        lines = pl.read_lines(data)
    except pl.exceptions.PolarsError:
        raise DatasetError(
            f"{where} is damaged, or what it holds is not text in UTF-8.",
            "Unpack it yourself (zstd -d), and give what comes out.",
        ) from None
    except (OSError, pl.exceptions.PanicException):
        raise damaged(where, "zstd") from None
    text = lines["line"].str.join("\n").item()
    return f"{text}\n".encode() if text else b""


def zstd_size(data: bytes, where: str) -> int:
    """How many bytes zstd data unpacks to at most, from the headers of its blocks (RFC 8878)."""
    position = size = 0
    while position < len(data):
        magic = int.from_bytes(data[position : position + 4], "little")
        if magic & ~0xF == _ZSTD_SKIPPED:
            position += 8 + int.from_bytes(data[position + 4 : position + 8], "little")
        elif magic != _ZSTD_FRAME:
            raise damaged(where, "zstd")
        else:
            position, grown = _zstd_frame(data, position + 4, where)
            size += grown
    if position > len(data):
        raise cut_off(where)
    return size


def _zstd_frame(data: bytes, position: int, where: str) -> tuple[int, int]:
    """Where a frame ends, and how many bytes its blocks unpack to at most."""
    flags = data[position] if position < len(data) else 0
    single, sizes = flags >> 5 & 1, flags >> 6
    position += 1 + (not single) + (0, 1, 2, 4)[flags & 3] + ((single, 2, 4, 8)[sizes])
    size = last = 0
    while not last:
        if position + 3 > len(data):
            raise cut_off(where)
        header = int.from_bytes(data[position : position + 3], "little")
        last, kind, length = header & 1, header >> 1 & 3, header >> 3
        size += _ZSTD_BLOCK if kind == 2 else length
        position += 3 + (1 if kind == 1 else length)
    return position + 4 * (flags >> 2 & 1), size
