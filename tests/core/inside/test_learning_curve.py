"""What more training rows bring, against scikit-learn's fits to the same rows, and what is said of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

from lrtui.core.inside import learning
from lrtui.core.inside.learning import Fit, Gain, Learning, _order, learned
from lrtui.core.inside.looking import look
from lrtui.core.inside.record import Asked, Seen
from lrtui.core.inside.trained import Trained
from lrtui.datasets.progress import Cancelled
from tests.core.inside.cases import noisy, trained

VIEW = "learning-curve"


@pytest.mark.parametrize("classes", [2, 3])
def test_each_point_is_the_best_model_of_so_many_rows(classes: int) -> None:
    model = trained(noisy(400, classes))
    problem, ridge = model.problem, 1e-4
    found = list(learned(model))[-1]
    y = problem.y_train.astype(np.int64)
    for size, order in ((found.sizes[0], 1), (found.sizes[-1], 0)):
        rows = _order(y, order)[:size]
        scaler = StandardScaler().fit(problem.X_train[rows])
        fit = LogisticRegression(C=1 / (size * ridge), tol=1e-10, max_iter=5000)
        fit.fit(scaler.transform(problem.X_train[rows]), y[rows])
        p = fit.predict_proba(scaler.transform(problem.X_test))
        (mine,) = [one for one in found.fits if (one.rows, one.order) == (size, order)]
        assert mine.test_loss == pytest.approx(log_loss(problem.y_test, p, labels=range(classes)), abs=2e-4)


def test_first_rows_hold_each_class_in_its_share() -> None:
    y = (np.arange(1000) % 20 == 0).astype(np.int64)
    for seed in (0, 1):
        order = _order(y, seed)
        assert sorted(order) == list(range(1000))
        assert abs(int(y[order[:200]].sum()) - 10) <= 1
    assert (_order(y, 0) != _order(y, 1)).any()


def fits(half: float, twice: float, noise: float, rows: int = 100) -> Learning:
    lost = np.linspace(-noise, noise, rows)
    return Learning(
        (50, 100), 100, 100, 1e-4, [Fit(50, 0, 0.1, half + lost), Fit(100, 0, 0.1, twice - lost)]
    )


@pytest.mark.parametrize(
    ("curve", "helps", "flat"),
    [
        (fits(0.5, 0.45, 0.01), True, False),
        (fits(0.5, 0.499, 0.001), False, True),
        (fits(0.5, 0.45, 0.9), False, False),  # too much noise
        (fits(0.5, 0.497, 0.001), False, True),  # surely lower, by less than matters
        (fits(0.45, 0.5, 0.001), False, False),
    ],
)
def test_what_is_said_of_more_rows_is_what_was_measured(curve: Learning, helps: bool, flat: bool) -> None:
    gain = curve.gain
    assert gain is not None
    assert (gain.helps, gain.flat) == (helps, flat)
    expected = np.std(2 * np.linspace(-1, 1, 100), ddof=1) / 10
    assert fits(0.5, 0.5, 1.0).gain == Gain(50, 100, pytest.approx(0.0), pytest.approx(expected))  # type: ignore[arg-type]


def test_of_many_rows_that_hold_a_line_it_is_flat_and_says_so() -> None:
    found = look(trained(noisy(8000)), VIEW, Asked())
    assert "it is flat" in found.seen.lines[0]
    data = found.data()
    assert data["last_doubling"]["verdict"] == "flat"
    assert (data["last_doubling"]["from"], data["last_doubling"]["to"]) == (3200, 6400)
    assert [one["orders"] for one in data["sizes"]] == [5] * 7 + [1]


def test_the_curve_grows_before_the_eyes_and_ends_when_the_time_is_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model, told = trained(noisy()), list[Seen]()
    look(model, VIEW, Asked(), tell=told.append)
    assert [seen.progress for seen in told[:2]] == ["1 of 16 fits made.", "2 of 16 fits made."]
    assert told[0].parts
    assert told[0].done == 1 / 16
    monkeypatch.setattr(learning, "SECONDS", 0.0)
    found = look(trained(noisy()), VIEW, Asked())
    assert "too little time" in found.seen.lines[0] or found.data()["fits_left_out"]


def test_what_was_found_is_not_found_again_and_a_stop_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = trained(noisy())
    counted: list[Any] = []

    def go_on() -> bool:
        counted.append(1)
        return len(counted) < 5

    model.go_on = go_on
    with pytest.raises(Cancelled):
        list(learned(model))
    (known,) = model.kept.values()
    assert isinstance(known, Learning)
    before = len(known.fits)
    assert before > 0
    again = Trained(model.problem, model.config, model.theta, 1, noisy, kept=model.kept)
    assert next(iter(learned(again))).fits[:before] == known.fits[:before]
    assert len(list(learned(again))[-1].fits) == 16
