"""``lrtui export``: which formats there are, where a file goes, and what is refused."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from lrtui.core.export.formats import FORMATS
from lrtui.core.store import Store
from lrtui.core.store.scripts import Asked
from lrtui.datasets.source import Source
from tests.cli.commands import Lrtui, refused
from tests.core.export.tables import trained

DOCS = Path(__file__).parents[2] / "docs" / "export.md"


@pytest.fixture
def run(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run 1, and a working folder with nothing in it."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    trained(store, Source("moons"), epochs=3)
    return folder


def test_every_format_is_listed_and_documented(lrtui: Lrtui) -> None:
    lines = lrtui("export", "--list")[1].splitlines()
    assert [line.split()[0] for line in lines] == list(FORMATS)
    listed = json.loads(lrtui("export", "--list", "--json")[1])
    assert {one["format"]: tuple(one["suffixes"]) for one in listed} == (
        {one.name: one.suffixes for one in FORMATS.values()}
    )
    text = DOCS.read_text(encoding="utf-8")
    for one in FORMATS.values():
        row = next(
            row
            for row in re.findall(r"^\| (`.*?`) \| (`\..*?) \|", text, re.M)
            if f"`{one.name}`" in row[0]
        )
        assert all(f"`{suffix}`" in row[1] for suffix in one.suffixes)


def test_a_file_gets_a_name_of_its_own_or_that_which_is_given(lrtui: Lrtui, run: Path) -> None:
    code, out, err = lrtui("export", "last", "curve")
    assert (code, err) == (0, "")
    assert out.startswith("Written to 'run-1-curve.csv'.\n")
    told = json.loads(lrtui("export", "1", "html", "page.html", "--json")[1])
    assert (told["format"], told["path"]) == ("html", str(run / "page.html"))
    (run / "folder").mkdir()
    assert lrtui("export", "1", "curve", "folder")[0] == 0
    assert sorted(os.listdir(run)) == ["folder", "page.html", "run-1-curve.csv"]
    assert os.listdir(run / "folder") == ["run-1-curve.csv"]


def test_what_cannot_be_written_is_refused_and_leaves_nothing(
    lrtui: Lrtui, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Did you mean pytorch?" in refused(lrtui("export", "1", "pytroch"))
    assert "There is no run 9" in refused(lrtui("export", "9", "curve"))
    assert "needs a run and a format" in refused(lrtui("export", "1"))
    assert "is no name for curve" in refused(lrtui("export", "1", "curve", "a.txt"))
    assert "its folder is not there" in refused(lrtui("export", "1", "curve", "no/a.csv"))
    (run / "link.csv").symlink_to("/dev/full")
    assert "is no plain file" in refused(lrtui("export", "1", "curve", "link.csv", "--force"))
    (run / "link.csv").unlink()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "no space left on device" in refused(lrtui("export", "1", "curve", "a.csv"))
    assert not os.listdir(run)


def test_a_package_that_is_not_there_is_told_with_the_way_to_it(
    lrtui: Lrtui, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "skops", None)
    assert 'pip install "lrtui[export]"' in refused(lrtui("export", "1", "sklearn", "a.skops"))
    assert not os.listdir(run)


def test_a_script_has_no_model_to_be_taken_away(lrtui: Lrtui, store: Store, run: Path) -> None:
    number = store.new_script(Asked(("train.py",), "python", "/"), "me")
    assert "its model stands in the script" in refused(lrtui("export", str(number), "sql"))
    assert lrtui("export", str(number), "html")[0] == 0
    assert "Run 2" in (run / "run-2-html.html").read_text()
    assert "has no curve yet" in refused(lrtui("export", str(number), "svg"))
