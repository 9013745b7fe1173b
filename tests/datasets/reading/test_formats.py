"""Formats with types of their own: what becomes of their columns."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.io import arff as scipy_arff
from sklearn.datasets import dump_svmlight_file, load_svmlight_file

from lrtui.datasets import memory_limit
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.inspection.inspector import Inspector
from lrtui.datasets.loading import load
from lrtui.datasets.reading import columnar
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.reading.table import Table
from lrtui.datasets.source import Source
from tests.datasets.reading.making import column, npy, workbook, written, zipped


def read(folder: Path, name: str, data: bytes, **options: str) -> Table:
    (folder / name).write_bytes(data)
    return read_table(Source(str(folder / name), **options))  # type: ignore[arg-type]


# Parquet and Arrow

ODD = pl.DataFrame(
    {
        "list": [[1, 2], None],
        "struct": [{"a": 1, "b": "x"}, None],
        "decimal": [Decimal("1.5"), None],
        "bytes": [b"x", None],
        "nothing": pl.Series([None, None], dtype=pl.Null),
        "category": pl.Series(["x", None], dtype=pl.Categorical),
        "level": pl.Series(["x", None], dtype=pl.Enum(["x", "y"])),
        "day": [date(2020, 1, 2), None],
        "flag": [True, None],
    }
)


def test_types_that_are_no_single_value_are_made_plain_and_told(tmp_path: Path) -> None:
    table = read(tmp_path, "a.parquet", written(ODD.write_parquet))
    assert column(table, "list") == ["[1,2]", None]
    assert json.loads(column(table, "struct")[0]) == {"a": 1, "b": "x"}
    assert column(table, "decimal") == [1.5, None]
    assert column(table, "bytes") == column(table, "category") == column(table, "level") == ["x", None]
    assert column(table, "nothing") == [None, None]
    assert table.frame["nothing"].dtype == pl.String
    assert table.frame["day"].dtype == pl.Date
    assert table.frame["flag"].dtype == pl.Boolean
    assert table.remarks == ("Nested values are read as text: 'list', 'struct'.",)


def test_a_table_that_would_not_fit_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = written(pl.DataFrame({"a": pl.Series([1]).extend_constant(1, 1_000_000)}).write_parquet)
    assert len(tiny) < 100_000
    monkeypatch.setattr(memory_limit, "available", lambda: 1_000_000)
    with pytest.raises(DatasetError, match=r"'a\.parquet' needs more memory than is free"):
        read(tmp_path, "a.parquet", tiny)


def test_a_table_of_too_many_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar, "MOST_COLUMNS", 5)
    for name, data in (("a.parquet", written(ODD.write_parquet)), ("a.arrow", written(ODD.write_ipc))):
        with pytest.raises(DatasetError, match=rf"'{name}' has 9 columns"):
            read(tmp_path, name, data)


# JSON lines


def test_json_lines_take_values_as_they_are_and_names_as_they_come(tmp_path: Path) -> None:
    table = read(tmp_path, "a.jsonl", b'{"a":1,"b":"x"}\n\n{"b":"y","c":true,"a":2.5}\n')
    assert table.frame.rows(named=True) == [
        {"a": 1.0, "b": "x", "c": None},
        {"a": 2.5, "b": "y", "c": True},
    ]


def test_json_that_polars_does_not_know_is_read_all_the_same(tmp_path: Path) -> None:
    table = read(tmp_path, "a.jsonl", b'{"a":NaN,"b":[1],"c":true}\n{"a":2,"b":"x","c":null}\n')
    assert str(column(table, "a")) == "[nan, 2.0]"
    assert column(table, "b") == ["[1]", "x"]
    assert column(table, "c") == [True, None]


def test_nested_json_is_text_and_told(tmp_path: Path) -> None:
    table = read(tmp_path, "a.jsonl", b'{"a":{"b":1},"c":1}\n{"a":{"b":2},"c":2}\n')
    assert column(table, "a") == ['{"b":1}', '{"b":2}']
    assert table.remarks == ("Nested values are read as text: 'a'.",)


# Workbooks


def test_the_first_sheet_of_a_workbook(tmp_path: Path) -> None:
    data = workbook([["a", None, "b"], [1, 2, "x"], [None, None, None], [1.5, None, None]], [["other"]])
    table = read(tmp_path, "a.xlsx", data)
    assert table.frame.rows(named=True) == [
        {"a": 1.0, "unnamed_2": 2.0, "b": "x"},
        {"a": 1.5, "unnamed_2": None, "b": None},
    ]
    assert table.remarks == (
        "A column of 'a.xlsx' has no name and is called 'unnamed_2'.",
        "'a.xlsx' has 2 sheets; the first, 'Sheet1', is read.",
    )


def test_a_sheet_without_a_header(tmp_path: Path) -> None:
    assert read(tmp_path, "a.xlsx", workbook([[1, 2], [3, 4]])).frame.rows() == [(1.0, 2.0), (3.0, 4.0)]
    assert read(tmp_path, "a.xlsx", workbook([["a"], ["b"]]), header="no").frame.rows() == [("a",), ("b",)]


# ARFF, with scipy's reader as the oracle

ARFF = b"""% a comment
@RELATION r
@ATTRIBUTE x REAL
@attribute n integer
@attribute k {red, dark_blue}
@data
% another
1.5, 2, red

-1e3,?,dark_blue
?,7,?
"""


def test_arff_as_scipy_reads_it(tmp_path: Path) -> None:
    frame = read(tmp_path, "a.arff", ARFF).frame
    data, meta = scipy_arff.loadarff(io.StringIO(ARFF.decode()))
    assert frame.columns == meta.names()
    for name in ("x", "n"):
        np.testing.assert_array_equal(frame[name].fill_null(float("nan")).to_numpy(), data[name])
    assert frame["k"].fill_null("?").to_list() == [value.decode() for value in data["k"]]


@pytest.mark.parametrize(
    ("attributes", "target"),
    [
        ("a real|b {x,y}", "b"),
        ("Class {x,y}|b {x,y}", "Class"),
        ("class real|b {x,y}", "b"),
        ("b {x,y}|a real", None),
    ],
)
def test_the_last_nominal_attribute_of_arff_is_the_target(
    tmp_path: Path, attributes: str, target: str | None
) -> None:
    declared = attributes.split("|")
    header = "".join(f"@attribute {attribute}\n" for attribute in declared)
    row = ",".join("x" if "{" in attribute else "1" for attribute in declared)
    assert read(tmp_path, "a.arff", f"@relation r\n{header}@data\n{row}\n{row}\n".encode()).target == target


def test_texts_and_dates_of_arff_which_scipy_does_not_read(tmp_path: Path) -> None:
    text = b"""@relation r
@attribute 'a b' string
@attribute d date "yyyy-MM-dd"
@attribute k {red, 'dark blue'}
@data
"it's, so", 2020-01-02, 'dark blue'
'x \\' y',?,red
"""
    assert read(tmp_path, "a.arff", text).frame.rows() == [
        ("it's, so", "2020-01-02", "dark blue"),
        ("x ' y", None, "red"),
    ]


# SVMlight, with scikit-learn as the oracle


@pytest.mark.parametrize("zero_based", [True, False])
def test_svmlight(tmp_path: Path, zero_based: bool) -> None:
    X = np.array([[1.5, 0, 2], [0, 0, 0], [0, -1e3, 0]])
    dump_svmlight_file(
        X, np.array([1, -1, 1]), str(tmp_path / "a.svm"), zero_based=zero_based, comment="hello"
    )
    table = read_table(Source(str(tmp_path / "a.svm")))
    assert table.target == "target"
    assert table.frame.columns == ["target", "column_1", "column_2", "column_3"]
    assert column(table, "target") == [1, -1, 1]
    expected, _ = load_svmlight_file(str(tmp_path / "a.svm"))
    np.testing.assert_array_equal(table.frame.drop("target").to_numpy(), expected.toarray())


def test_svmlight_with_labels_that_are_no_whole_numbers(tmp_path: Path) -> None:
    assert column(read(tmp_path, "a.svm", b"0.5 1:1\n1.5 qid:3 2:1\n"), "target") == [0.5, 1.5]


# NumPy


def test_an_array_is_a_table_and_a_vector_a_column(tmp_path: Path) -> None:
    for order in ("C", "F"):
        X = np.asarray([[1, 2], [3, 4]], dtype=">i4", order=order)  # type: ignore[call-overload]
        table = read(tmp_path, "a.npy", written(lambda file, X=X: np.save(file, X)))  # type: ignore[misc]
        assert table.frame.rows() == [(1, 2), (3, 4)]
        assert table.frame.columns == ["column_1", "column_2"]
    assert read(tmp_path, "a.npy", written(lambda file: np.save(file, np.ones(3)))).frame.shape == (3, 1)


def test_the_fields_of_a_structured_array_are_the_columns(tmp_path: Path) -> None:
    values = np.array([(1, "x", 2.5), (2, "y", 3.5)], dtype=[("a", "i4"), ("b", "U3"), ("c", "f2")])
    table = read(tmp_path, "a.npy", written(lambda file: np.save(file, values)))
    assert table.frame.rows(named=True) == [{"a": 1, "b": "x", "c": 2.5}, {"a": 2, "b": "y", "c": 3.5}]


def test_arrays_by_name_one_of_them_the_target(tmp_path: Path) -> None:
    members = {
        **npy("X", lambda file: np.save(file, np.ones((3, 2)))),
        **npy("more", lambda file: np.save(file, np.zeros((3, 2), bool))),
        **npy("s", lambda file: np.save(file, np.array([b"a", b"b", b"c"]))),
        **npy("y", lambda file: np.save(file, np.array(["u", "v", "u"]))),
        **npy("scalar", lambda file: np.save(file, np.float64(3))),
    }
    table = read(tmp_path, "a.npz", zipped(members))
    assert table.frame.columns == ["column_1", "column_2", "more_1", "more_2", "s", "y"]
    assert table.frame.row(0) == (1.0, 1.0, False, False, "a", "u")
    assert table.target == "y"


def test_images_are_read_row_by_row(tmp_path: Path) -> None:
    images = {**npy("X", lambda file: np.save(file, np.ones((3, 4, 5))))}
    table = read(tmp_path, "a.npz", zipped(images))
    assert table.frame.shape == (3, 20)
    assert table.remarks == ("Arrays of more than two dimensions are read row by row: 'X'.",)


# Which format


@pytest.mark.parametrize(("write", "name"), [("write_parquet", "a.parquet"), ("write_ipc", "a.arrow")])
def test_spans_of_time_and_bytes_of_any_kind_are_looked_at_trained_on_and_grouped_by(
    tmp_path: Path, write: str, name: str
) -> None:
    spans, odd = [timedelta(hours=i % 7) for i in range(60)], [b"a", b"\xff"] * 30
    frame = pl.DataFrame(
        {"x": [i * 7 % 11 / 2 for i in range(60)], "c": spans, "b": odd, "y": ["p", "q"] * 30}
    )
    getattr(frame, write)(tmp_path / name)
    source = Source(str(tmp_path / name), "y", group="c")
    found = Inspector(source).look("y")
    assert {facts.name: facts.kind for facts in found.columns}["b"] == "category"
    dataset = load(source)
    assert dataset.groups is not None
    assert len(set(dataset.groups.tolist())) == 7
    assert len(load(Source(str(tmp_path / name), "c", multiclass=True)).class_names) == 7
    hours = load(Source(str(tmp_path / name), "y"))
    assert hours.X[:8, hours.feature_names.index("c")].tolist() == [0, 1, 2, 3, 4, 5, 6, 0]


@pytest.mark.parametrize("name", ["a", "a.dat", "a.csv", "a.parquet.csv"])
@pytest.mark.parametrize("kind", ["parquet", "arrow", "arrows", "npy", "npz", "xlsx"])
def test_the_first_bytes_say_more_than_the_name(tmp_path: Path, name: str, kind: str) -> None:
    whole = pl.DataFrame({"a": [1, 2]})
    data = {
        "parquet": lambda: written(whole.write_parquet),
        "arrow": lambda: written(whole.write_ipc),
        "arrows": lambda: written(whole.write_ipc_stream),
        "npy": lambda: written(lambda file: np.save(file, np.ones((2, 1)))),
        "npz": lambda: zipped(npy("a", lambda file: np.save(file, np.ones(2)))),
        "xlsx": lambda: workbook([["a"], [1], [2]]),
    }[kind]()
    assert read(tmp_path, name, data).frame.shape == (2, 1)


@pytest.mark.parametrize(
    ("data", "columns"),
    [
        (b"a,b\n1,2\n", ["a", "b"]),
        (b'\n{"a":1,"b":2}\n', ["a", "b"]),
        (b"% hello\n@relation r\n@attribute a real\n@data\n1\n", ["a"]),
        (b"1 1:2 2:3\n-1 1:1\n", ["target", "column_1", "column_2"]),
        ("a;b\n1;2\n".encode("utf-16"), ["a", "b"]),
    ],
)
def test_text_without_a_known_suffix_is_looked_at(tmp_path: Path, data: bytes, columns: list[str]) -> None:
    assert read(tmp_path, "data", data).frame.columns == columns


def test_a_format_that_is_given_wins(tmp_path: Path) -> None:
    assert read(tmp_path, "a.csv", b'{"a":1}\n', format="jsonl").frame.rows() == [(1,)]
