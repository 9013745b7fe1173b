"""``lrtui inside``: views of stored runs as pages and as JSON."""

from __future__ import annotations

import json

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
    assert "no class called 'x'" in refused(lrtui("inside", "1", "confusion", "--class", "x"))
    assert "no weights of epoch 99" in refused(lrtui("inside", "1", "--epoch", "99"))
    assert "Of two classes '1' is told" in refused(lrtui("inside", "1", "--class", "0"))
