"""JSON that is one document, in every shape in which people have tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrtui.datasets import memory_limit
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.reading.scanning import scan_table
from lrtui.datasets.source import Source
from lrtui.datasets.source_validation import parse_source

RECORDS = [{"a": 1, "y": "no"}, {"a": 2, "y": "yes"}]
COLUMNS = {"a": [1, 2], "y": ["no", "yes"]}
SHAPES: dict[str, Any] = {
    "records": RECORDS,
    "columns": COLUMNS,
    "columns by row": {"a": {"0": 1, "1": 2}, "y": {"0": "no", "1": "yes"}},
    "rows by number": {"0": RECORDS[0], "1": RECORDS[1]},
    "split": {"columns": ["a", "y"], "index": [0, 1], "data": [[1, "no"], [2, "yes"]]},
    "rows": [["a", "y"], [1, "no"], [2, "yes"]],
    "records within": {"meta": {"rows": 2}, "version": 1, "rows": RECORDS},
    "records deep within": {"result": {"rows": RECORDS, "pages": 1}},
    "table": {"schema": {"fields": [{"name": "a"}, {"name": "y"}], "version": "1"}, "data": RECORDS},
}


def read(folder: Path, text: str, name: str = "a.json") -> pl.DataFrame:
    (folder / name).write_text(text)
    return read_table(Source(str(folder / name))).frame


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["a.json", "a", "a.jsonl", "a.csv"])
def test_a_document_is_the_table_in_it(tmp_path: Path, shape: str, name: str) -> None:
    indent = 2 if name.endswith("l") else None  # one object on one line of .jsonl is a row
    text = json.dumps(SHAPES[shape], indent=indent)
    if name == "a.csv" and shape == "rows":
        return  # which is a table with a comma
    assert read(tmp_path, text, name).rows(named=True) == RECORDS
    if name == "a.jsonl":
        assert scan_table(Source(str(tmp_path / name))) is None  # it can only be read whole


def test_lines_of_objects_are_lines_whatever_the_name_says(tmp_path: Path) -> None:
    lines = "\n".join(map(json.dumps, RECORDS))
    for name in ("a.json", "a.jsonl", "a"):
        assert read(tmp_path, lines, name).rows(named=True) == RECORDS
    assert read(tmp_path, '["a","y"]\n[1,"no"]\n[2,"yes"]\n').rows(named=True) == RECORDS


def test_numbers_keep_their_kind_and_names_may_be_absent(tmp_path: Path) -> None:
    frame = read(
        tmp_path, '[{"a":1,"b":true,"c":[1]},{"a":2.5,"d":9007199254740993},{"b":null,"c":{"x":1}}]'
    )
    assert frame.rows() == [
        (1.0, True, "[1]", None),
        (2.5, None, None, 9007199254740993.0),
        (None, None, '{"x": 1}', None),
    ]
    assert read(tmp_path, '[{"a":1},{"a":null}]')["a"].dtype == pl.Int64


PATIENTS = {f"patient{i:03}": {"age": 40 + i, "bp": 120.5, "y": i % 2} for i in range(4)}
SAID = "Each entry of 'a.json' is a row; what it is called, such as 'patient000', is left out."


def turned(rows: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The same by column, as pandas writes it unless it is told otherwise."""
    names = next(iter(rows.values()))
    return {name: {key: row.get(name) for key, row in rows.items()} for name in names}


@pytest.mark.parametrize(
    "rows",
    [
        PATIENTS,
        {key: {**row, "bp": 120} for key, row in PATIENTS.items()},  # by how many there are alone
        {key: {**row, "job": "ab"[row["y"]]} for key, row in PATIENTS.items()},
        {key: {"age": row["age"], "job": None, "sick": row["y"] > 0} for key, row in PATIENTS.items()},
        {key: {**row, "job": "a", "kind": "b"} for key, row in [*PATIENTS.items()][:2]},  # few rows
    ],
)
def test_two_levels_of_names_are_rows_or_columns_by_the_kinds_of_values(
    tmp_path: Path, rows: dict[str, dict[str, Any]]
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(rows))
    table = read_table(Source(str(tmp_path / "a.json")))
    assert table.frame.rows(named=True) == list(rows.values())
    assert table.remarks == (SAID,)
    (tmp_path / "a.json").write_text(json.dumps(turned(rows)))
    table = read_table(Source(str(tmp_path / "a.json")))
    assert table.frame.rows(named=True) == list(rows.values())
    assert table.remarks == ()


def test_an_entry_may_lack_a_name(tmp_path: Path) -> None:
    rows = {
        key: {k: v for k, v in row.items() if key != "patient001" or k != "bp"}
        for key, row in PATIENTS.items()
    }
    assert read(tmp_path, json.dumps(rows))["bp"].to_list() == [120.5, None, 120.5, 120.5]


def test_arrays_without_names(tmp_path: Path) -> None:
    assert read(tmp_path, "[[1,2],[3,4]]").columns == ["column_1", "column_2"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'a.json' is empty."),
        ("[]", "'a.json' is a JSON array with nothing in it."),
        ("3", "'a.json' is JSON that holds no table."),
        ("[1,2]", "Entry 1 of the array in 'a.json' is no record."),
        ('[{"a":1},2]', "Entry 2 of the array in 'a.json' is no record."),
        ('[{"a":1},\n{"a":}]', "Line 2 of 'a.json' is no JSON: expecting value at character 6."),
        ('[{"a":1},\n{"a":', "'a.json' is cut off: its JSON ends in the middle, in line 2."),
        ('{"a":[1,2],"b":[1]}', "The columns 'a', 'b' of 'a.json' have 2 and 1 values."),
        ('{"p":[{"a":1}],"q":[{"a":1}]}', "'a.json' holds several lists of records: 'p', 'q'."),
        ('{"columns":["a"],"data":[[1],[1,2]]}', "Row 2 of 'a.json' has 2 values; 1 are named."),
        ("[" * 99_999, "'a.json' cannot be read as JSON: it is nested too deeply."),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DatasetError) as caught:
        read(tmp_path, text)
    assert caught.value.what == said
    assert caught.value.fix.endswith(".")


def test_what_would_not_fit_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_limit, "available", lambda: 10_000)
    with pytest.raises(DatasetError, match="needs more memory than is free"):
        read(tmp_path, json.dumps(RECORDS * 100))


def test_options_of_text_tables_say_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[]")
    with pytest.raises(DatasetError, match=r"--skip-rows was given, but .* is read as JSON"):
        parse_source(str(tmp_path / "a.json"), skip_rows="1")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.fixed_dictionaries({"n": st.integers(-(2**53), 2**53), "t": st.none() | st.text(max_size=5)}),
        min_size=1,
        max_size=6,
    )
)
def test_records_come_back_equal(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    assert read(tmp_path, json.dumps(rows)).rows(named=True) == rows
