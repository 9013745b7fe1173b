"""Every view of a run whose data lies on disk."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from lrtui.core.inside.catalogue import views
from lrtui.core.inside.looking import look
from lrtui.core.inside.record import Asked
from lrtui.datasets import loading
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from lrtui.datasets.storage.mapped import mapping_of
from tests.core.inside.cases import trained

ROWS = 600


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LRTUI_CACHE", str(tmp_path / "cache"))
    random = np.random.default_rng(0)
    found = tmp_path / "a.csv"
    with found.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["a", "b", "colour", "y"])
        for _ in range(ROWS):
            a, b = random.normal(size=2)
            y = "yes" if random.random() < 1 / (1 + np.exp(-2 * a)) else "no"
            writer.writerow([f"{a:.4f}", f"{b * 100:.2f}", random.choice(["red", "blue"]), y])
    return found


def test_what_lies_on_disk_is_looked_into_without_being_held(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LARGE_BYTES", 0)
    model = trained(load(Source(str(path), "y")))
    assert mapping_of(model.problem.design_test) is not None
    found: dict[str, Any] = {name: look(model, name, Asked(limit=1000)).data() for name in views()}
    with path.open(newline="") as file:
        lines = list(csv.DictReader(file))
    rows = found["rows"]["rows"]
    assert len({one["row"] for one in rows}) == len(rows) == len(model.problem.y_test)
    for one in rows:
        assert one["cells"] == lines[one["row"] - 1]
        assert one["class"] == one["cells"]["y"]
    yes = [one["class"] == "yes" for one in rows]
    p = [one["probability"] if own else 1 - one["probability"] for one, own in zip(rows, yes, strict=True)]
    assert found["roc"]["auc"] == pytest.approx(roc_auc_score(yes, p))
    assert np.sum(found["confusion"]["counts"]) == len(rows)
    errors = {one["feature"]: one["per_unit_error"] for one in found["coefficients"]["coefficients"]}
    assert 0.1 < errors["a"] < 0.3
    assert "a" in found["boundary"]["features"]
    assert found["learning-curve"]["sizes"][-1]["rows"] == len(model.problem.y_train)
