"""Metrics of more than two classes against scikit-learn; smoothness against the true Hessian."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import softmax
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    confusion_matrix,
    log_loss,
    roc_auc_score,
)

from lrtui.core.config import Config, changed
from lrtui.core.training.design import Part
from lrtui.core.training.losses import default_loss
from lrtui.core.training.measurement import Measurement
from lrtui.core.training.metrics import measure
from lrtui.core.training.scoring import WeightsAt
from lrtui.core.training.smoothness import smoothness
from lrtui.core.training.trainer import Trainer
from tests.core.training.problems import classes, weigh


def part(n: int, k: int, seed: int, *, weighted: bool = False) -> Part:
    random = torch.Generator().manual_seed(seed)
    X = torch.cat([torch.randn(n, 3, generator=random), torch.ones(n, 1)], 1).double()
    y = torch.randint(0, k, (n,), generator=random)
    weight = torch.rand(n, generator=random).double() + 0.1 if weighted else None
    return Part(X, y, weight, classes=k)


def measured_at(epoch: int, theta: torch.Tensor, train: Part, test: Part) -> Measurement:
    return measure(default_loss(len(theta)), [WeightsAt(epoch, theta, 0.5)], train, test)[0]


@pytest.mark.parametrize("weighted", [False, True])
@settings(max_examples=12)
@given(
    seed=st.integers(0, 1000), k=st.integers(3, 12), n=st.integers(12, 80), size=st.sampled_from([0.1, 1.0])
)
def test_every_number_is_scikit_learns(weighted: bool, seed: int, k: int, n: int, size: float) -> None:
    train, test = part(40, k, seed, weighted=weighted), part(n, k, seed + 1, weighted=weighted)
    y = test.y.numpy()
    assume(len(set(y.tolist())) == k)
    theta = size * torch.randn(k, 4, generator=torch.Generator().manual_seed(seed + 2)).double()
    found = measured_at(7, theta, train, test)
    p = softmax((test.X @ theta.t()).numpy(), axis=1)
    said = p.argmax(1)
    labels = list(range(k))
    assert found.epoch == 7
    assert found.table == tuple(map(tuple, confusion_matrix(y, said, labels=labels).tolist()))
    assert found.test_accuracy == pytest.approx(accuracy_score(y, said))
    assert found.test_balanced_accuracy == pytest.approx(balanced_accuracy_score(y, said))
    assert found.test_auc == pytest.approx(roc_auc_score(y, p, multi_class="ovr", labels=labels), abs=1e-9)
    weight = test.weight
    mean = log_loss(y, p, labels=labels, sample_weight=None if weight is None else weight.numpy())
    scale = (
        1.0 if weight is None else float(weight.mean())
    )  # scikit-learn divides by the sum of the weights
    assert found.test_loss == pytest.approx(mean * scale, rel=1e-9)
    counts = np.bincount(said, minlength=k)
    assert found.histogram == (tuple(counts.tolist()), tuple(np.bincount(y, minlength=k).tolist()))
    assert (found.majority_label, found.majority_share) == (counts.argmax(), counts.max() / n)
    commonest = np.bincount(train.y.numpy(), minlength=k).argmax()
    assert found.base_accuracy == pytest.approx((y == commonest).mean())
    assert found.classes == k


def test_the_gradient_norm_is_autograds() -> None:
    train = part(50, 4, 3, weighted=True)
    theta = torch.randn(4, 4, generator=torch.Generator().manual_seed(1)).double().requires_grad_()
    losses = torch.nn.functional.cross_entropy(train.X @ theta.t(), train.y, reduction="none")
    (losses * train.weight).mean().backward()
    found = measured_at(0, theta.detach(), train, train)
    assert found.gradient_norm == pytest.approx(float(theta.grad.norm()), rel=1e-12)
    assert found.weight_norm == pytest.approx(float(theta.detach()[:, :-1].norm()), rel=1e-12)


def test_classes_that_the_test_part_lacks_count_neither_for_recall_nor_for_the_auc() -> None:
    train = part(50, 4, 3)
    test = Part(train.X[train.y != 2], train.y[train.y != 2], None, classes=4)
    theta = torch.randn(4, 4, generator=torch.Generator().manual_seed(1)).double()
    found = measured_at(0, theta, train, test)
    y, z = test.y.numpy(), torch.log_softmax(test.X @ theta.t(), 1).numpy()
    aucs = [roc_auc_score(y == k, z[:, k]) for k in (0, 1, 3)]
    assert found.test_auc == pytest.approx(np.mean(aucs), abs=1e-12)
    recalls = [(z.argmax(1)[y == k] == k).mean() for k in (0, 1, 3)]
    assert found.test_balanced_accuracy == pytest.approx(np.mean(recalls))
    alone = Part(train.X[train.y == 1], train.y[train.y == 1], None, classes=4)
    assert measured_at(0, theta, train, alone).test_auc is None


def measured(table: list[list[int]], label: int) -> Measurement:
    """A measurement with this confusion table; the rest does not matter."""
    flat = [count for row in table for count in row]
    numbers = dict.fromkeys(
        ("train_loss", "test_loss", "train_accuracy", "test_accuracy", "base_accuracy", "test_auc",
         "test_balanced_accuracy", "gradient_norm", "weight_norm", "majority_share"), 0.0
    )  # fmt: skip
    return Measurement(epoch=1, majority_label=label, confusion=tuple(flat), histogram=((), ()), **numbers)


def test_one_label_is_nearly_every_row_though_there_are_many_of_other_classes() -> None:
    assert measured([[50, 0, 0], [30, 0, 0], [20, 0, 0]], 0).one_label
    assert measured([[50, 0, 0], [30, 1, 0], [17, 0, 3]], 0).one_label
    assert not measured([[50, 0, 0], [30, 0, 0], [15, 0, 5]], 0).one_label
    assert measured([[0, 0, 9], [0, 0, 9], [0, 0, 9]], 2).one_label
    assert not measured([[0, 0, 0], [0, 0, 0], [0, 0, 9]], 2).one_label  # it is all there is
    assert measured([[0, 0, 9], [0, 0, 9], [0, 0, 9]], 2).others == (0, 18)


def test_a_model_that_is_not_a_number_is_measured_without_a_fuss() -> None:
    found = measured_at(0, torch.full((4, 4), torch.nan).double(), part(9, 4, 0), part(9, 4, 1))
    assert found.test_auc is None
    assert math.isnan(found.test_loss)
    assert sum(found.confusion) == 9
    again = Measurement.from_json(json.loads(json.dumps(found.to_json(), allow_nan=False)))
    assert again.to_json() == found.to_json()


# --- smoothness ---


def hessian(data: object, theta: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """That of the mean cross entropy at Θ (K, p + 1), by its definition: ((p + 1)·K)²."""
    X = data.design_train  # type: ignore[attr-defined]
    p = softmax(X @ theta.T, axis=1)
    blocks = np.einsum("n,ni,ij->nij", weight, p, np.eye(len(theta))) - np.einsum(
        "n,ni,nj->nij", weight, p, p
    )
    found = np.einsum("nij,na,nb->iajb", blocks, X, X) / len(X)
    size = theta.size
    return found.reshape(size, size)


def by_power_iteration(matrix: np.ndarray) -> float:
    v = np.random.default_rng(0).normal(size=len(matrix))
    for _ in range(300):
        v = matrix @ v
        v /= np.linalg.norm(v)
    return float(v @ matrix @ v)


@pytest.mark.parametrize("class_weight", ["none", "balanced"])
@settings(max_examples=12)
@given(seed=st.integers(0, 500), k=st.integers(3, 6), size=st.sampled_from([0.0, 0.3, 2.0]))
def test_no_hessian_is_steeper_than_the_bound(class_weight: str, seed: int, k: int, size: float) -> None:
    data = weigh(classes(n=60, k=k, seed=seed), seed)
    found = smoothness(data, changed(Config(), class_weight=class_weight))
    weight = data.weights_train
    if class_weight == "balanced":
        counts = np.bincount(data.y_train, minlength=k)
        weight = weight * (len(data.y_train) / (k * counts))[data.y_train]
    theta = size * np.random.default_rng(seed).normal(size=(k, 4))
    steepest = by_power_iteration(hessian(data, theta, weight))
    assert steepest <= found.full * (1 + 1e-9)
    norms = weight * (data.design_train**2).sum(1)
    assert found.row == pytest.approx(norms.max() / 2)


def test_the_bound_is_reached_where_two_classes_share_all_rows() -> None:
    data = classes(n=60, k=3)
    theta = np.zeros((3, 4))
    theta[2, -1] = -50  # nothing is of the third class, and the others are as likely
    steepest = by_power_iteration(hessian(data, theta, np.ones(len(data.y_train))))
    assert steepest == pytest.approx(smoothness(data, Config()).full, rel=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_below_the_bound_full_batch_descent_never_rises(seed: int) -> None:
    data = classes(n=120, k=5, seed=seed, weighted=seed % 2 == 1)
    c = changed(Config(), batch_size=0, epochs=300)
    trainer = Trainer(data, changed(c, lr=0.99 * smoothness(data, c).stable_below()), dtype=torch.float64)
    losses = np.array(trainer.advance())
    assert (np.diff(losses) <= 1e-6).all()
