"""Tables that are read in batches: the same rows as those that are read whole, with types."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading import scanning
from lrtui.datasets.reading.error_translation import refusing
from lrtui.datasets.reading.reader import read_table, size_of
from lrtui.datasets.reading.scanning import scan_table
from lrtui.datasets.reading.table import Scan
from lrtui.datasets.source import Source

TEXT = 'n,t,w\n1,"a, b",x\n?,c,NA\n\n2.5,"d\ne",y\n-3e2,,x\n'


def scan(folder: Path, text: str | bytes, name: str = "a.csv", **options: str) -> Scan | None:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return scan_table(Source(str(folder / name), **options))  # type: ignore[arg-type]


def scanned(folder: Path, text: str | bytes, name: str = "a.csv", **options: str) -> Scan:
    found = scan(folder, text, name, **options)
    assert found is not None
    return found


def test_columns_of_numbers_are_typed_by_the_first_rows(tmp_path: Path) -> None:
    found = scanned(tmp_path, TEXT)
    assert found.lazy.collect().rows() == [
        (1.0, "a, b", "x"),
        (None, "c", "NA"),  # in a column of words, words for nothing are left to their reader
        (2.5, "d\ne", "y"),
        (-300.0, None, "x"),
    ]
    assert found.size == size_of(Source(str(tmp_path / "a.csv")))
    assert found.rows is None
    assert found.where == "'a.csv'"
    assert found.head.equals(read_table(Source(str(tmp_path / "a.csv"))).frame)


def test_more_rows_than_the_head_has_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "HEAD", 10)
    monkeypatch.setattr(scanning, "FEWEST", 10)
    rows = "\n".join(f'{i},"x{i % 3}\n"' for i in range(1000))
    found = scanned(tmp_path, f"a,b\n{rows}\n")
    assert found.head.height <= 10
    assert found.lazy.collect()["a"].to_list() == list(range(1000))


def test_a_word_further_down_is_refused_by_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "HEAD", 10)
    monkeypatch.setattr(scanning, "FEWEST", 10)
    found = scanned(tmp_path, "a,b\n" + "1,2\n" * 100 + "1,tall\n")
    said = r"Column 'b' of 'a\.csv' holds 'tall', and only numbers before"
    with pytest.raises(DatasetError, match=said), refusing(found.where, "CSV"):
        found.lazy.collect()


@pytest.mark.parametrize("text", ["a;b\n1,5;x\n2;y\n", "sep=;\na;b\n1,5;x\n2;y\n"])
def test_separators_and_decimal_commas_are_found_out(tmp_path: Path, text: str) -> None:
    assert scanned(tmp_path, text).lazy.collect().rows() == [(1.5, "x"), (2.0, "y")]


def test_a_byte_order_mark_and_no_header_and_columns_without_names(tmp_path: Path) -> None:
    assert scanned(tmp_path, "\ufeffa,b\n1,x\n").lazy.collect().rows() == [(1.0, "x")]
    assert scanned(tmp_path, "1,2\n3,4\n").lazy.collect().columns == ["column_1", "column_2"]
    found = scanned(tmp_path, ",a,\n0,1,\n1,2,\n")
    assert found.lazy.collect().rows(named=True) == [
        {"unnamed_1": 0.0, "a": 1.0},
        {"unnamed_1": 1.0, "a": 2.0},
    ]
    assert found.remarks == ("A column of 'a.csv' has no name and is called 'unnamed_1'.",)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv.gz", gzip.compress(TEXT.encode(), mtime=0)),
        ("a.csv", TEXT.encode("utf-16")),
        ("a.csv", TEXT.encode().replace(b"c", b"\xe9")),
        ("a.txt", b"a  b\n1  2\n"),
        ("a.csv", b"a\r1\r"),
        ("a.csv", b'x y\n"a" 1 2\n"b" 3 4\n'),
        ("a.csv", b'a,b\n"x \\"y\\"",1\n'),
        ("a.jsonl", b'{"a":[1]}\n'),
        ("a.arff", b"@relation r\n@attribute a real\n@data\n1\n"),
    ],
)
def test_what_polars_alone_cannot_stream_is_none(tmp_path: Path, name: str, data: bytes) -> None:
    assert scan(tmp_path, data, name) is None


def test_what_is_no_file_is_none() -> None:
    assert scan_table(Source("sklearn:iris")) is None


@pytest.mark.parametrize("suffix", ["parquet", "arrow", "jsonl"])
def test_files_with_types_of_their_own(tmp_path: Path, suffix: str) -> None:
    frame = pl.DataFrame({"a": [1, 2], "b": ["x", None]})
    for number in (1, 2):
        path = tmp_path / f"p{number}.{suffix}"
        {"parquet": frame.write_parquet, "arrow": frame.write_ipc, "jsonl": frame.write_ndjson}[suffix](
            path
        )
    source = Source(str(tmp_path / f"p*.{suffix}"))
    found = scan_table(source)
    assert found is not None
    assert found.lazy.collect().equals(pl.concat([frame, frame]))
    assert found.head.equals(pl.concat([frame, frame]))
    assert found.rows == (None if suffix == "jsonl" else 4)
    assert found.size == size_of(source)


def test_text_files_of_a_pattern_share_their_types(tmp_path: Path) -> None:
    (tmp_path / "p1.csv").write_text("a,b\n1,2\n")
    (tmp_path / "p2.csv").write_text("b,a\nx,3\n")
    found = scan_table(Source(str(tmp_path / "p*.csv")))
    assert found is not None
    assert found.lazy.collect().rows() == [(1.0, "2"), (3.0, "x")]
    (tmp_path / "p3.csv").write_text("b\nx\n")
    with pytest.raises(DatasetError, match=r"'p3\.csv' lacks the column 'a', which 'p1\.csv' has"):
        scan_table(Source(str(tmp_path / "p*.csv")))
