"""Counts against scikit-learn's."""

from __future__ import annotations

import pytest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from lrtui.core.inside.looking import look
from lrtui.core.inside.record import Asked
from tests.core.inside.cases import noisy, trained


@pytest.mark.parametrize(("classes", "threshold"), [(2, 0.3), (2, "base-rate"), (3, None)])
def test_counts_and_scores_are_those_of_the_predictions(classes: int, threshold: float | None) -> None:
    model = trained(noisy(classes=classes))
    y, p = model.problem.y_test, model.test_probabilities
    at = model.problem.y_train.mean() if threshold == "base-rate" else threshold
    predicted = p >= at if classes == 2 else p.argmax(axis=1)
    data = look(model, "confusion", Asked(threshold=threshold)).data()  # type: ignore[arg-type]
    assert data["counts"] == confusion_matrix(y, predicted).tolist()
    assert data["threshold"] == (at if classes == 2 else None)
    scores = precision_recall_fscore_support(y, predicted)
    for number, name in enumerate(("precision", "recall", "f1")):
        assert [one[name] for one in data["by_class"]] == pytest.approx(scores[number])
