"""Any bytes are read, or refused in two sentences; and what polars writes is read back."""

from __future__ import annotations

import bz2
import gzip
import lzma
import warnings
from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from polars.testing.parametric import column, dataframes

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.formats import FORMATS, by_name
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.reading.scanning import scan_table
from lrtui.datasets.source import Source
from tests.datasets.reading.making import npy, texts, workbook, written, zipped

FRAME = pl.DataFrame({"a": range(40), "b": ['x"y', None] * 20, "c": [1.5, float("nan")] * 20})
CSV = written(FRAME.write_csv)
WHOLE = {
    "a.csv": CSV,
    "a.tsv": CSV.replace(b",", b"\t"),
    "a.csv.gz": gzip.compress(CSV, mtime=0),
    "a.csv.bz2": bz2.compress(CSV),
    "a.csv.xz": lzma.compress(CSV),
    "a.parquet": written(FRAME.write_parquet),
    "a.arrow": written(FRAME.write_ipc),
    "a.arrows": written(FRAME.write_ipc_stream),
    "a.jsonl": written(FRAME.write_ndjson),
    "a.json": written(FRAME.write_json),
    "a.zip": zipped({"a.csv": CSV}),
    "a.npy": written(lambda file: np.save(file, np.arange(40.0).reshape(20, 2))),
    "a.npz": zipped(
        npy("X", lambda file: np.save(file, np.ones((9, 2)))) | npy("y", lambda f: np.save(f, np.ones(9)))
    ),
    "a.xlsx": workbook([["a", "b"], [1, "x"], [2, None]]),
    "a.svm": b"1 1:0.5 2:3\n-1 2:1e3 # c\n" * 5,
    "a.arff": b"@relation x\n@attribute a numeric\n@attribute 'b c' {x,'y z'}\n@data\n1,x\n2,'y z'\n?,?\n",
}
NAMES = st.sampled_from(sorted(WHOLE))
FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def look_at(path: Path) -> None:
    """Read a file in both ways; it may be refused, and nothing else may happen."""
    for read in (read_table, scan_table):
        said = ""
        try:
            found = read(Source(str(path)))
        except DatasetError as error:
            said = f"{error.what} {error.fix}"
        assert said.endswith(".") if said else found is None or found.where
        assert said.isprintable()


@FOLDER
@given(name=NAMES, data=st.binary(max_size=200))
def test_arbitrary_bytes(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    look_at(tmp_path / name)


@FOLDER
@given(name=NAMES, at=st.floats(0, 1), cut=st.integers(0, 30), put=st.binary(max_size=9))
def test_damaged_files(tmp_path: Path, name: str, at: float, cut: int, put: bytes) -> None:
    whole = WHOLE[name]
    start = int(at * len(whole))
    (tmp_path / name).write_bytes(whole[:start] + put + whole[start + cut :])
    look_at(tmp_path / name)


@FOLDER
@given(name=NAMES, at=st.floats(0, 1))
def test_files_that_are_cut_off(tmp_path: Path, name: str, at: float) -> None:
    (tmp_path / name).write_bytes(WHOLE[name][: int(at * len(WHOLE[name]))])
    look_at(tmp_path / name)


def test_every_format_is_tried() -> None:
    assert {by_name(name) for name in WHOLE} - {None} == set(FORMATS)


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_whole_files_are_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(WHOLE[name])
    assert read_table(Source(str(tmp_path / name))).frame.height


# What polars writes

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=9)
TYPED = dataframes(
    [
        column("whole", dtype=pl.Int64),
        column("real", dtype=pl.Float64),
        column("text", dtype=pl.String, strategy=st.none() | TEXTS),
        column("flag", dtype=pl.Boolean),
        column("day", strategy=st.none() | st.dates(date(1700, 1, 1), date(2200, 1, 1)), dtype=pl.Date),
        column(
            "time",
            strategy=st.none() | st.datetimes(datetime(1700, 1, 1), datetime(2200, 1, 1)),
            dtype=pl.Datetime("us"),
        ),
    ],
    min_size=1,
    max_size=9,
)


@settings(FOLDER, max_examples=15)
@given(frame=TYPED)
def test_typed_tables_come_back_equal(tmp_path: Path, frame: pl.DataFrame) -> None:
    frame.write_parquet(tmp_path / "a.parquet")
    frame.write_ipc(tmp_path / "a.arrow")
    frame.write_ipc_stream(tmp_path / "a.arrows")
    for name in ("a.parquet", "a.arrow", "a.arrows"):
        assert_frame_equal(read_table(Source(str(tmp_path / name))).frame, frame)
    for name in ("a.parquet", "a.arrow"):
        scan = scan_table(Source(str(tmp_path / name)))
        assert scan is not None
        assert scan.rows == frame.height
        assert_frame_equal(scan.lazy.collect(), frame)


@settings(FOLDER, max_examples=15)
@given(frame=TYPED)
def test_csv_comes_back_as_the_text_that_was_written(tmp_path: Path, frame: pl.DataFrame) -> None:
    frame = frame.with_row_index("row")  # no row is blank
    frame.write_csv(tmp_path / "a.csv")
    found = read_table(Source(str(tmp_path / "a.csv"), header="yes", separator=",")).frame
    expected = texts(frame).with_columns(pl.when(pl.all().str.strip_chars() != "").then(pl.all()))
    kept = ["row", "whole", "text", "flag", "day"]  # whose text is the same in a cast
    assert_frame_equal(found.select(kept), expected.select(kept))
    assert found["real"].cast(pl.Float64).equals(frame["real"])


@FOLDER
@given(
    frame=dataframes(
        [column("a", dtype=pl.Int64, allow_null=False), column("b", dtype=pl.String, strategy=TEXTS)],
        min_size=1,
        max_size=9,
    )
)
def test_json_lines_come_back_equal(tmp_path: Path, frame: pl.DataFrame) -> None:
    frame.write_ndjson(tmp_path / "a.jsonl")
    assert_frame_equal(read_table(Source(str(tmp_path / "a.jsonl"))).frame, frame, check_dtypes=False)


@FOLDER
@given(X=st.lists(st.tuples(st.floats(), st.floats()), min_size=1, max_size=9))
def test_numpy_arrays_come_back_equal(tmp_path: Path, X: list[tuple[float, float]]) -> None:
    np.save(tmp_path / "a.npy", np.array(X))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = read_table(Source(str(tmp_path / "a.npy"))).frame
    np.testing.assert_array_equal(found.to_numpy(), np.array(X))
