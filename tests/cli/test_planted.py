"""Whatever command is given, and wherever the files of a person lie: not one of them is touched."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lrtui.datasets import loading
from tests.cli.commands import Lrtui, refused
from tests.e2e.conftest import LRTUI
from tests.e2e.terminal import Terminal, stop_engines
from tests.planting import HEX, Census, census, lost, plant

QUICK = ("--epochs", "2", "--quiet")
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("train", "moons:n=60", *QUICK),
    ("train", "{data}", "--target", "y", *QUICK),
    ("runs",),
    ("runs", "--json"),
    ("show", "1"),
    ("resume", "1"),
    ("sweep", "moons:n=60", "--lr", "0.1,0.2", "--epochs", "2"),
    ("diagnose", "moons:n=60", "--epochs", "2"),
    ("inspect", "{data}"),
    ("datasets",),
    ("cache",),
    ("cache", "--json"),
    ("cache", "clear"),
    ("cache", "clear", HEX),
)


class Place:
    """A folder with the files of a person, and what lies outside, both counted."""

    def __init__(self, folder: Path) -> None:
        self.planted, self.outside = folder / "planted", folder / "outside"
        self.planted.mkdir()
        plant(self.planted, self.outside)
        self.data = folder / "data.csv"
        random = np.random.default_rng(0)
        X = random.normal(size=(60, 2))
        pl.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": (X[:, 0] > 0).astype(int)}).write_csv(self.data)
        self.before = self.count()

    def count(self) -> Census:
        return census(self.planted, self.outside)

    def lost(self) -> dict[str, str]:
        return lost(self.before, self.count())

    @property
    def added(self) -> set[str]:
        """What lies there now and did not, by its name below the folder."""
        new = self.count().keys() - self.before.keys()
        return {str(Path(path).relative_to(self.planted)) for path in new}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.parametrize("where", ["LRTUI_CACHE", "LRTUI_HOME", "here"])
def test_no_command_touches_what_a_person_has(
    lrtui: Lrtui, place: Place, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    if where == "here":
        monkeypatch.chdir(place.planted)
        monkeypatch.setenv("LRTUI_HOME", ".")
    else:
        monkeypatch.setenv(where, str(place.planted))
    for command in COMMANDS:
        code, _, err = lrtui(*(part.format(data=place.data) for part in command))
        assert code in (0, 1, 2), err  # 1: the doctor found something
        assert place.lost() == {}, command


def test_nor_does_the_dashboard(place: Place) -> None:
    env = {"LRTUI_HOME": ".", "LRTUI_CACHE": str(place.planted)}
    with Terminal([LRTUI, "moons:n=60", "--epochs", "5", "--start"], env=env, cwd=place.planted) as screen:
        screen.see("finished")
        screen.choose("screenshot")
        screen.see("Saved")
        screen.press("q")
        assert screen.end() == 0
    stop_engines(place.planted)
    assert place.lost() == {}


def test_a_cache_folder_of_a_person_is_refused_where_it_is_needed_and_nowhere_else(
    lrtui: Lrtui, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LRTUI_CACHE", str(place.planted))
    asked = ("train", str(place.data), "--target", "y", *QUICK)
    assert lrtui(*asked)[0] == 0
    monkeypatch.setattr(loading, "LARGE_BYTES", 0)
    for command in (asked, ("cache",), ("cache", "clear"), ("cache", "clear", HEX)):
        said = refused(lrtui(*command))
        assert str(place.planted) in said
        assert "LRTUI_CACHE" in said
        assert "more" in said
        assert said.count("', '") == 2  # three of what lies there
    assert (place.lost(), place.added) == ({}, set())


@pytest.mark.parametrize(
    "make",
    [
        lambda root, outside: root.symlink_to(outside),
        lambda root, outside: root.write_text("mine"),
        lambda root, outside: (root.mkdir(), (root / "lrtui-cache.id").symlink_to(outside / "X.bin")),
        lambda root, outside: (root.mkdir(), (root / "lrtui-cache.id").write_text("lrtui cache 0\n")),
        lambda root, outside: (root.mkdir(), (root / "mine.txt").write_text("mine")),
        lambda root, outside: (root.mkdir(), (root / HEX).mkdir()),
    ],
    ids=["link", "file", "marker a link", "marker of another", "no marker", "empty folder"],
)
def test_a_folder_of_our_name_that_is_not_ours_is_refused(
    lrtui: Lrtui, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: object
) -> None:
    assert callable(make)
    cache = tmp_path / "cache"
    cache.mkdir()
    make(cache / "lrtui-cache-v1", place.outside)
    before = census(cache, place.outside)
    monkeypatch.setenv("LRTUI_CACHE", str(cache))
    monkeypatch.setattr(loading, "LARGE_BYTES", 0)
    for command in (("train", str(place.data), "--target", "y", *QUICK), ("cache",), ("cache", "clear")):
        assert "lrtui-cache-v1" in refused(lrtui(*command))
    assert census(cache, place.outside) == before
