"""Packed text: read as if it were not, whatever it is packed with."""

from __future__ import annotations

import bz2
import gzip
import lzma
from pathlib import Path

import polars as pl
import pytest

from lrtui.datasets import memory_limit
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading import packed
from lrtui.datasets.reading.packed import check_growth, unpacked, zstd_size
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.source import Source

TEXT = 'a;b\n1,5;"x\ny"\n2;z\n'


def zstd(text: str, folder: Path) -> bytes:
    """Text in zstd, by polars, which writes tables alone: one column without quotes is text."""
    path = folder / "made.csv.zst"
    lines = pl.DataFrame({"line": text.split("\n")[:-1]})
    lines.write_csv(path, include_header=False, quote_style="never", compression="zstd")
    return path.read_bytes()


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_a_packed_table_is_that_table(tmp_path: Path, suffix: str) -> None:
    pack = {
        ".gz": gzip.compress,
        ".bz2": bz2.compress,
        ".xz": lzma.compress,
        ".zst": lambda data: zstd(data.decode(), tmp_path),
    }
    path = tmp_path / f"a.csv{suffix}"
    path.write_bytes(pack[suffix](TEXT.encode()))
    assert read_table(Source(str(path))).frame.rows() == [("1.5", "x\ny"), ("2", "z")]
    path.rename(tmp_path / "a.csv")  # the bytes say it as well
    assert read_table(Source(str(tmp_path / "a.csv"))).frame.height == 2


def test_the_suffix_below_that_of_the_packing_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"a":1}\n'))
    assert read_table(Source(str(path))).frame.rows() == [(1,)]
    path = tmp_path / "a.tsv.gz"
    path.write_bytes(gzip.compress(b"a,b\tc\n1,2\t3\n"))
    assert read_table(Source(str(path))).frame.columns == ["a,b", "c"]


def test_several_gzip_members_are_one_file() -> None:
    data = gzip.compress(b"a,b\n") + gzip.compress(b"1,2\n")
    assert unpacked(data, "a.csv.gz", "'a.csv.gz'") == b"a,b\n1,2\n"


@pytest.mark.parametrize("rows", [0, 1, 1000, 400_000])
def test_zstd_unpacks_to_no_more_than_its_blocks_say(tmp_path: Path, rows: int) -> None:
    text = "a,b\n" + "1,2\n" * rows
    data = zstd(text, tmp_path)
    size = zstd_size(data, "'a.csv.zst'")
    assert len(text) <= size <= len(text) + (1 << 17)
    assert unpacked(data, "a.csv.zst", "'a.csv.zst'").decode() == text


def test_growth_is_limited_by_ratio_and_by_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    check_growth(packed.HARMLESS, 1, "'a'")
    with pytest.raises(DatasetError, match="'a' grows to more than 200 times its size"):
        check_growth(packed.HARMLESS + 1, 1, "'a'")
    monkeypatch.setattr(memory_limit, "available", lambda: 1000)
    with pytest.raises(DatasetError, match="'a' needs more memory than is free"):
        check_growth(501, 500, "'a'")


def test_zstd_that_holds_no_utf_8_says_to_unpack_it(tmp_path: Path) -> None:
    data = zstd("a,b\nxx,2\n", tmp_path)
    broken = data.replace(b"xx", b"\xff\xff")
    assert broken != data
    with pytest.raises(DatasetError, match="is damaged, or what it holds is not text in UTF-8"):
        unpacked(broken, "a.csv.zst", "'a.csv.zst'")
