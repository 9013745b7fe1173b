"""Which files make a table: one, those of a pattern, those of the test part."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading import files
from lrtui.datasets.reading.reader import read_table, size_of
from lrtui.datasets.source import Source
from lrtui.datasets.source_validation import parse_source
from tests.datasets.reading.making import column


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)


# Patterns


def test_files_of_a_pattern_are_one_table_in_the_order_of_their_names(tmp_path: Path) -> None:
    write(tmp_path, p2="a,b\n3,z\n", p1="a,b\n1,x\n2,y\n", p3="b,a\nu,4\n", other="c\n1\n")
    source = Source(str(tmp_path / "p*.csv"))
    table = read_table(source)
    assert table.frame.rows() == [("1", "x"), ("2", "y"), ("3", "z"), ("4", "u")]
    assert table.where == "'p*.csv' (3 files)"
    assert size_of(source) == sum((tmp_path / f"p{i}.csv").stat().st_size for i in (1, 2, 3))


def test_folders_below_are_looked_into_where_two_stars_say_so(tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / name / "z.csv").mkdir(parents=True)
        write(tmp_path / name, a="a\n1\n")
    assert read_table(Source(str(tmp_path / "**" / "*.csv"))).frame.height == 2


def test_a_file_whose_name_is_a_pattern_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "a[1]*.csv").write_text("a\n1\n")
    (tmp_path / "a1.csv").write_text("a\n1\n2\n")
    assert read_table(Source(str(tmp_path / "a[1]*.csv"))).frame.height == 1


def test_files_of_a_pattern_may_differ_in_format_and_types(tmp_path: Path) -> None:
    write(tmp_path, d1="a,b\n1,x\n")
    pl.DataFrame({"a": [2.5], "b": ["y"]}).write_parquet(tmp_path / "d2.parquet")
    pl.DataFrame({"a": [3], "b": ["z"]}).write_parquet(tmp_path / "d3.parquet")
    assert column(read_table(Source(str(tmp_path / "d*"))), "a") == ["1", "2.5", "3"]
    assert column(read_table(Source(str(tmp_path / "*.parquet"))), "a") == [2.5, 3.0]


def test_a_column_too_many_is_named(tmp_path: Path) -> None:
    write(tmp_path, p1="a,b\n1,x\n", p2="a,b,c,d\n3,z,1,1\n")
    with pytest.raises(DatasetError, match=r"'p2\.csv' has the columns 'c', 'd', which 'p1\.csv' lacks"):
        read_table(Source(str(tmp_path / "p*.csv")))


def test_a_pattern_is_a_file_to_the_source_and_made_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, p1="a,b\n1,x\n")
    monkeypatch.chdir(tmp_path)
    assert parse_source("p*").name == str(tmp_path / "p*")


# The test part


def test_the_rows_of_the_test_part_stand_below(tmp_path: Path) -> None:
    write(tmp_path, a="x,y,id\n1,u,7\n2,v,8\n", t="y,x,id,more\nw,3,9,1\n")
    table = read_table(Source(str(tmp_path / "a.csv"), "y", test=str(tmp_path / "t.csv")))
    assert table.frame.rows() == [("1", "u", "7"), ("2", "v", "8"), ("3", "w", "9")]
    assert table.test_from == 2


def test_only_columns_that_are_used_must_stand_in_the_test_part(tmp_path: Path) -> None:
    write(tmp_path, a="x,y,z\n1,u,7.5\n2,v,8.5\n", t="y,x\nw,3\n")
    source = Source(str(tmp_path / "a.csv"), "y", test=str(tmp_path / "t.csv"))
    with pytest.raises(DatasetError, match=r"The test part, 't\.csv', lacks the column 'z'"):
        read_table(source)
    assert read_table(replace(source, columns=("x",))).frame.row(2) == ("3", "w")
    for role in ("weights", "group", "time"):
        with pytest.raises(DatasetError, match="lacks the column 'z'"):
            read_table(replace(source, columns=("x",), **{role: "z"}))


def test_a_column_that_nothing_is_learned_from_may_be_absent_from_the_test_part(tmp_path: Path) -> None:
    write(tmp_path, a="x,y,id\n1,u,17\n2,v,28\n", t="y,x\nw,3\n")
    table = read_table(Source(str(tmp_path / "a.csv"), "y", test=str(tmp_path / "t.csv")))
    assert table.frame.columns == ["x", "y"]
    assert table.remarks == ("The test part, 't.csv', lacks the column 'id': left out.",)


def test_the_test_part_may_be_of_another_format(tmp_path: Path) -> None:
    write(tmp_path, t="x,y\n2.5,v\n")
    pl.DataFrame({"x": [1], "y": ["u"]}).write_parquet(tmp_path / "a.parquet")
    table = read_table(Source(str(tmp_path / "a.parquet"), "y", test=str(tmp_path / "t.csv")))
    assert column(table, "x") == ["1", "2.5"]


# Files that move


def test_a_file_that_is_replaced_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a="x,y\n1,u\n", b="x,y\n2,v\n")
    read = files.read_upto

    def read_and_meanwhile_replaced(descriptor: int, most: int) -> bytes:
        data = read(descriptor, most)
        os.replace(tmp_path / "b.csv", tmp_path / "a.csv")
        return data

    monkeypatch.setattr(files, "read_upto", read_and_meanwhile_replaced)
    with pytest.raises(DatasetError, match=r"'a\.csv' changed while it was read"):
        read_table(Source(str(tmp_path / "a.csv")))


def test_a_named_pipe_that_took_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(DatasetError, match=r"'a\.csv' is no plain file"):
        read_table(Source(str(tmp_path / "a.csv")))


def test_size_of_what_is_no_file() -> None:
    assert size_of(Source("moons")) == size_of(Source("sklearn:iris")) == 0
    with pytest.raises(DatasetError, match="no file"):
        size_of(Source("/nowhere/a.csv"))
