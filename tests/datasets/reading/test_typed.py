"""Large text tables: numbers are read as numbers at once, and everything is as it was as text."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrtui.datasets.ingest.assembly import dataset_of
from lrtui.datasets.reading.delimited import read_delimited
from lrtui.datasets.reading.dialect import Dialect
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.reading.scanning import scan_table
from lrtui.datasets.reading.typed import FEWEST, read_typed
from lrtui.datasets.source import Source

PLAIN = Dialect(",", '"', 1)
CELLS = ["", "0", "-1.5", "007", "1e300", "+2", ".5", "9007199254740993", "NA", "x", '"3"', "nan"]


def lines(head: str, *columns: str, rows: int = 1200) -> bytes:
    return "\n".join([head, *(",".join(columns) for _ in range(rows))]).encode() + b"\n"


def test_numbers_are_numbers_and_words_are_text() -> None:
    found = read_typed(lines("a,b", "1.5", "red"), PLAIN, fewest=0)
    assert found is not None
    above, body = found
    assert above.rows() == [("a", "b")]
    assert body.dtypes == [pl.Float64, pl.String]
    assert body.height == 1200


@pytest.mark.parametrize("last", ["a word", "9007199254740993"])  # which no float holds
def test_what_comes_later_and_is_no_plain_number_is_left_to_the_text_reader(last: str) -> None:
    assert read_typed(lines("a,b", "1", "2") + f"{last},2\n".encode(), PLAIN, fewest=0) is None


def test_a_small_table_is_read_as_text() -> None:
    assert read_typed(lines("a,b", "1", "2"), PLAIN) is None


@given(st.data())
def test_every_cell_means_the_same_either_way(data: st.DataObject) -> None:
    kinds = [data.draw(st.sampled_from(CELLS)) for _ in range(3)]
    odd = [data.draw(st.sampled_from(CELLS)) for _ in range(3)]
    text = lines("a,b,c", *kinds) + f"{','.join(odd)}\n{','.join(kinds)}\n".encode()
    found = read_typed(text, PLAIN, fewest=0)
    if found is None:
        return
    plain = read_delimited(text, Source("t.csv"), "'t.csv'").frame
    body = found[1].rename(dict(zip(found[1].columns, "abc", strict=True)))
    for name in "abc":
        column, cells = body[name], plain[name]
        if column.dtype.is_float():
            cells = cells.cast(pl.Float64)
        assert column.drop_nulls().equals(cells.drop_nulls()) or column.is_nan().any()


def test_a_large_file_makes_the_same_dataset_as_its_rows_in_two_files(tmp_path: Path) -> None:
    made = random.Random(0)
    rows = [
        f"{made.random()!r},{made.randrange(5)},{made.choice('ab')},{made.randrange(2)}"
        for _ in range(170_000)
    ]
    head = "x,n,word,y"
    (tmp_path / "all.csv").write_text("\n".join([head, *rows]) + "\n")
    assert (tmp_path / "all.csv").stat().st_size > FEWEST
    (tmp_path / "one.csv").write_text("\n".join([head, *rows[:150_000]]) + "\n")
    (tmp_path / "two.csv").write_text("\n".join([head, *rows[150_000:]]) + "\n")
    whole, parts = (Source(str(tmp_path / name), "y") for name in ("all.csv", "[ot]*.csv"))
    large, joined = (dataset_of(source, read_table(source)) for source in (whole, parts))
    assert read_table(whole).frame["x"].dtype == pl.Float64
    assert large.class_names == joined.class_names
    assert (large.X == joined.X).all()
    assert (large.y == joined.y).all()


def test_a_file_that_is_streamed_is_typed_by_its_beginning_however_large_that_is(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(lines("a,b,y", f"{1 / 3!r},{2 / 3!r}", "1", rows=FEWEST // 40))
    assert path.stat().st_size > FEWEST
    scan = scan_table(Source(str(path), "y"))
    assert scan is not None
    assert scan.lazy.collect_schema().dtypes() == [pl.Float64] * 3
    assert scan.head.dtypes == [pl.String] * 3
