"""Test rows by how wrong they are."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss

from lrtui.core.inside.looking import look
from lrtui.core.inside.record import Asked, Table
from tests.core.inside.cases import noisy, trained


@pytest.mark.parametrize("classes", [2, 3])
def test_the_most_wrong_come_first_with_their_loss(classes: int) -> None:
    model = trained(noisy(classes=classes))
    data, names = look(model, "rows", Asked(limit=1000)).data(), model.problem.class_names
    rows, y = data["rows"], model.problem.y_test
    losses = [one["loss"] for one in rows]
    assert losses == sorted(losses, reverse=True)
    assert len(rows) == data["test_rows"] == len(y)
    p = model.test_probabilities
    assert np.mean(losses) == pytest.approx(log_loss(y, p, labels=range(classes)))
    assert {one["row"] - 1 for one in rows} == set(model.problem.test_rows.tolist())
    for one in rows[:5]:
        row = one["row"] - 1
        assert one["class"] == names[noisy(classes=classes).y[row]]
        assert one["loss"] == pytest.approx(-np.log(one["probability"]))
        assert float(one["cells"]["x2"]) == pytest.approx(noisy(classes=classes).X[row, 1])
    assert data["wrong"] == sum(one["class"] != one["predicted"] for one in rows)


def test_few_of_many_are_the_first_of_all_and_the_order_of_the_file_is_another() -> None:
    model = trained(noisy())
    whole = look(model, "rows", Asked(limit=1000)).data()["rows"]
    assert look(model, "rows", Asked(limit=7)).data()["rows"] == whole[:7]
    filed = look(model, "rows", Asked(limit=7, wrong=False)).data()["rows"]
    assert [one["row"] for one in filed] == sorted(one["row"] for one in whole)[:7]
    part = look(model, "rows", Asked(limit=7)).seen.parts[0]
    assert isinstance(part, Table)
    assert [row[0] for row in part.rows] == [f"{one['row']}" for one in whole[:7]]
    assert part.rows[0][2].endswith(" x")
