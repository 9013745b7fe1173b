"""What is looked at before anything is read: paths, patterns, options, names of tables to fetch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.formats import SUFFIXES
from lrtui.datasets.source_validation import parse_source


def refused(name: str | Path, **options: str) -> str:
    with pytest.raises(DatasetError) as caught:
        parse_source(str(name), **options)  # type: ignore[arg-type]
    assert caught.value.what.endswith(".")
    assert caught.value.fix.endswith(".")
    return str(caught.value)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@pytest.mark.parametrize("packing", ["", ".gz", ".ZST"])
def test_every_known_suffix_is_taken(tmp_path: Path, suffix: str, packing: str) -> None:
    path = tmp_path / f"a{suffix.upper()}{packing}"
    path.touch()
    assert parse_source(str(path)).name == str(path)


def test_paths_are_made_absolute_those_of_the_test_part_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").touch()
    monkeypatch.chdir(tmp_path)
    source = parse_source("a.csv", test="a.csv")
    assert source.name == source.test == str(tmp_path / "a.csv")


def test_the_home_folder_may_be_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").touch()
    monkeypatch.setenv("HOME", str(tmp_path))
    assert parse_source("~/a.csv").name == str(tmp_path / "a.csv")


def test_a_name_without_a_suffix_is_looked_into(tmp_path: Path) -> None:
    (tmp_path / "table").write_text("a,b\n1,2\n")
    assert parse_source(str(tmp_path / "table")).is_file
    (tmp_path / "image").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    assert "is in no format that lrtui knows" in refused(tmp_path / "image")
    assert parse_source(str(tmp_path / "image"), format="csv").format == "csv"


def test_every_file_of_a_pattern_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "a1.csv").touch()
    assert parse_source(str(tmp_path / "a*")).name == str(tmp_path / "a*")
    (tmp_path / "a2.bin").write_bytes(b"\0\1")
    assert "a2.bin' is in no format" in refused(tmp_path / "a*")


def test_a_path_through_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    assert "There is no file" in refused(tmp_path / "a.csv" / "b.csv")


def test_a_folder_without_tables(tmp_path: Path) -> None:
    assert "is a folder. Give the path of a file in it." in refused(tmp_path)


def test_a_path_of_endless_length_and_one_with_escape_codes(tmp_path: Path) -> None:
    assert refused("/" + "a" * 5000 + ".csv").isprintable()
    assert "\\x1b[31m" in refused(tmp_path / "\x1b[31m.csv")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"separator": "ab"}, "--separator cannot be 'ab'"),
        ({"separator": "é"}, "--separator cannot be 'é'"),
        ({"separator": "\n"}, r"--separator cannot be '\n'"),
        ({"quote": "\0"}, r"--quote cannot be '\x00'"),
        ({"separator": "'", "quote": "'"}, "--separator and --quote are the same"),
        ({"header": "perhaps"}, "--header cannot be 'perhaps'. Give yes, no, or the number of the line"),
        ({"format": "pdf"}, "no format called 'pdf'. Give one of csv, parquet"),
    ],
)
def test_options_are_looked_at(tmp_path: Path, options: dict[str, str], said: str) -> None:
    (tmp_path / "a.csv").touch()
    assert said in refused(tmp_path / "a.csv", **options)


@pytest.mark.parametrize(
    "options", [{"separator": "tab"}, {"separator": ";"}, {"quote": "none"}, {"quote": ""}]
)
def test_characters_may_be_spelled(tmp_path: Path, options: dict[str, str]) -> None:
    (tmp_path / "a.csv").touch()
    assert parse_source(str(tmp_path / "a.csv"), **options).is_file  # type: ignore[arg-type]


def test_tables_to_fetch_are_known_by_name() -> None:
    assert parse_source("sklearn:breast-cancer").is_fetched
    assert "Did you mean sklearn:iris?" in refused("sklearn:iriss")
    assert parse_source("openml:61").is_fetched
    assert parse_source("openml:credit-g").is_fetched
    assert "neither a number nor a name of OpenML" in refused("openml:../../etc")


def test_nothing_heavy_is_loaded_to_look_at_a_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n")
    code = (
        "import sys; from lrtui.datasets.source_validation import parse_source\n"
        f"parse_source({os.fspath(tmp_path / '*.csv')!r}); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "polars", "sklearn"} & set(done.stdout.split())
