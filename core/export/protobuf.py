"""Protocol buffers as bytes: the few kinds of fields that ONNX and TensorBoard have.

Written here, for their packages weigh tens of megabytes and are needed to read such files alone.
(https://protobuf.dev/programming-guides/encoding/)
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


def varint(number: int) -> bytes:
    """A whole number, seven bits a byte, the lowest first; one below 0 in 64 bits."""
    number &= (1 << 64) - 1
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    found.append(number)
    return bytes(found)


def whole(field: int, number: int) -> bytes:
    """A field with a whole number."""
    return varint(field << 3 | VARINT) + varint(number)


def data(field: int, content: bytes | str) -> bytes:
    """A field with bytes, a text, or another message."""
    content = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return varint(field << 3 | BYTES) + varint(len(content)) + content


def double(field: int, number: float) -> bytes:
    """A field with a float64."""
    return varint(field << 3 | FIXED64) + struct.pack("<d", number)


def single(field: int, number: float) -> bytes:
    """A field with a float32."""
    return varint(field << 3 | FIXED32) + struct.pack("<f", number)


def wholes(field: int, numbers: Iterable[int]) -> bytes:
    """A field with many whole numbers, packed."""
    return data(field, b"".join(map(varint, numbers)))


def singles(field: int, numbers: Sequence[float]) -> bytes:
    """A field with many float32, packed."""
    return data(field, struct.pack(f"<{len(numbers)}f", *numbers))
