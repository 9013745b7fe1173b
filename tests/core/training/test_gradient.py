"""The closed form against autograd, in float64 and float32, saturated rows included."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from lrtui.core.config import Config, changed
from lrtui.core.training.losses import find_loss, mean_loss, residuals, row_weights
from lrtui.core.training.weighting import weights_by_class
from tests.core.training.problems import noisy

LOSSES = ["bce-logits", "bce"]


def by_autograd(
    loss: str, z: torch.Tensor, y: torch.Tensor, weight: torch.Tensor | None
) -> tuple[torch.Tensor, torch.Tensor]:
    """The loss and its gradient by the logits."""
    z = z.clone().requires_grad_()
    if loss == "bce":
        value = functional.binary_cross_entropy(torch.sigmoid(z), y, weight)
    else:
        value = functional.binary_cross_entropy_with_logits(z, y, weight)
    value.backward()
    assert z.grad is not None
    return value.detach(), z.grad


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("weighted", [False, True])
@settings(max_examples=15)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(1, 40),
    p=st.integers(1, 6),
    size=st.sampled_from([0.01, 1.0, 30.0, 1000.0]),
)
def test_loss_and_gradient_are_autograds(
    loss: str, dtype: torch.dtype, weighted: bool, seed: int, n: int, p: int, size: float
) -> None:
    random = torch.Generator().manual_seed(seed)
    X = torch.randn(n, p, generator=random, dtype=dtype) * size
    y = torch.randint(0, 2, (n,), generator=random).to(dtype)
    w = torch.randn(1, p, generator=random, dtype=dtype)
    b = torch.randn(1, generator=random, dtype=dtype)
    weight = torch.rand(n, generator=random, dtype=dtype) + 0.1 if weighted else None
    tolerance = 1e-12 if dtype is torch.float64 else 1e-6

    z = functional.linear(X, w, b).squeeze(-1)
    value, oracle = by_autograd(loss, z, y, weight)
    found = find_loss(loss, 2)
    r = residuals(found, z, y, weight) / n
    torch.testing.assert_close(mean_loss(found, z, y, weight), value, rtol=tolerance, atol=tolerance)
    torch.testing.assert_close(r, oracle, rtol=tolerance, atol=tolerance)

    w.requires_grad_()
    b.requires_grad_()
    functional.linear(X, w, b).squeeze(-1).backward(r)
    gradient = torch.cat([X, torch.ones(n, 1, dtype=dtype)], 1).t() @ r
    torch.testing.assert_close(gradient[:-1], w.grad[0], rtol=10 * tolerance, atol=tolerance * size)
    torch.testing.assert_close(gradient[-1:], b.grad, rtol=10 * tolerance, atol=tolerance)


def test_through_a_sigmoid_in_float32_wrong_rows_far_out_have_no_gradient_at_all() -> None:
    z = torch.tensor([20.0, 200.0])
    y = torch.zeros(2)
    assert residuals(find_loss("bce", 2), z, y, None).tolist() == [0.0, 0.0]
    assert residuals(find_loss("bce-logits", 2), z, y, None).tolist() == [1.0, 1.0]
    assert float(mean_loss(find_loss("bce", 2), z, y, None)) == 100.0


def test_balanced_weights_give_both_classes_the_same_total() -> None:
    data = noisy()
    y = torch.from_numpy(data.y_train).float()
    rows = row_weights(weights_by_class(data, changed(Config(), class_weight="balanced")), y)
    assert rows is not None
    assert float(rows[y == 1].sum()) == pytest.approx(float(rows[y == 0].sum()))
    assert float(rows.sum()) == pytest.approx(len(y))
    assert weights_by_class(data, Config()) is None
