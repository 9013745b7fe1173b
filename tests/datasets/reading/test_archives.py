"""Zip files with tables in them, and files of other programs, which are refused with a way out."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from pathlib import Path

import pytest

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading import packed
from lrtui.datasets.reading.foreign import KINDS, foreign_of
from lrtui.datasets.reading.formats import SUFFIXES
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.reading.scanning import scan_table
from lrtui.datasets.reading.spooling import spool
from lrtui.datasets.reading.table import Table
from lrtui.datasets.source import Source
from lrtui.datasets.source_validation import parse_source
from tests.datasets.reading.making import workbook, zipped

CSV = b"a,y\n1,no\n2,yes\n"
OTHER = b"b,y\n1,no\n"


def read(folder: Path, data: bytes, part: str = "", name: str = "a.zip") -> Table:
    (folder / name).write_bytes(data)
    return read_table(parse_source(str(folder / name) + part))


def refused(folder: Path, data: bytes, part: str = "", name: str = "a.zip") -> str:
    with pytest.raises(DatasetError) as caught:
        read(folder, data, part, name)
    assert caught.value.fix.endswith(".")
    return str(caught.value)


# One table


def test_a_zip_file_with_one_table_is_that_table(tmp_path: Path) -> None:
    for name in ("a.csv.zip", "a.zip", "a"):
        table = read(tmp_path, zipped({"a.csv": CSV}), name=name)
        assert table.frame.rows() == [("1", "no"), ("2", "yes")]
        assert table.remarks == ()
        assert scan_table(Source(str(tmp_path / name))) is None


def test_what_is_no_table_does_not_count(tmp_path: Path) -> None:
    beside = {
        "d/": b"",
        "__MACOSX/d/._a.csv": b"x",
        ".hidden": b"x",
        "README.txt": b"x",
        "p.pdf": b"x",
        "n.md": b"x",
    }
    table = read(tmp_path, zipped({**beside, "d/a.data": CSV}))
    assert table.frame.height == 2
    assert table.remarks == ("Of 'a.zip', 'd/a.data' is read.",)


@pytest.mark.parametrize("name", ["d/bank.csv", "bank.tsv", "bank.csv.gz"])
def test_the_one_that_is_called_a_table_is_it_and_the_others_are_named(tmp_path: Path, name: str) -> None:
    data = {".gz": gzip.compress(CSV), "tsv": CSV.replace(b",", b"\t")}.get(name[-3:], CSV)
    beside = ["bank-names.txt", "variables.txt", "schema.json", "Thumbs.db"]
    for other in beside:
        table = read(tmp_path, zipped({other: b"x, of y\n", name: data, "README": b"x"}))
        assert table.frame.rows() == [("1", "no"), ("2", "yes")]
        assert table.remarks == (f"Of 'a.zip', '{name}' is read, and '{other}' is left.",)
    table = read(tmp_path, zipped({name: data, **dict.fromkeys(beside[:2], b"x")}))
    assert table.remarks == (
        f"Of 'a.zip', '{name}' is read, and 'bank-names.txt', 'variables.txt' are left.",
    )


def test_of_several_that_are_called_tables_none_is_chosen(tmp_path: Path) -> None:
    said = refused(tmp_path, zipped({"a.csv": CSV, "b.tsv": OTHER, "names.txt": b"x"}))
    assert said.startswith("'a.zip' holds 2 tables: 'a.csv', 'b.tsv'. Name one")
    said = refused(tmp_path, zipped({"a.data": CSV, "b.txt": OTHER}))
    assert said.startswith("'a.zip' holds 2 tables: 'a.data', 'b.txt'. Name one")
    assert read(tmp_path, zipped({"a.csv": CSV, "names.txt": OTHER}), ":names.txt").frame.columns == [
        "b",
        "y",
    ]


def test_what_lies_in_it_may_be_packed_or_of_any_format(tmp_path: Path) -> None:
    assert read(tmp_path, zipped({"a.csv.gz": gzip.compress(CSV)})).frame.height == 2
    assert read(tmp_path, zipped({"a.tsv": b"p,q\tr\n1\t2\n"})).frame.columns == ["p,q", "r"]
    assert read(tmp_path, zipped({"a.xlsx": workbook([["a", "y"], [1, 2], [3, 4]])})).frame.height == 2
    assert read(tmp_path, zipped({"a.json": b'[{"a":1},{"a":2}]'})).frame.height == 2


def test_it_comes_through_a_pipe_as_well(tmp_path: Path) -> None:
    path = spool(io.BytesIO(zipped({"a.csv": CSV})), tmp_path / "stdin")
    assert path.suffix == ".zip"
    assert read_table(Source(str(path))).frame.height == 2


# Several


SEVERAL = zipped({"a.csv": CSV, "d/b.csv": OTHER})


def test_of_several_tables_one_is_named_after_a_colon(tmp_path: Path) -> None:
    said = refused(tmp_path, SEVERAL)
    assert said == "'a.zip' holds 2 tables: 'a.csv', 'd/b.csv'. Name one after a colon: 'a.zip:a.csv'."
    assert read(tmp_path, SEVERAL, ":d/b.csv").frame.columns == ["b", "y"]
    assert read(tmp_path, SEVERAL, ":b.csv").where == "'a.zip'"
    assert refused(tmp_path, SEVERAL, ":c.csv").startswith(
        "'a.zip' holds no file called 'c.csv'. It holds 'a.csv'"
    )
    assert parse_source(f"{tmp_path / 'a.zip'}:d/b.csv").label == "a.zip:d/b.csv"


def test_one_may_be_the_test_part(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"train.csv": CSV, "test.csv": CSV}))
    path = str(tmp_path / "a.zip")
    table = read_table(parse_source(f"{path}:train.csv", "y", test=f"{path}:test.csv"))
    assert (table.frame.height, table.test_from) == (4, 2)


def test_a_file_with_a_colon_in_its_name_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(SEVERAL)
    (tmp_path / "a.zip:a.csv").write_bytes(OTHER)
    assert read_table(parse_source(str(tmp_path / "a.zip:a.csv"))).frame.columns == ["b", "y"]


def test_a_file_without_parts_has_none(tmp_path: Path) -> None:
    said = refused(tmp_path, CSV, ":b", "a.csv")
    assert said.startswith("'a.csv' is read as CSV, and has no part called 'b'.")


# Refused


def locked() -> bytes:
    data = bytearray(zipped({"a.csv": CSV}))
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(magic) + flags] |= 1
    return bytes(data)


WRONG = {
    "empty": (zipped({}), "'a.zip' holds no file."),
    "a paper": (zipped({"p.pdf": b"x"}), "'a.zip' holds no table, but 'p.pdf'."),
    "an empty table": (zipped({"a.csv": b""}), "'a.csv' in 'a.zip' is empty."),
    "a zip file": (zipped({"b.zip": zipped({"a.csv": CSV})}), "'b.zip' in 'a.zip' is a zip file itself."),
    "cut off": (zipped({"a.csv": CSV})[:-30], "'a.zip' is damaged or cut off: it is no whole zip file."),
    "locked": (locked(), "'a.csv' in 'a.zip' is locked with a password."),
    "Stata": (zipped({"a.dta": b"<stata_dta>"}), "'a.dta' in 'a.zip' is a Stata file, which is not read."),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_zip_file_is_said(tmp_path: Path, case: str) -> None:
    data, said = WRONG[case]
    assert refused(tmp_path, data).startswith(said)


def test_a_zip_file_that_grows_without_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "HARMLESS", 1000)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"a,y\n" * 100_000)
    assert "'a.zip' grows to more than 200 times its size" in refused(tmp_path, file.getvalue())


# Files of other programs

MAGIC = {
    "a.dta": b"<stata_dta><header>",
    "b.dta": b"\x72\x02\x01\x00",
    "a.sav": b"$FL2@(#) SPSS DATA FILE",
    "a.zsav": b"$FL3@(#) SPSS DATA FILE",
    "a.por": b"x" * 200 + b"ASCII SPSS PORT FILE",
    "a.sas7bdat": b"\0" * 12 + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08",
    "a.xpt": b"HEADER RECORD*******LIBRARY HEADER RECORD",
    "a.rds": gzip.compress(b"X\n\0\0\0\3\0\4", mtime=0),
    "a.rda": gzip.compress(b"RDX3\nX\n\0\0\0\3", mtime=0),
    "a.pkl": b"\x80\x04\x95\x10",
    "a.h5": b"\x89HDF\r\n\x1a\n",
    "a.mat": b"MATLAB 5.0 MAT-file, Platform",
    "a.sqlite": b"SQLite format 3\0",
}


@pytest.mark.parametrize("name", MAGIC)
def test_a_file_of_another_program_is_refused_with_a_command(tmp_path: Path, name: str) -> None:
    by_both = refused(tmp_path, MAGIC[name], name=name)
    assert (
        re.search(r" is an? .*, which is not read\. .*a\.csv.* makes a CSV file of it", by_both)
        or name[0] == "b"
    )
    by_name = refused(tmp_path, b"whatever", name=name)
    by_content = refused(tmp_path, MAGIC[name], name="data")
    assert "makes a CSV file of it" in by_name
    assert "makes a CSV file of it" in by_content


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\n<!DOCTYPE html>\n<html><body>no, such, file</body></html>", "is a web page, not a table."),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "is a pointer of Git LFS"),
        (b"%PDF-1.4\n1 0 obj\n", "is a PDF file, which is not read."),
    ],
)
def test_what_was_fetched_in_place_of_a_table_is_named(tmp_path: Path, data: bytes, said: str) -> None:
    assert said in refused(tmp_path, data, name="a.csv")


def test_no_such_file_is_a_format_and_no_table_is_taken_for_one() -> None:
    assert not {suffix for kind in KINDS for suffix in kind.suffixes} & set(SUFFIXES)
    for start in (b"A\n2\n3\n", b"X\n1\n", b"a,b\n", b"1 1:2\n", b"PK\x03\x04", b"\x1f\x8b", b"[{"):
        assert foreign_of("data", start) is None


def test_a_format_that_is_given_wins_over_a_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(CSV)
    assert read_table(parse_source(str(tmp_path / "a.db"), format="csv")).frame.height == 2
