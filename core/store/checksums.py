"""Checksums of what is stored: CRC-32, which finds every flipped bit and costs a microsecond or so."""

from __future__ import annotations

import zlib


def checksum(data: object, start: object) -> int | None:
    """The checksum of bytes, going on from that of what stands before them; ``None`` of anything else.

    Losses are appended inside SQLite, so it is a function of SQL too.
    """
    if not isinstance(data, bytes) or not isinstance(start, int):
        return None
    return zlib.crc32(data, start)


def checksum_of(*parts: str | bytes | float | None) -> int:
    """One checksum of several columns, each with its end."""
    found = 0
    for part in parts:
        data = part if isinstance(part, bytes) else repr(part).encode("utf-8", "backslashreplace")
        found = zlib.crc32(b"\x1f", zlib.crc32(data, found))
    return found


def holds(kept: object, found: int | None) -> bool:
    """Whether a kept checksum is the one that was found; rows of before version 5 have none."""
    return kept is None or kept == found
