"""Standard input: kept as a file by its content, and trained on."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading import spooling
from lrtui.datasets.reading.spooling import spool
from tests.cli.commands import refused
from tests.datasets.reading.making import written

CSV = b"a,y\n" + b"".join(b"%d,%d\n" % (i % 7, i % 3 > 0) for i in range(30))


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (CSV, ".csv"),
        (gzip.compress(CSV, mtime=0), ".gz"),
        (written(pl.DataFrame({"a": [1]}).write_parquet), ".parquet"),
        (b'{"a":1}\n', ".jsonl"),
        (b"\0\1\2", ""),
    ],
)
def test_the_name_tells_content_and_format(tmp_path: Path, data: bytes, suffix: str) -> None:
    folder = tmp_path / "kept"
    path = spool(io.BytesIO(data), folder)
    assert path.read_bytes() == data
    assert path.name.startswith("stdin-")
    assert path.suffix == suffix
    assert spool(io.BytesIO(data), folder) == path
    assert os.listdir(folder) == [path.name]
    assert spool(io.BytesIO(data + b"\n"), folder) != path


def test_a_file_of_that_name_is_not_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    first = spool(io.BytesIO(CSV), folder)
    first.write_bytes(b"mine")
    second = spool(io.BytesIO(CSV), folder)
    assert first.read_bytes() == b"mine"
    assert second != first
    assert second.read_bytes() == CSV
    assert spool(io.BytesIO(CSV), folder) == second
    first.unlink()
    first.symlink_to(tmp_path / "outside")
    assert spool(io.BytesIO(CSV), folder) == second
    assert first.is_symlink()
    assert sorted(os.listdir(folder)) == sorted([first.name, second.name])


def test_nothing_comes(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="Nothing came on standard input"):
        spool(io.BytesIO(b""), tmp_path / "kept")
    assert os.listdir(tmp_path / "kept") == []


def test_too_much_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "MOST", 100)
    with pytest.raises(DatasetError, match="Standard input is more than"):
        spool(io.BytesIO(CSV), tmp_path / "kept")
    assert os.listdir(tmp_path / "kept") == []


def test_a_disk_without_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "LEFT", 1 << 62)
    with pytest.raises(DatasetError, match="more than the disk has room for"):
        spool(io.BytesIO(CSV), tmp_path / "kept")

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spooling, "LEFT", 0)
    monkeypatch.setattr(spooling, "move", full)
    with pytest.raises(DatasetError, match=r"cannot be kept in .*: no space left on device"):
        spool(io.BytesIO(CSV), tmp_path / "kept")


def run(home: Path, data: bytes, *arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "lrtui.tui", *arguments],
        input=data,
        capture_output=True,
        env={**os.environ, "LRTUI_HOME": str(home)},
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_table_is_piped_in_and_trained_on(home: Path) -> None:
    code, out, _ = run(home, CSV, "train", "-", "--target", "y", "--epochs", "3", "--quiet", "--json")
    assert code == 0
    assert "stdin-" in out
    assert [path.suffix for path in (home / "stdin").iterdir()] == [".csv"]


def test_what_is_piped_in_may_be_refused(home: Path) -> None:
    assert "Nothing came on standard input" in refused(run(home, b"", "train", "-", "--target", "y"))
    assert "is in no format that lrtui knows" in refused(run(home, b"\0\1", "train", "-", "--target", "y"))


def test_the_dashboard_needs_standard_input_for_its_keys(home: Path) -> None:
    said = refused(run(home, CSV, "-"))
    assert "reads its keys from standard input" in said
    assert "lrtui train -" in said
