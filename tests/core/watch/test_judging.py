"""What counts as better, and which of several findings is the cause: numbers in, an order out."""

from __future__ import annotations

from dataclasses import replace
from math import log

import pytest

from lrtui.core.doctor.diagnosis import Diagnosis, Health, Scores
from lrtui.core.watch.doctor import lags
from lrtui.core.watch.experiments import suspects
from lrtui.core.watch.finding import Finding as Suspect
from lrtui.core.watch.learned import learned
from lrtui.core.watch.observation import Observation
from lrtui.core.watch.proof import Tried, heals
from lrtui.core.watch.scores import Scores as Answers
from lrtui.core.watch.scores import scores
from tests.core.watch.conftest import Observe
from tests.core.watch.scripts import HEAD, LOOP, LOSS, MODEL, SGD, changed

TOLD = Diagnosis(Health.IMPROVABLE, "", False, "1", 0.5)
NOW = Answers(accuracy=0.85, balanced_accuracy=0.85, rows=200, classes=2, loss=0.004, test_loss=0.83)


@pytest.mark.parametrize(
    ("before", "right", "after", "base", "lacking"),
    [
        (0.20, 0.95, 0.01, log(2), False),  # separable: four fifths of what there is
        (0.45, 0.95, 0.01, log(2), True),  # a third of it
        (0.45, 0.99, 0.01, log(2), False),  # which does where nearly every label is right
        (0.60, 0.99, 0.01, log(2), True),  # as if it knew nothing
        (0.65, 0.70, 0.55, log(2), False),  # a tenth of a nat of hard classes
        (1.40, 0.88, 0.30, log(2), True),  # surer than it may be
        (0.30, 0.95, 0.02, log(10), False),  # of ten classes the same nats are less
    ],
)
def test_probabilities_are_measured_by_how_much_of_the_way_is_done(
    before: float, right: float, after: float, base: float, lacking: bool
) -> None:
    scored = Scores(test_loss=before, test_balanced_accuracy=right)
    told = replace(TOLD, before=scored, after=Scores(test_loss=after))
    assert lags(told, base) is lacking
    assert not lags(replace(told, after=None), base)


def test_the_loss_of_rows_held_back_counts_before_that_of_the_last_batch() -> None:
    found = Suspect("batch-too-small", {}, {"doctor": True})
    calm = replace(NOW, loss=0.3, test_loss=0.29)  # after a batch of one row that happened to be easy
    assert heals(found, NOW, calm, Observation(), 0.0)
    assert not heals(found, calm, NOW, Observation(), 0.0)
    unknown = replace(NOW, test_loss=None)
    assert not heals(found, unknown, replace(calm, test_loss=None), Observation(), 0.0)
    assert heals(found, replace(calm, test_loss=None), unknown, Observation(), 0.0)


def test_a_label_of_few_rows_is_no_harm_where_the_loss_falls_by_much() -> None:
    certain = Suspect("double-activation", {}, {})
    few = Answers(accuracy=1.0, balanced_accuracy=1.0, rows=44, classes=3, test_loss=0.60)
    after = replace(few, balanced_accuracy=0.974, test_loss=0.07)
    assert heals(certain, few, after, Observation(), 0.0)
    assert not heals(certain, few, replace(after, test_loss=0.59), Observation(), 0.0)
    assert not heals(certain, few, replace(after, balanced_accuracy=0.85), Observation(), 0.0)
    many = replace(few, rows=44_000)
    assert not heals(certain, many, replace(after, rows=44_000), Observation(), 0.0)


@pytest.mark.parametrize(("cause", "better"), [("overfitting", 0.48), ("lr-too-high", 0.69)])
def test_of_what_overfits_the_loss_decides_and_not_the_luck_of_labels(cause: str, better: float) -> None:
    def tried(right: float, test_loss: float) -> Tried:
        one = Tried(Suspect(cause, {}, {"suspect": True}), {}, None)
        one.__dict__["after"] = replace(NOW, balanced_accuracy=right, test_loss=test_loss)
        return one

    tries = [tried(0.80, 0.48), tried(0.89, 0.69)]
    best = max(tries, key=lambda one: one.worth(NOW))
    assert best.after is not None
    assert best.after.test_loss == better


def test_batches_of_one_row_are_seen_whole(observe: Observe) -> None:
    loader = "loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X, y), batch_size=1)\n"
    loop = LOOP.replace("for epoch in range(12):", "for x1, y1 in loader:")
    loop = loop.replace("model(X)", "model(x1)").replace("out, y)", "out, y1)")
    slices = LOOP.replace("for epoch in range(12):", "for i in range(40):")
    slices = slices.replace("model(X)", "model(X[i:i + 1])").replace("out, y)", "out, y[i:i + 1])")
    for text in (loader + loop, slices):
        data = learned(observe(HEAD + MODEL + LOSS + SGD + text))
        assert data is not None
        assert (data.X.shape, data.y.shape, data.batch, data.whole) == ((40, 3), (40,), 1, True)


def test_few_steps_are_tried_ten_times_and_as_often_as_training_usually_takes(observe: Observe) -> None:
    seen = observe(changed(("range(12)", "range(5)")))
    data = learned(seen)
    assert data is not None
    found = {one.cause: one for one in suspects(seen, data, scores(seen))}
    assert found["too-few-epochs"].facts["tries"] == [{"epochs": 50}, {"epochs": 2000}]
