"""``lrtui cache``: what is cached, and clearing it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from lrtui.datasets.storage.cache import Cache
from lrtui.datasets.storage.ownership import ALONE, MARKER, ROOT
from tests.cli.commands import Lrtui, refused

ONE, TWO = "1" * 24, "2" * 24
ONE_PREPARED = f"{ONE}-{'a' * 16}"


@pytest.fixture
def cached(home: Path) -> Cache:
    """Two entries of one file, one of another whose name would harm a terminal."""
    cache = Cache()
    hostile = "/d/\x1b[31mb.csv"
    told = (ONE, "/d/a.csv", "table"), (ONE_PREPARED, "/d/a.csv", "prepared"), (TWO, hostile, "table")
    for number, (name, file, what) in enumerate(told, start=1):
        rows = 1000 * number
        with cache.make(name) as draft:
            assert draft is not None
            draft.table("X.bin", 3, np.float32).append(np.zeros((rows, 3)))
            draft.meta |= {"version": 1, "file": file, "what": what, "rows": rows, "columns": 3}
    return cache


def names(cache: Cache) -> list[str]:
    return sorted(entry.name for entry in cache.entries())


def test_every_entry_has_a_line_and_the_sum_is_told(lrtui: Lrtui, cached: Cache) -> None:
    code, out, _ = lrtui("cache")
    assert code == 0
    assert out.count("a.csv") == 2
    assert "2,000" in out
    assert "\x1b" not in out
    assert str(cached.folder) in out


def test_an_empty_cache_says_so(lrtui: Lrtui) -> None:
    code, out, _ = lrtui("cache")
    assert code == 0
    assert out.startswith("Nothing is cached in ")


def test_scripts_get_everything(lrtui: Lrtui, cached: Cache) -> None:
    found = {entry["name"]: entry for entry in json.loads(lrtui("cache", "--json")[1])}
    assert sorted(found) == [ONE, ONE_PREPARED, TWO]
    entry = found[ONE]
    assert (entry["file"], entry["what"], entry["rows"], entry["columns"]) == ("/d/a.csv", "table", 1000, 3)
    assert entry["bytes"] > 12_000
    assert entry["in_use"] is False


@pytest.mark.parametrize("name", ["a.csv", "/d/a.csv"])
def test_a_file_is_cleared_with_all_that_was_made_of_it(name: str, lrtui: Lrtui, cached: Cache) -> None:
    code, out, _ = lrtui("cache", "clear", name)
    assert code == 0
    assert out.endswith("freed.\n")
    assert names(cached) == [TWO]


def test_an_entry_is_cleared_by_its_name(lrtui: Lrtui, cached: Cache) -> None:
    lrtui("cache", "clear", ONE_PREPARED)
    assert names(cached) == [ONE, TWO]


def test_everything_is_cleared_with_what_crashes_left(lrtui: Lrtui, cached: Cache) -> None:
    (cached.folder / ROOT / ONE / "meta.json").write_text("{")  # as if it had not been finished
    code, _, _ = lrtui("cache", "clear")
    assert code == 0
    assert {path.name for path in (cached.folder / ROOT).iterdir()} == {MARKER, ALONE}


def test_what_is_in_use_stays_and_is_told(lrtui: Lrtui, cached: Cache) -> None:
    held = cached.open(TWO)
    assert "in use" in lrtui("cache")[1]
    code, out, err = lrtui("cache", "clear")
    assert code == 2
    assert out.endswith("freed.\n")
    assert "is in use by a running lrtui" in err
    assert names(cached) == [TWO]
    del held


def test_what_an_earlier_lrtui_left_is_told_and_stays(lrtui: Lrtui, cached: Cache) -> None:
    old = cached.folder / ("e" * 24)
    old.mkdir()
    (old / "lock").touch()
    (old / "meta.json").write_text('{"version": 1, "file": "/d/a.csv", "what": "table"}')
    for command in (("cache",), ("cache", "clear")):
        code, _, err = lrtui(*command)
        assert code == 0
        assert f"left by an earlier lrtui in '{cached.folder}' will not be used: '{'e' * 24}'" in err
        assert "Remove it by hand" in err
    code, out, _ = lrtui("cache", "--json")
    assert json.loads(out) == []
    assert sorted(path.name for path in old.iterdir()) == ["lock", "meta.json"]


def test_a_name_that_is_not_cached_is_refused(lrtui: Lrtui, cached: Cache) -> None:
    assert "'nope'" in refused(lrtui("cache", "clear", "nope"))
    assert names(cached) == [ONE, ONE_PREPARED, TWO]
