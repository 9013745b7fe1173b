"""``lrtui note``, ``rm``, and the filters of ``runs``."""

from __future__ import annotations

import json

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.store import Status, Store
from lrtui.datasets.source import Source
from tests.cli.commands import Lrtui, refused


@pytest.fixture
def three(store: Store) -> list[int]:
    found = []
    for name, lr, auc in (("moons", 0.5, 0.9), ("breast-cancer", 0.01, 0.99), ("xor", 0.5, None)):
        number = store.runs.create(Source(name), changed(Config(), lr=lr), origin="test", owner=None)
        store.runs.update(number, status=Status.FINISHED)
        store.execute("UPDATE runs SET seconds = ? WHERE id = ?", (0.0 if auc is None else auc, number))
        found.append(number)
    return found


def ids(told: str) -> list[int]:
    return [row["run_id"] for row in json.loads(told)]


def test_a_name_a_note_and_tags_are_told_and_a_run_is_called_by_its_name(
    lrtui: Lrtui, three: list[int]
) -> None:
    code, out, err = lrtui("note", "1", "too slow", "--name", "base", "--tag", "old", "--tag", "paper")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "run 1, base: moons, finished",
        "  note               too slow",
        "  tags               old, paper",
    ]
    assert lrtui("note", "base")[1] == out
    told = json.loads(lrtui("note", "base", "--untag", "old", "--json")[1])
    assert told == {"run_id": 1, "name": "base", "note": "too slow", "tags": ["paper"]}
    assert json.loads(lrtui("show", "base", "--json")[1])["tags"] == ["paper"]
    assert "base" in lrtui("runs")[1]
    assert lrtui("show", "base")[1].startswith("run 1, base: moons")
    assert json.loads(lrtui("note", "1", "", "--name", "", "--json")[1])["note"] == ""
    assert "no tag old" in refused(lrtui("note", "1", "--untag", "old"))
    assert "no name for a run" in refused(lrtui("note", "1", "--name", "7"))
    assert "There is no run called 'base'." in refused(lrtui("note", "base"))
    for number in ("1", "2"):
        lrtui("note", number, "--name", "twin")
    assert "2 runs are called 'twin': 2, 1." in refused(lrtui("show", "twin"))


def test_runs_are_filtered_and_sorted(lrtui: Lrtui, three: list[int]) -> None:
    assert ids(lrtui("runs", "--json", "--filter", "lr>0.1")[1]) == [3, 1]
    assert ids(lrtui("runs", "--json", "--filter", "lr>0.1 dataset:moon")[1]) == [1]
    assert ids(lrtui("runs", "--json", "--sort", "-seconds")[1]) == [2, 1, 3]
    assert ids(lrtui("runs", "--json", "--sort", "dataset", "--limit", "1")[1]) == [2]
    assert lrtui("runs", "--filter", "nothing-like-it")[1] == "No such run.\n"
    assert "Did you mean lr" in refused(lrtui("runs", "--filter", "lrr>1"))
    assert "no field 'beauty'" in refused(lrtui("runs", "--sort", "beauty"))


def test_where_every_run_is_put_away_that_is_said(lrtui: Lrtui, store: Store, three: list[int]) -> None:
    lrtui("rm", "1", "2", "3")
    told = "Every run is put away. lrtui runs --removed lists them.\n"
    assert lrtui("runs")[1] == told
    assert told.strip() in " ".join(refused(lrtui("show", "last")).split())
    lrtui("rm", "--undo", "1", "2", "3")
    assert "No run is put away." in refused(lrtui("rm", "--undo", "last"))


def test_runs_are_put_away_and_come_back(lrtui: Lrtui, store: Store, three: list[int]) -> None:
    out = lrtui("rm", "1", "2")[1]
    assert "lrtui rm --undo 1 2 brings them back." in out
    assert ids(lrtui("runs", "--json")[1]) == [3]
    assert ids(lrtui("runs", "--json", "--removed")[1]) == [2, 1]
    assert json.loads(lrtui("show", "last", "--json")[1])["run_id"] == 3
    assert lrtui("rm", "--undo", "1", "2")[1] == "Runs 1, 2 are listed again.\n"
    assert ids(lrtui("runs", "--json")[1]) == [3, 2, 1]
    assert "Runs 3, 1 are" in lrtui("rm", "--filter", "lr>0.1")[1]
    assert "listed again" in lrtui("rm", "--undo", "--filter", "xor")[1]
    assert ids(lrtui("runs", "--json")[1]) == [3, 2]
    store.runs.update(3, status=Status.PAUSED)
    assert "Run 3 is paused, so nothing was put away." in refused(lrtui("rm", "2", "3"))
    assert ids(lrtui("runs", "--json")[1]) == [3, 2]
    assert "needs a run" in refused(lrtui("rm"))
    assert "needs a run" in refused(lrtui("rm", "--filter", ' "'))
    lrtui("note", "2", "--name", "mine")
    lrtui("rm", "mine")
    assert "no run called 'mine'" in refused(lrtui("show", "mine"))
    assert lrtui("rm", "--undo", "mine")[1] == "Run 2 is listed again.\n"
    lrtui("rm", "2")
    assert lrtui("rm", "--undo", "last")[1] == "Run 2 is listed again.\n"
    assert "There is no run 9." in refused(lrtui("rm", "9"))


def test_runs_side_by_side(lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch) -> None:
    lrtui("train", "moons", "--quiet", "--epochs", "30", "--lr", "0.01")
    lrtui("train", "moons", "--quiet", "--epochs", "30", "--lr", "1")
    lrtui("note", "1", "--name", "slow one")
    monkeypatch.setenv("COLUMNS", "60")
    code, out, err = lrtui("compare", "slow one", "last")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert max(map(len, lines)) <= 60
    assert [line.split() for line in lines if line.startswith("learning rate")] == [
        ["learning", "rate", "0.01", "1"]
    ]
    assert any("A run 1" in line and "B run 2" in line for line in lines)
    assert any("slow one" in line and "moons" in line for line in lines)
    shown = {row["run_id"]: row for row in json.loads(lrtui("runs", "--json")[1])}
    told = json.loads(lrtui("compare", "1", "2", "--json")[1])
    assert told["differs"] == {"lr": [0.01, 1.0]}
    assert told["reached"]["test_auc"] == [shown[1]["test_auc"], shown[2]["test_auc"]]
    better = min(told["reached"]["test_loss"])
    row = next(line for line in lines if line.startswith("test loss"))
    assert f"{better:.4f}*" in row
    assert "Name two to 6 different runs." in refused(lrtui("compare", "1"))
