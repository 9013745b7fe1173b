"""``lrtui inside``: views of stored runs as pages and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lrtui.core.inside.names import view_names
from tests.cli.commands import Lrtui, refused


@pytest.fixture
def run(lrtui: Lrtui) -> None:
    assert lrtui("train", "moons", "--optimizer", "newton", "--epochs", "15", "--quiet")[0] == 0


@pytest.mark.usefixtures("run")
def test_every_view_is_a_page_and_a_json_object(lrtui: Lrtui) -> None:
    for view in view_names():
        code, out, err = lrtui("inside", "last", view)
        assert (code, err) == (0, ""), view
        assert out.startswith("run 1, epoch 15")
        assert max(map(len, out.splitlines())) <= 100
        code, out, err = lrtui("inside", "1", view, "--json")
        assert (code, err) == (0, "")
        found = json.loads(out)
        assert (found["run_id"], found["epoch"], found["view"]) == (1, 15, view)
        assert len(found) > 4


@pytest.mark.usefixtures("run")
def test_a_threshold_an_epoch_and_what_is_wrong(lrtui: Lrtui) -> None:
    found = json.loads(lrtui("inside", "1", "confusion", "--threshold", "0.9", "--epoch", "2", "--json")[1])
    assert (found["threshold"], found["epoch"]) == (0.9, 2)
    assert "no view called 'what'" in refused(lrtui("inside", "1", "what"))
    assert "no run 7" in refused(lrtui("inside", "7"))
    assert "threshold cannot be 'x'" in refused(lrtui("inside", "1", "confusion", "--threshold", "x"))
    assert "no class called 'x'" in refused(lrtui("inside", "1", "calibration", "--class", "x"))
    assert json.loads(lrtui("inside", "1", "--epoch", "99", "--json")[1])["epoch"] == 15  # the nearest
    assert "Of two classes '1' is told" in refused(lrtui("inside", "1", "--class", "0"))


@pytest.mark.usefixtures("run")
def test_an_option_that_would_say_nothing_is_refused(lrtui: Lrtui) -> None:
    for view, option, value in (
        ("roc", "features", "x1"), ("coefficients", "threshold", "0.3"), ("confusion", "class", "1"),
        ("learning-curve", "threshold", "0.3"), ("boundary", "class", "1"),
    ):  # fmt: skip
        told = refused(lrtui("inside", "1", view, f"--{option}", value))
        assert f"--{option} says nothing about {view}." in told
    assert lrtui("train", "sklearn:iris", "--multiclass", "--epochs", "2", "--quiet")[0] == 0
    assert "more than two classes" in refused(lrtui("inside", "last", "roc", "--threshold", "0.3"))
    assert lrtui("inside", "last", "roc", "--class", "setosa")[0] == 0


@pytest.mark.usefixtures("run")
def test_rows_are_told_the_most_wrong_first_or_by_the_file(lrtui: Lrtui) -> None:
    found = json.loads(lrtui("rows", "last", "--wrong", "--limit", "3", "--json")[1])
    assert len(found["rows"]) == 3
    assert found["rows"][0]["loss"] > found["rows"][2]["loss"]
    filed = json.loads(lrtui("rows", "1", "--json")[1])["rows"]
    assert [one["row"] for one in filed] == sorted(one["row"] for one in filed)
    assert len(filed) == 20
    code, out, _ = lrtui("rows", "1", "--wrong")
    assert code == 0
    assert "rows: the most wrong first" in out.splitlines()[0]


def test_a_file_that_is_gone_or_another_and_a_script_are_refused(lrtui: Lrtui, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    text = "x,y\n" + "".join(f"{i % 7},{int(i % 7 + i % 3 > 4)}\n" for i in range(60))
    path.write_text(text)
    assert lrtui("train", str(path), "--target", "y", "--epochs", "5", "--quiet")[0] == 0
    path.write_text(text.replace("6,1", "0,1"))
    assert "has changed" in refused(lrtui("rows", "1", "--wrong"))
    path.unlink()
    assert "no file" in refused(lrtui("inside", "1", "roc"))
