"""Settings that are to blame: by the doctor where the model is linear, else by what was measured."""

from __future__ import annotations

import sys
from math import log

import numpy as np
import pytest

from lrtui.core.doctor.diagnosis import Health
from lrtui.core.errors import ConfigError
from lrtui.core.watch.doctor import diagnose_script
from lrtui.core.watch.learned import base_loss, learned
from lrtui.core.watch.linear import ask_doctor, config_of, weighed
from lrtui.core.watch.refusals import check_seen
from lrtui.core.watch.watching import Start
from tests.core.watch.conftest import Observe
from tests.core.watch.scripts import ANSWER, HEAD, HEALTHY, LOSS, MODEL, SGD, changed

MSE = "loss_fn = nn.MSELoss()\n"
LINEAR = changed(
    (MODEL, "model = nn.Linear(3, 1)\n"),
    ("torch.randn(40, 3)", "torch.randn(400, 3)"),
    ("range(12)", "range(60)"),
)


def test_a_logistic_regression_is_brought_over_and_the_doctor_says_why(observe: Observe) -> None:
    spare = "spare = torch.optim.Adam(model.parameters(), lr=5.0)  # which takes no step\n"
    text = changed((SGD, spare + SGD), ("lr=0.1", "lr=1e-6"), text=LINEAR)
    seen = observe(text)
    data = learned(seen)
    assert data is not None
    assert (data.X.shape, data.y.shape, data.whole) == ((400, 3), (400,), True)
    config = config_of(seen, data)
    assert config is not None
    assert (config.lr, config.epochs, config.batch_size, config.scaling) == (1e-6, 60, 0, "none")
    found = diagnose_script(Start(sys.executable, ["train.py"]), seen, rerun=False)
    assert (found.cause, found.status) == ("lr-too-low", Health.SICK)
    assert found.findings[0].finding.facts["lr"] > 1e-3
    assert found.findings[0].where is not None
    assert "SGD" in text.splitlines()[found.findings[0].where.line - 1]


def test_on_classes_that_a_line_parts_a_loss_that_still_falls_is_no_fault(observe: Observe) -> None:
    seen = observe(changed(("lr=0.1", "lr=0.3"), text=LINEAR))
    data = learned(seen)
    assert data is not None
    answer = ask_doctor(seen, data, lambda: True)
    assert answer is not None
    told, _ = answer  # the doctor of runs says what more can be had, and what by
    assert (told.status, told.cause) == (Health.IMPROVABLE, "too-few-epochs")
    assert told.before.test_loss is not None
    assert told.after is not None
    assert told.after.test_loss is not None
    assert told.before.test_loss > told.after.test_loss + 0.15
    found = diagnose_script(Start(sys.executable, ["train.py"]), seen, rerun=False)
    assert (found.status, found.findings) == (Health.HEALTHY, ())


@pytest.mark.parametrize(
    ("loss", "weighs"),
    [
        ("nn.BCEWithLogitsLoss(pos_weight=torch.tensor(5.0))", True),
        ("nn.BCEWithLogitsLoss(weight=torch.full((400,), 2.0))", True),
        ("nn.BCEWithLogitsLoss()", False),
    ],
)
def test_of_a_loss_that_weighs_rows_labels_alone_are_judged(
    loss: str, weighs: bool, observe: Observe
) -> None:
    rare = ("X[:, 0] + X[:, 1] > 0", "X[:, 0] + X[:, 1] + torch.randn(400) > 2")
    seen = observe(changed(rare, ("nn.BCEWithLogitsLoss()", loss), text=LINEAR))
    assert weighed(seen) is weighs
    if "pos_weight" in loss:
        found = diagnose_script(Start(sys.executable, ["train.py"]), seen, rerun=False)
        assert (found.status, found.findings) == (Health.HEALTHY, ())


def test_the_base_loss_is_the_entropy_of_the_classes() -> None:
    assert base_loss(np.array([0.0, 1.0, 1.0, 1.0])) == pytest.approx(-0.25 * log(0.25) - 0.75 * log(0.75))


@pytest.mark.parametrize("moves", ["w -= ", "w = w - "])
def test_of_gradients_by_formula_nothing_is_claimed(moves: str, observe: Observe) -> None:
    loop = f"for epoch in range(20):\n    {moves}0.5 * X.T @ (torch.sigmoid(X @ w) - y) / len(y)\n"
    text = f"{HEAD}w = torch.zeros(3)\n{loop}"
    seen = observe(text)
    check_seen("train.py", seen, None)
    found = diagnose_script(Start(sys.executable, ["train.py"]), seen, rerun=False)
    assert (found.status, found.findings) == (Health.CANNOT_TELL, ())
    assert "without backward()" in found.verdict
    scored = f"{HEAD}total = 0.0\nfor row in X:\n    total = total + row.sum()\n"  # which trains nothing
    with pytest.raises(ConfigError, match="trains nothing"):
        check_seen("train.py", observe(scored), None)


def test_a_model_that_is_well_is_called_healthy(observe: Observe) -> None:
    found = diagnose_script(
        Start(sys.executable, ["train.py"]),
        observe(HEALTHY.replace("range(12)", "range(200)")),
        rerun=False,
    )
    assert (found.status, found.findings) == (Health.HEALTHY, ())


def test_a_regression_is_let_be_and_that_is_said(observe: Observe) -> None:
    seen = observe(
        changed(("(X[:, 0] + X[:, 1] > 0).float()", "X[:, 0] + X[:, 1]"), (LOSS, MSE), (ANSWER, ""))
    )
    found = diagnose_script(Start(sys.executable, ["train.py"]), seen, rerun=False)
    assert found.findings == ()
    assert any("numbers and no classes" in note for note in found.notes)
