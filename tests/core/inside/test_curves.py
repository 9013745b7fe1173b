"""ROC, precision–recall and calibration against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn import metrics
from sklearn.calibration import calibration_curve

from lrtui.core.inside.looking import look
from lrtui.core.inside.record import Asked, Curves
from lrtui.core.inside.trained import Trained
from tests.core.inside.cases import noisy, table, trained

CASES = [(2, None), (3, "c2")]


@pytest.fixture(scope="module")
def models() -> dict[int, Trained]:
    return {classes: trained(noisy(600, classes)) for classes in (2, 3)}


def against(model: Trained, class_: str | None) -> tuple[Any, Any]:
    number = 1 if class_ is None else model.problem.class_names.index(class_)
    p = model.test_probabilities
    return (model.problem.y_test == number).astype(int), p if class_ is None else p[:, number]


@pytest.mark.parametrize(("classes", "class_"), CASES)
def test_the_roc_curve_is_scikit_learns(
    models: dict[int, Trained], classes: int, class_: str | None
) -> None:
    y, p = against(models[classes], class_)
    data = look(models[classes], "roc", Asked(class_=class_)).data()
    false_rate, recall, thresholds = metrics.roc_curve(y, p, drop_intermediate=False)
    assert data["false_positive_rate"] == pytest.approx(false_rate)
    assert data["recall"] == pytest.approx(recall)
    assert data["thresholds"][1:] == pytest.approx(thresholds[1:])
    assert data["auc"] == pytest.approx(metrics.roc_auc_score(y, p))


@pytest.mark.parametrize(("classes", "class_"), CASES)
def test_precision_and_recall_are_scikit_learns(
    models: dict[int, Trained], classes: int, class_: str | None
) -> None:
    y, p = against(models[classes], class_)
    data = look(models[classes], "precision-recall", Asked(class_=class_)).data()
    precision, recall, thresholds = metrics.precision_recall_curve(y, p)
    assert data["precision"] == pytest.approx(precision[::-1])
    assert data["recall"] == pytest.approx(recall[::-1])
    assert data["thresholds"][1:] == pytest.approx(thresholds[::-1])
    assert data["average_precision"] == pytest.approx(metrics.average_precision_score(y, p))


@pytest.mark.parametrize("threshold", [0.2, 0.7])
def test_the_point_is_where_the_threshold_is(models: dict[int, Trained], threshold: float) -> None:
    y, p = against(models[2], None)
    said, asked = p >= threshold, Asked(threshold=threshold)
    for view, at in (
        ("roc", (said[y == 0].mean(), metrics.recall_score(y, said))),
        ("precision-recall", (metrics.recall_score(y, said), metrics.precision_score(y, said))),
    ):
        part = look(models[2], view, asked).seen.parts[0]
        assert isinstance(part, Curves)
        (mark,) = [one for one in part.series if one.mark]
        assert mark.name == f"threshold {threshold}"
        assert mark.points[0] == pytest.approx(at)


def test_of_many_classes_the_point_is_what_is_predicted(models: dict[int, Trained]) -> None:
    y, _ = against(models[3], "c1")
    said = models[3].test_probabilities.argmax(axis=1) == 1
    found = look(models[3], "roc", Asked(class_="c1"))
    assert found.data()["at_threshold"]["recall"] == pytest.approx(metrics.recall_score(y, said))
    assert found.seen.choices[0].at == 1


@pytest.mark.parametrize(("classes", "class_"), CASES)
def test_calibration_is_scikit_learns_with_exact_intervals_nearby(
    models: dict[int, Trained], classes: int, class_: str | None
) -> None:
    y, p = against(models[classes], class_)
    data = look(models[classes], "calibration", Asked(class_=class_)).data()
    true, predicted = calibration_curve(y, p, n_bins=10)
    assert [one["came_true"] for one in data["bins"]] == pytest.approx(true)
    assert [one["predicted"] for one in data["bins"]] == pytest.approx(predicted)
    assert data["brier"] == pytest.approx(np.mean((p - y) ** 2))
    sizes = np.array([one["rows"] for one in data["bins"]])
    assert sizes.sum() == len(y)
    assert data["calibration_error"] == pytest.approx((sizes * abs(true - predicted)).sum() / len(y))
    for one in data["bins"]:
        interval = binomtest(round(one["came_true"] * one["rows"]), one["rows"]).proportion_ci(
            method="wilson"
        )
        assert (one["least"], one["most"]) == pytest.approx((interval.low, interval.high), abs=1e-9)


@pytest.mark.parametrize("view", ["roc", "precision-recall"])
def test_a_class_without_test_rows_has_no_curve(view: str) -> None:
    all_ = noisy(classes=3)
    inside = (all_.y != 2) & (np.arange(300) % 3 == 0)
    found = look(trained(table(all_.X, all_.y, all_.class_names, in_test=inside)), view, Asked(class_="c2"))
    assert found.seen.lines == ("No test row is of the class c2.",)
    assert found.seen.parts == ()
    assert found.seen.choices


def test_a_curve_of_many_rows_is_thinned_for_the_screen_and_whole_in_json() -> None:
    model = trained(noisy(4_000))
    found = look(model, "roc", Asked())
    part = found.seen.parts[0]
    assert isinstance(part, Curves)
    assert max(len(one.points) for one in part.series) <= 400
    assert len(found.data()["recall"]) > 700


def test_rows_of_which_all_are_sure_are_ranked_by_their_logits() -> None:
    model = trained(noisy())
    sure = Trained(model.problem, model.config, model.theta * 1e4, 1, noisy)
    found, once = look(sure, "roc", Asked()).data(), look(model, "roc", Asked()).data()
    assert found["auc"] == pytest.approx(once["auc"])
    assert found["recall"] == pytest.approx(once["recall"])
