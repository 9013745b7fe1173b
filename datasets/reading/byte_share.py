"""The lines of text files that are one process's share: bytes from one line's start to another's.

Within quotes a line does not end. Whether a byte stands within quotes is told by how many of them stand
before it: each process counts those of its own bytes, and all tell each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import polars as pl

from lrtui.datasets.peers import Peers, share

CHUNK = 32 << 20  # bytes read at a time
LINE = ord("\n")
Parse = Callable[[bytes, list[str]], pl.DataFrame]


@dataclass(frozen=True)
class Body:
    """The lines of a file below what names its columns: bytes from ``start`` up to ``stop``.

    Attributes:
        quote: the byte that stands around values, or ``None``. parse: lines to the columns of these names.
    """

    path: Path
    start: int
    stop: int
    quote: bytes | None
    parse: Parse


@dataclass(frozen=True)
class ByteShare:
    """Read like a ``LazyFrame`` of polars, as far as one pass over a file asks.

    Attributes:
        bodies: what of each file belongs to this process, from the start of a line to that of another.
    """

    bodies: tuple[Body, ...]
    schema: pl.Schema
    names: tuple[str, ...]
    chunk: int = CHUNK

    def select(self, names: Sequence[str]) -> ByteShare:
        """The same of some columns."""
        return replace(self, names=tuple(names))

    def collect_schema(self) -> pl.Schema:
        """The types of the columns."""
        return pl.Schema({name: self.schema[name] for name in self.names})

    def collect_batches(self, *, chunk_size: int, maintain_order: bool) -> Iterator[pl.DataFrame]:
        """The rows, some at a time."""
        for body in self.bodies:
            for lines in _chunks(body, self.chunk):
                frame = body.parse(lines, list(self.names))
                yield from frame.iter_slices(chunk_size)


def byte_share(bodies: Sequence[Body], schema: pl.Schema, peers: Peers, chunk: int = CHUNK) -> ByteShare:
    """The share of this process: as many bytes as any other has, but for the line in which they end."""
    total = sum(body.stop - body.start for body in bodies)
    rough = [_parts(bodies, *share(total, rank, peers.world)) for rank in range(peers.world)]
    odd = [_odd_quotes(body, chunk) for body in rough[peers.rank]]
    counted = peers.gather(odd)
    found = []
    for number, body in enumerate(rough[peers.rank]):
        before = sum(one[number] for one in counted[: peers.rank]) % 2
        start = _line_at(body, body.start, before, bodies[number])
        stop = _line_at(body, body.stop, (before + odd[number]) % 2, bodies[number])
        found.append(replace(body, start=start, stop=max(start, stop)))
    return ByteShare(tuple(found), schema, tuple(schema.names()), chunk)


def _parts(bodies: Sequence[Body], start: int, stop: int) -> list[Body]:
    """Of each file the bytes that are these of all of them together."""
    found, at = [], 0
    for body in bodies:
        size = body.stop - body.start
        first, last = (min(max(place - at, 0), size) for place in (start, stop))
        found.append(replace(body, start=body.start + first, stop=body.start + last))
        at += size
    return found


def _odd_quotes(body: Body, chunk: int) -> int:
    """Whether an odd number of quotes stands in these bytes, as 1 or 0."""
    count = 0
    if body.quote is not None:
        with body.path.open("rb") as file:
            for data in _read(file, body.start, body.stop, chunk):
                count += data.count(body.quote)
    return count % 2


def _line_at(body: Body, place: int, within: int, whole: Body) -> int:
    """Where the first line begins at ``place`` or after; ``within``: whether a quote is open there."""
    if place <= whole.start or place >= whole.stop:
        return min(max(place, whole.start), whole.stop)
    quote = None if body.quote is None else body.quote[0]
    with body.path.open("rb") as file:
        file.seek(place - 1)
        before, at = file.read(1)[0], place
        if before == LINE and not within:
            return place
        for data in _read(file, place, whole.stop, 1 << 16):
            for number, byte in enumerate(data):
                if byte == quote:
                    within ^= 1
                elif byte == LINE and not within:
                    return at + number + 1
            at += len(data)
    return whole.stop


def _read(file: BinaryIO, start: int, stop: int, chunk: int) -> Iterator[bytes]:
    file.seek(start)
    while start < stop:
        data = file.read(min(chunk, stop - start))
        if not data:
            raise OSError(f"the file ends at byte {start}, not {stop}")
        start += len(data)
        yield data


def _chunks(body: Body, chunk: int) -> Iterator[bytes]:
    """Whole lines, some at a time."""
    rest = b""
    with body.path.open("rb") as file:
        for data in _read(file, body.start, body.stop, chunk):
            rest += data
            end = _last_line(rest, body.quote)
            if end:
                yield rest[:end]
                rest = rest[end:]
    if rest:
        yield rest


def _last_line(data: bytes, quote: bytes | None) -> int:
    """Where the last line ends that is whole; 0 where none is. A line begins at the first byte."""
    end = data.rfind(b"\n") + 1
    while end and quote is not None and data.count(quote, 0, end) % 2:
        end = data.rfind(b"\n", 0, end - 1) + 1
    return end
