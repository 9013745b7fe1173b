"""Text files cut into shares: every line is in exactly one, whole, wherever quotes and line ends stand."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lrtui.datasets.peers import share
from lrtui.datasets.reading.byte_share import Body, byte_share

CELLS = st.sampled_from(["1", "", "ab", '"x"', '"a,b"', '"a\nb"', '"say ""hi"""', '"\n\n"', '""'])
LINES = st.lists(st.tuples(CELLS, CELLS).map(",".join), max_size=30)


class One:
    """A process that knows what each of the others tells, once all have said it."""

    def __init__(self, rank: int, world: int, told: list[list[Any]]) -> None:
        self.rank, self.world, self._told = rank, world, told

    def gather(self, value: Any) -> list[Any]:
        self._told[self.rank] = value
        return list(self._told)


def frame(lines: bytes, names: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"lines": [lines]})


def shares(bodies: list[Body], world: int, chunk: int) -> list[list[bytes]]:
    """The chunks that each process reads."""
    told: list[list[Any]] = [[0] * len(bodies) for _ in range(world)]
    schema = pl.Schema({"lines": pl.Binary()})
    for _ in range(2):  # what all tell each other is known in the second round
        found = [byte_share(bodies, schema, One(rank, world, told), chunk) for rank in range(world)]
    return [
        [row for batch in one.collect_batches(chunk_size=9, maintain_order=True) for row in batch["lines"]]
        for one in found
    ]


@given(st.lists(LINES, min_size=1, max_size=3), st.integers(1, 7), st.integers(1, 40), st.booleans())
def test_every_line_is_in_one_share_and_whole(
    files: list[list[str]], world: int, chunk: int, ended: bool
) -> None:
    with TemporaryDirectory() as name:
        bodies, lines = list[Body](), list[bytes]()
        for number, rows in enumerate(files):
            path, last = Path(name) / str(number), "\n" if ended and rows else ""
            path.write_bytes(("head,er\n" + "\n".join(rows) + last).encode())
            bodies.append(Body(path, 8, path.stat().st_size, b'"', frame))
            lines += [f"{row}\n".encode() for row in rows]
        found = shares(bodies, world, chunk)
    pieces = [piece for chunks in found for piece in chunks]
    whole = b"".join(piece if piece.endswith(b"\n") else piece + b"\n" for piece in pieces)
    assert whole.replace(b"\n", b"") == b"".join(lines).replace(b"\n", b"")
    assert all(piece.count(b'"') % 2 == 0 for piece in pieces)  # none begins or ends within quotes


def test_shares_are_as_large_as_each_other_but_for_a_line(tmp_path: Path) -> None:
    rows = [f"{number},{'x' * (number % 9)}" for number in range(500)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(rows) + "\n")
    body = Body(path, 0, path.stat().st_size, b'"', frame)
    found = [b"".join(chunks) for chunks in shares([body], 4, 1000)]
    assert b"".join(found) == path.read_bytes()
    assert max(map(len, found)) - min(map(len, found)) <= 2 * max(map(len, rows)) + 2


@given(st.integers(0, 100), st.integers(1, 12))
def test_shares_of_rows_follow_one_another_and_are_even(rows: int, world: int) -> None:
    cuts = [share(rows, rank, world) for rank in range(world)]
    assert [start for start, _ in cuts[1:]] == [stop for _, stop in cuts[:-1]]
    assert (cuts[0][0], cuts[-1][1]) == (0, rows)
    assert max(stop - start for start, stop in cuts) - min(stop - start for start, stop in cuts) <= 1
