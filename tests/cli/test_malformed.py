"""Files that cannot be used as they are: each is answered by what is wrong, where, and what to do."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import re
import socket
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lrtui.datasets import memory_limit, source_validation
from lrtui.datasets.loading import load
from lrtui.datasets.reading import files, packed
from lrtui.datasets.source import Source
from tests.cli.commands import Lrtui, refused, start
from tests.cli.malformed import CASES, CSV, GOOD, GZIP, PARQUET, with_row
from tests.datasets.reading.making import workbook, zipped
from tests.datasets.reading.openml_server import openml


@pytest.fixture
def train(lrtui: Lrtui, tmp_path: Path) -> Callable[..., str]:
    """Train on what lies at a path; what was said when it was refused."""

    def run(name: str | Path, *options: str) -> str:
        said = refused(lrtui("train", str(tmp_path / name), "--target", "y", "--quiet", *options))
        assert said.replace("\n", "").isprintable()
        return said

    return run


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_used_is_answered_in_two_sentences(
    train: Callable[..., str], tmp_path: Path, case: str
) -> None:
    name, data, said = CASES[case]
    (tmp_path / name).write_bytes(data)
    assert re.search(said, train(name), re.DOTALL)
    assert not Path("pickled-was-run").exists()


def test_a_process_of_its_own_says_the_same_and_not_a_word_of_its_libraries(
    home: Path, tmp_path: Path
) -> None:
    name, data, said = CASES["Arrow damaged"]  # of which polars' threads write to stderr
    (tmp_path / name).write_bytes(data)
    with start(home, "train", str(tmp_path / name), "--target", "y") as process:
        out, err = process.communicate()
    assert re.search(said, refused((process.returncode, out, err)))


# Paths


def test_a_folder_names_a_file_in_it(train: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "b.parquet").touch()
    assert re.search(r"inside' is a folder.*such as 'b\.parquet'", train("inside"), re.DOTALL)


def test_a_named_pipe_is_not_waited_for(train: Callable[..., str], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert re.search(r"pipe\.csv' is a named pipe, not a file.*Pipe it in", train("pipe.csv"), re.DOTALL)


def test_a_socket(train: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind("s.csv")
        assert "s.csv' is a socket, not a file" in train("s.csv")


def test_a_device(train: Callable[..., str]) -> None:
    assert "'/dev/null' is a device, not a file" in train("/dev/null")


def test_no_permission(train: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_bytes(CSV)

    def denied(*_arguments: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(source_validation, "first_bytes", denied)  # root may read everything
    assert re.search(r"a\.csv' cannot be read: permission denied.*permissions", train("a.csv"), re.DOTALL)


def test_a_loop_of_links(train: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    assert re.search(r"a\.csv' cannot be read: .*symbolic links", train("a.csv"))


def test_a_link_to_nothing(train: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "gone")
    assert "There is no file" in train("a.csv")


def test_a_name_with_a_slip_is_told_the_right_one(train: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "titanic.csv").write_bytes(CSV)
    assert re.search(r"no file.*Did you mean '.*titanic\.csv'", train("titanik.csv"), re.DOTALL)


def test_a_pattern_without_a_match(train: Callable[..., str]) -> None:
    assert re.search(r"No file matches '.*part-\*\.csv'", train("part-*.csv"))


def test_files_of_a_pattern_that_differ(train: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "part-1.csv").write_bytes(CSV)
    (tmp_path / "part-2.csv").write_bytes(CSV.replace(b"x,z,y", b"x,w,y"))
    assert "'part-2.csv' lacks the column 'z', which 'part-1.csv' has" in train("part-*.csv")


def test_a_damaged_file_of_a_pattern_is_named(train: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "part-1.parquet").write_bytes(PARQUET)
    (tmp_path / "part-2.parquet").write_bytes(PARQUET[:-20])
    assert "'part-2.parquet' is cut off" in train("part-*.parquet")


# The test part


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (GOOD.replace("x,z,y", "x,w,y"), r"'t\.csv', lacks the column 'z'"),
        (GOOD.replace("x,z,y", "x,z,w"), r"'t\.csv', lacks the column 'y', which is the target"),
        ("x,z,y\n", r"'t\.csv' has a header and no rows"),
        ("", r"'t\.csv' is empty"),
    ],
)
def test_a_test_part_that_does_not_fit(
    train: Callable[..., str], tmp_path: Path, data: str, said: str
) -> None:
    (tmp_path / "a.csv").write_bytes(CSV)
    (tmp_path / "t.csv").write_text(data)
    assert re.search(said, train("a.csv", "--test", str(tmp_path / "t.csv")))


def test_a_test_part_that_is_not_there(train: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(CSV)
    assert re.search(r"no file '.*t\.csv'", train("a.csv", "--test", str(tmp_path / "t.csv")))


# Tables that are fetched


def test_tables_that_cannot_be_fetched(
    lrtui: Lrtui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path / "fetched"))
    with openml() as server:
        monkeypatch.setenv("LRTUI_OPENML", server.url)
        assert "OpenML has no table '61'" in refused(lrtui("train", "openml:61"))
        server.replies["/api/v1/json/data/61"] = (200, b"<html>")
        assert "OpenML's answer about openml:61 makes no sense" in refused(lrtui("train", "openml:61"))
    assert "openml:61 cannot be fetched: connection refused" in refused(lrtui("train", "openml:61"))
    assert "Did you mean sklearn:iris?" in refused(lrtui("train", "sklearn:irs"))


# What is asked of the reader


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--encoding", "klingon"), r"no encoding of text files called 'klingon'"),
        (("--encoding", "base64"), r"no encoding of text files called 'base64'"),
        (("--encoding", "ascii"), r"Line 2 of 'a\.csv' is not text in ASCII"),
        (("--separator", "::"), r"--separator cannot be '::'"),
        (("--quote", "ab"), r"--quote cannot be 'ab'"),
        (("--header", "maybe"), r"--header cannot be 'maybe'"),
        (("--format", "pdf"), r"no format called 'pdf'"),
        (("--format", "parquet"), r"'a\.csv' is no Parquet file"),
    ],
)
def test_options_that_do_not_fit(
    train: Callable[..., str], tmp_path: Path, options: tuple[str, str], said: str
) -> None:
    (tmp_path / "a.csv").write_text(GOOD.replace("yes", "é", 1))
    assert re.search(said, train("a.csv", *options))


# Limits


def test_a_file_that_grows_without_end_when_it_is_unpacked(
    train: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "HARMLESS", 1 << 20)
    bomb = CSV + b"1,2,no\n" * 400_000
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(bomb))
    (tmp_path / "a.csv.xz").write_bytes(lzma.compress(bomb))
    # zstd: a frame of blocks that say "the same byte, 131,072 times"
    block, last = (struct.pack("<I", 131_072 << 3 | 1 << 1 | end)[:3] + b"1" for end in (0, 1))
    (tmp_path / "a.csv.zst").write_bytes(b"\x28\xb5\x2f\xfd\x00\x58" + block * 999 + last)
    for name in ("a.csv.gz", "a.csv.xz", "a.csv.zst"):
        assert f"'{name}' grows to more than 200 times its size" in train(name)


@pytest.mark.parametrize("name", ["a.npz", "a.xlsx"])
def test_a_zip_file_that_grows_without_end(
    train: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(packed, "HARMLESS", 1 << 20)
    (tmp_path / name).write_bytes(zipped({"xl/workbook.xml": b"0" * 5_000_000, "X.npy": b"0" * 5_000_000}))
    assert f"'{name}' grows to more than 200 times its size" in train(name)


def test_a_zip_file_that_lies_about_its_size(train: Callable[..., str], tmp_path: Path) -> None:
    lying = workbook([["x", "y"], *[[i, "a"] for i in range(1000)]])
    with zipfile.ZipFile(io.BytesIO(lying)) as archive:
        size = struct.pack("<I", archive.infolist()[-1].file_size)
    (tmp_path / "a.xlsx").write_bytes(lying.replace(size, struct.pack("<I", 100)))
    assert "'a.xlsx' is damaged or cut off" in train("a.xlsx")


def test_a_file_larger_than_the_free_memory(
    train: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv.gz").write_bytes(GZIP)
    monkeypatch.setattr(memory_limit, "available", lambda: 50)
    assert re.search(r"'a\.csv\.gz' needs more memory than is free.*Parquet", train("a.csv.gz"), re.DOTALL)


def test_a_workbook_without_the_extra_says_how_to_install_it(
    train: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook([["x", "y"], [1, "a"]]))
    monkeypatch.setitem(sys.modules, "fastexcel", None)
    assert 'pip install "lrtui[excel]"' in train("a.xlsx")


def test_a_file_that_changes_while_it_is_read(
    train: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CSV)
    read = files.read_upto

    def read_and_meanwhile_written(descriptor: int, most: int) -> bytes:
        data = read(descriptor, most)
        path.write_bytes(CSV + b"1,2,no\n")
        return data

    monkeypatch.setattr(files, "read_upto", read_and_meanwhile_written)
    assert re.search(r"'a\.csv' changed while it was read.*Try again", train("a.csv"), re.DOTALL)


# What is odd and yet can be used


def trained(lrtui: Lrtui, path: Path) -> str:
    code, out, err = lrtui("train", str(path), "--target", "y", "--epochs", "3")
    assert (code, "Traceback" in err) == (0, False)
    return out + err


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + CSV,
        GOOD.encode("utf-16"),
        b"\xfe\xff" + GOOD.encode("utf-16-be"),
        CSV.replace(b"\n", b"\r\n"),
        CSV.replace(b"\n", b"\r"),
        b"\n\n" + CSV.replace(b"\n", b"\n\n"),
        CSV[:-1],
        CSV.replace(b",", b";"),
        b"sep=;\r\n" + CSV.replace(b",", b";"),
        with_row(f"1,{'9' * 300},no"),
        with_row('5,"3",no'),
        with_row("5,inf,no"),
        with_row("9007199254740993,2,no"),
        CSV.replace(b"x,z,y", b",z,y"),
        CSV.replace(b"yes", b"\xe9"),
    ],
    ids=[
        "a byte order mark", "UTF-16", "UTF-16, the other way round", "lines of Windows",
        "lines of old Macintoshes", "blank lines", "no end of the last line", "semicolons",
        "Excel's first line", "a number of 300 digits", "a quoted number", "an infinite number",
        "whole numbers past 2^53", "a column without a name", "Windows-1252",
    ],
)  # fmt: skip
def test_what_is_odd_is_trained_on(lrtui: Lrtui, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    trained(lrtui, path)


def test_an_infinite_number_counts_as_missing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(with_row("5,inf,no"))
    assert (~np.isfinite(load(Source(str(tmp_path / "a.csv"), "y")).X)).sum() == 1


def test_whole_numbers_past_the_exact_ones_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(with_row("9007199254740993,2,no"))
    assert any(
        "'x'" in told and "2^53" in told for told in load(Source(str(tmp_path / "a.csv"), "y")).remarks
    )


def test_a_cell_of_a_million_characters_hurts_nobody(lrtui: Lrtui, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        b"t," + b"\n".join(b"w%d," % (i % 4) + row for i, row in enumerate(CSV.split(b"\n")[:-1]))[3:]
    )
    path.write_bytes(path.read_bytes().replace(b"w2,", b"w" * 999_999 + b",", 1))
    assert len(trained(lrtui, path)) < 10_000
