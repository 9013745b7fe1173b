"""Metrics against scikit-learn and NumPy, ties, saturation and NaN included."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, confusion_matrix, roc_auc_score

from lrtui.core.training.binary_metrics import histograms
from lrtui.core.training.design import Part
from lrtui.core.training.losses import default_loss, find_loss
from lrtui.core.training.measurement import Measurement
from lrtui.core.training.metrics import measure
from lrtui.core.training.roc import roc_auc
from lrtui.core.training.scoring import WeightsAt

SCORES = st.lists(
    st.tuples(st.one_of(st.floats(-50, 50), st.sampled_from([0.0, 1.0, 40.0])), st.booleans()),
    min_size=2,
    max_size=60,
)


def of_scores(pairs: list[tuple[float, bool]], threshold: float = 0.5) -> Measurement:
    """A measurement of a model of one feature whose logits are these scores."""
    X = torch.tensor([[s, 1.0] for s, _ in pairs], dtype=torch.float64)
    y = torch.tensor([float(label) for _, label in pairs], dtype=torch.float64)
    part = Part(X, y, None)
    mark = WeightsAt(1, torch.tensor([1.0, 0.0], dtype=torch.float64), threshold)
    return measure(default_loss(2), [mark], part, part)[0]


@settings(max_examples=15)
@given(SCORES)
def test_the_auc_is_scikit_learns(pairs: list[tuple[float, bool]]) -> None:
    labels = [label for _, label in pairs]
    assume(len(set(labels)) == 2)
    scores = torch.tensor([s for s, _ in pairs]).double()
    found = roc_auc(torch.stack([-scores, scores]), torch.tensor(labels).double())[1]
    assert found == pytest.approx(roc_auc_score(labels, np.float32([s for s, _ in pairs])), abs=1e-12)


@settings(max_examples=15)
@given(SCORES, st.floats(0, 1))
def test_confusion_and_balanced_accuracy_are_scikit_learns(
    pairs: list[tuple[float, bool]], threshold: float
) -> None:
    labels = np.array([label for _, label in pairs])
    assume(len(set(labels.tolist())) == 2)
    p = torch.sigmoid(torch.tensor([s for s, _ in pairs], dtype=torch.float64)).numpy()
    predicted = p >= threshold
    found = of_scores(pairs, threshold)
    assert found.confusion == tuple(confusion_matrix(labels, predicted, labels=[False, True]).ravel())
    assert found.test_balanced_accuracy == pytest.approx(balanced_accuracy_score(labels, predicted))
    assert found.majority_share == pytest.approx(max(predicted.mean(), 1 - predicted.mean()))


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_the_histogram_counts_every_row_once_in_its_class(pairs: list[tuple[float, bool]]) -> None:
    p = torch.tensor([p for p, _ in pairs], dtype=torch.float64)
    y = torch.tensor([float(label) for _, label in pairs])
    for label, counts in enumerate(histograms(torch.stack([1 - p, p]), y)[1]):
        rows = p[y == label].numpy()
        assert sum(counts) == len(rows)
        expected = np.bincount(np.minimum((rows * 40).astype(int), 39), minlength=40)
        assert list(counts) == expected.tolist()


def test_a_model_that_is_not_a_number_is_measured_without_a_fuss() -> None:
    found = of_scores([(math.nan, True), (math.nan, False)])
    assert found.test_auc is None
    assert (found.majority_label, found.majority_share) == (0, 1)
    assert sum(map(sum, found.histogram)) == 0
    assert math.isnan(found.test_loss)


def test_one_class_in_the_test_part_leaves_no_auc() -> None:
    assert of_scores([(1.0, True), (2.0, True)]).test_auc is None


def test_the_base_accuracy_is_that_of_always_answering_the_training_parts_commoner_class() -> None:
    train = Part(torch.zeros(5, 2), torch.tensor([1.0, 1, 1, 0, 0]), None)
    test = Part(torch.zeros(4, 2), torch.tensor([1.0, 0, 0, 0]), None)
    found = measure(default_loss(2), [WeightsAt(0, torch.zeros(2), 0.5)], train, test)[0]
    assert found.base_accuracy == 0.25


@pytest.mark.parametrize("loss", ["bce-logits", "bce"])
def test_one_by_one_or_together_measuring_gives_the_same_numbers(loss: str) -> None:
    random = torch.Generator().manual_seed(3)
    X = torch.cat([torch.randn(37, 4, generator=random), torch.ones(37, 1)], 1)
    part = Part(X, (torch.rand(37, generator=random) > 0.4).float(), torch.rand(37, generator=random))
    marks = [WeightsAt(k, 3 * torch.randn(5, generator=random), 0.1 * k) for k in range(10)]
    found = find_loss(loss, 2)
    assert measure(found, marks, part, part) == [measure(found, [m], part, part)[0] for m in marks]


def test_a_measurement_survives_json_with_numbers_that_are_not_finite() -> None:
    found = of_scores([(math.inf, False), (1.0, True)])
    again = Measurement.from_json(json.loads(json.dumps(found.to_json(), allow_nan=False)))
    assert again == found
    assert again.test_loss == math.inf
