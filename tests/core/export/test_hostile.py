"""Whatever columns, levels and classes are called: it stays text in whatever a run is taken away as."""

from __future__ import annotations

import ast
import csv
import io
import json
import sqlite3
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from lrtui.core.errors import ExportError
from lrtui.core.export.exporting import export
from lrtui.core.export.formats import FORMATS
from lrtui.core.export.plain import cell, one_line
from lrtui.core.export.predicting import predicted
from lrtui.core.export.predictions import print_predictions, write_predictions
from lrtui.core.export.report import Heading, Rows, Words
from lrtui.core.export.trained import trained_model
from lrtui.core.export.writers.page import markdown_of
from lrtui.core.store import Run, Store
from lrtui.datasets.source import Source
from tests.core.export.tables import trained
from tests.core.export.test_tables import Page

HOSTILE = (
    '=HYPERLINK("http://evil","x")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1",
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "'; DROP TABLE your_table; --",
    '"; DROP TABLE your_table; --', '"""\nimport os\nos._exit(7)\n"""', "'); exec('1')#", "{0.__class__}",
    "a\u202eb", "a\x1b[31mb", "[x](javascript:alert(1))", "```\nrm -rf\n```", "%n%s", "\\", "z\u2028y",
)  # fmt: skip


TAGS = {"h1", "h2", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "pre", "code"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Run, Path]]:
    """A run whose columns, levels and classes are all called so, from a file that is called so, too."""
    folder = tmp_path_factory.mktemp("hostile")
    random = np.random.default_rng(0)
    names = [name for name in HOSTILE if name.strip()]
    table = {name: random.normal(0, 1, 400) for name in names}
    frame = pl.DataFrame({**table, "level": random.choice(list(names), 400)})
    target = random.choice(["=1+1", "</script><b>"], 400)
    path = folder / "=cmd'<b>.parquet"
    frame.with_columns(pl.Series("\"target'", target)).write_parquet(path)
    store = Store(folder / "lrtui.db")
    made = trained(store, Source(str(path), target="\"target'"), epochs=3)
    yield store, made, folder
    store.close()


def harmless(text: str) -> bool:
    return all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp") for c in text)


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_hostile_survives(run: tuple[Store, Run, Path], name: str) -> None:
    store, made, folder = run
    if name in ("sql", "spreadsheet"):  # which know no escapes: such names are refused
        with pytest.raises(ExportError, match="cannot stand in"):
            export(store, made, name, folder)
        return
    path = export(store, made, name, folder, force=True).path
    data = path.read_bytes()
    if name in ("html", "markdown", "svg", "pytorch"):
        assert harmless(data.decode())
    if path.suffix == ".csv":
        assert harmless(data.decode())
        with path.open(newline="") as file:
            for row in csv.reader(file):
                assert not any(one.startswith(("=", "+", "@", "\t", "-2+")) for one in row)
    if name == "html":
        assert not {"script", "img", "b"} & set(Page(data.decode()).tags)
    if name == "markdown":
        told = Page(MarkdownIt("gfm-like").render(data.decode()))
        assert set(told.tags) == TAGS
        assert told.tags.count("h1") == 1
    if name == "pytorch":  # every name stands in a literal
        tree = ast.parse(data.decode())
        assert {type(one).__name__ for one in tree.body} <= {
            "Expr", "Import", "FunctionDef", "Assign", "If",
        }  # fmt: skip
        words = {one.value for one in ast.walk(tree) if isinstance(one, ast.Constant)}
        assert set(HOSTILE[:4]) <= words
    if name == "onnx":
        session = onnxruntime.InferenceSession(path)
        assert {one.name for one in session.get_inputs()} >= set(HOSTILE[:4])


def test_predictions_are_printed_as_they_are_written(run: tuple[Store, Run, Path]) -> None:
    store, made, folder = run
    model, printed = trained_model(store, made), io.BytesIO()
    predicted(model, made.source, lambda predictor: print_predictions(predictor, printed))
    predicted(model, made.source, lambda predictor: write_predictions(predictor, folder / "p.csv"))
    assert b'"\'=1+1"' in printed.getvalue()
    assert printed.getvalue() == (folder / "p.csv").read_bytes()


def test_sql_keeps_quotes_in_their_place(store: Store, tmp_path: Path) -> None:
    names = [name for name in HOSTILE if one_line(name) == name]
    random = np.random.default_rng(0)
    frame = pl.DataFrame({name: random.normal(0, 1, 200) for name in names})
    frame = frame.with_columns(
        level=pl.Series(random.choice(names, 200)), y=pl.Series(random.choice(["a", "b"], 200))
    )
    frame.write_parquet(tmp_path / "a.parquet")
    made = trained(store, Source(str(tmp_path / "a.parquet"), target="y"), epochs=3)
    query = export(store, made, "sql", tmp_path).path.read_text()
    with sqlite3.connect(":memory:") as base:
        base.create_function("EXP", 1, np.exp)
        columns = ", ".join('"' + name.replace('"', '""') + '"' for name in frame.columns)
        base.execute(f"CREATE TABLE your_table ({columns})")
        base.executemany(f"INSERT INTO your_table VALUES ({', '.join('?' * frame.width)})", frame.rows())
        assert len(base.execute(query).fetchall()) == 200
    base.close()


@given(st.text(min_size=1), st.text(min_size=1))
def test_text_is_text_to_a_parser_of_markdown(words: str, cells: str) -> None:
    page = MarkdownIt("gfm-like").render(
        markdown_of([Heading(words), Words(words), Rows([["a"], [cells]])])
    )
    found = Page(page)
    assert found.tags == ["h2", "p", "table", "thead", "tr", "th", "tbody", "tr", "td"]
    plain = [" ".join(one_line(text).split()) for text in (words, words, cells)]
    assert " ".join(found.words.split()) == " ".join(" ".join([plain[0], plain[1], "a", plain[2]]).split())


@given(st.text())
def test_no_cell_is_a_formula_and_numbers_stay(text: str) -> None:
    made = cell(text)
    assert harmless(made)
    assert not made.startswith(("=", "@", "\t", "\r"))
    if made.startswith(("+", "-")):
        float(made)
    assert cell("-1.5e3") == "-1.5e3"
    json.dumps(made)
