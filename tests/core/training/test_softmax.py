"""More than two classes: softmax regression against autograd, torch.optim and scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from torch.nn import functional

from lrtui.core.config import Config, changed
from lrtui.core.errors import ConfigError, EngineError
from lrtui.core.training.batch import BatchTrainer
from lrtui.core.training.categorical import Categorical
from lrtui.core.training.losses import default_loss, mean_loss, residuals, summed_gradient
from lrtui.core.training.model import build_model, class_shares, first_weights
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.preparing.problem import Problem
from tests.core.training.problems import classes, noisy, tolerances, weigh

OPTIMIZERS = ["sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop", "lbfgs"]


def config(**values: Any) -> Config:
    return changed(Config(), **values)


def weights(trainer: Trainer) -> np.ndarray:
    """Θ (K, p + 1), bias last, or (p + 1,) of two classes."""
    linear = trainer.model.linear
    found = torch.cat([linear.weight, linear.bias.unsqueeze(1)], 1).detach().numpy()
    return found[0] if len(found) == 1 else found


# --- the formula ---


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("weighted", [False, True])
@settings(max_examples=15)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(1, 40),
    p=st.integers(1, 6),
    k=st.integers(3, 100),
    size=st.sampled_from([0.01, 1.0, 30.0, 1000.0]),
)
def test_loss_and_gradient_are_autograds(
    dtype: torch.dtype, weighted: bool, seed: int, n: int, p: int, k: int, size: float
) -> None:
    random = torch.Generator().manual_seed(seed)
    X = torch.cat(
        [torch.randn(n, p, generator=random, dtype=dtype) * size, torch.ones(n, 1, dtype=dtype)], 1
    )
    y = torch.randint(0, k, (n,), generator=random)
    theta = torch.randn(k, p + 1, generator=random, dtype=dtype).requires_grad_()
    weight = torch.rand(n, generator=random, dtype=dtype) + 0.1 if weighted else None
    logits = X @ theta.t()
    losses = functional.cross_entropy(logits, y, reduction="none")
    value = (losses if weight is None else losses * weight).mean()
    value.backward()

    # The same logits: of thousands, another order of adding up leaves a thousandth in float32.
    Y, z = default_loss(k).targets(y, X), logits.detach().t().contiguous()
    tolerance = 1e-12 if dtype is torch.float64 else 2e-6
    torch.testing.assert_close(
        mean_loss(default_loss(k), z, Y, weight), value.detach(), rtol=tolerance, atol=tolerance
    )
    found = summed_gradient(X, residuals(default_loss(k), z, Y, weight), z.new_empty(k, p + 1))
    torch.testing.assert_close(found / n, theta.grad, rtol=10 * tolerance, atol=10 * tolerance * size)


def test_two_classes_as_softmax_come_to_the_same_loss_as_logistic_regression() -> None:
    z = torch.linspace(-8, 8, 33, dtype=torch.float64)
    y = (torch.arange(33) % 3 == 0).long()
    both = torch.stack([torch.zeros_like(z), z])
    found = mean_loss(Categorical(2), both, Categorical(2).targets(y, z), None)
    torch.testing.assert_close(found, mean_loss(default_loss(2), z, y.double(), None))


def test_logits_beyond_what_an_exponential_holds_have_a_finite_loss() -> None:
    z = torch.tensor([[1e4], [-1e4], [0.0]])
    y = default_loss(3).targets(torch.tensor([1]), z)
    assert float(mean_loss(default_loss(3), z, y, None)) == pytest.approx(2e4)
    assert residuals(default_loss(3), z, y, None).flatten().tolist() == [1.0, -1.0, 0.0]


def test_a_sigmoid_has_no_place_among_more_than_two_classes() -> None:
    with pytest.raises(ConfigError, match=r"bce is for two classes, and this target has 4") as caught:
        Trainer(classes(), config(loss="bce"))
    assert caught.value.fix.startswith("Choose bce-logits")
    with pytest.raises(ConfigError):
        BatchTrainer(classes(), [config(loss="bce")] * 2)


# --- first weights ---


@pytest.mark.parametrize("init", ["torch", "xavier"])
def test_the_first_weights_are_those_that_torch_draws(init: str) -> None:
    torch.manual_seed(3)
    layer = torch.nn.Linear(5, 4)
    if init == "xavier":
        torch.nn.init.xavier_uniform_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
    found = first_weights(config(init=init, seed=3), 5, (0.25,) * 4)
    assert found.shape == (4, 6)
    np.testing.assert_array_equal(found[:, :-1], layer.weight.detach().numpy())
    np.testing.assert_array_equal(found[:, -1], layer.bias.detach().numpy())


def test_the_first_bias_can_be_the_logarithm_of_the_shares_or_one_number_for_all() -> None:
    data = classes()
    shares = np.bincount(data.y_train, minlength=4) / len(data.y_train)
    layer = build_model(
        config(init="zeros", init_bias="log-odds"), 3, class_shares(data), torch.float64
    ).linear
    p = torch.softmax(layer.bias.detach(), 0).numpy()
    np.testing.assert_allclose(p, shares, rtol=1e-12)
    same = build_model(config(init="zeros", init_bias=1.5), 3, class_shares(data), torch.float64).linear
    assert same.bias.tolist() == [1.5] * 4


# --- training ---


def plain_loop(data: Problem, c: Config, dtype: torch.dtype) -> tuple[np.ndarray, list[float]]:
    """The loop that people write: nn.Linear, CrossEntropyLoss, autograd, torch.optim."""
    X, y = torch.tensor(data.X_train, dtype=dtype), torch.tensor(data.y_train).long()
    n, k = len(y), data.classes
    torch.manual_seed(c.seed)
    layer = torch.nn.Linear(X.shape[1], k, dtype=dtype)
    shuffler = torch.Generator().manual_seed(c.seed)
    rows = torch.ones(n, dtype=torch.float64)
    if data.weights_train is not None:
        rows = torch.from_numpy(data.weights_train)
    if c.class_weight == "balanced":
        rows = rows * (n / (k * torch.bincount(y).double()))[y]
    rows = rows.to(dtype)
    decay = {"lr": c.lr, "weight_decay": c.weight_decay}
    make: dict[str, Any] = {
        "sgd": lambda q: torch.optim.SGD(q, **decay),
        "momentum": lambda q: torch.optim.SGD(q, momentum=c.momentum, **decay),
        "nesterov": lambda q: torch.optim.SGD(q, momentum=c.momentum, nesterov=True, **decay),
        "adam": lambda q: torch.optim.Adam(q, **decay),
        "adamw": lambda q: torch.optim.AdamW(q, **decay),
        "rmsprop": lambda q: torch.optim.RMSprop(q, **decay),
        "lbfgs": lambda q: torch.optim.LBFGS(q, lr=c.lr),
    }
    optimizer, losses = make[c.optimizer](layer.parameters()), []
    for _ in range(c.epochs):
        size = c.batch_size or n
        order = torch.randperm(n, generator=shuffler) if c.shuffle and size < n else torch.arange(n)
        total = 0.0
        for chosen in order.split(size):

            def objective(chosen: torch.Tensor = chosen) -> torch.Tensor:
                each = torch.nn.CrossEntropyLoss(reduction="none")(layer(X[chosen]), y[chosen])
                return (rows[chosen] * each).mean()

            def closure() -> torch.Tensor:
                optimizer.zero_grad()
                loss = objective()
                if c.optimizer == "lbfgs" and c.weight_decay:
                    loss = loss + c.weight_decay / 2 * sum(q.square().sum() for q in layer.parameters())
                loss.backward()
                return loss

            total += objective().item() * len(chosen)
            optimizer.step(closure)
        losses.append(total / n)
    return torch.cat([layer.weight, layer.bias.unsqueeze(1)], 1).detach().numpy(), losses


@pytest.mark.filterwarnings("ignore:Converting a tensor")  # torch's own LBFGS does so
@pytest.mark.parametrize("batch_size", [0, 32])
@pytest.mark.parametrize(
    ("optimizer", "large"),
    # In blocks an epoch either takes the step itself or leaves it to torch's optimizer.
    [*((o, False) for o in OPTIMIZERS), ("sgd", True), ("adam", True)],
)
def test_every_optimizer_takes_torchs_path(optimizer: str, batch_size: int, large: bool) -> None:
    for class_weight, decay, weighted in (("none", 0.0, False), ("balanced", 0.1, True)):
        data = classes(weighted=weighted)
        c = config(
            optimizer=optimizer, batch_size=batch_size, lr=0.05, epochs=2 if optimizer == "lbfgs" else 4,
            class_weight=class_weight, weight_decay=decay,
        )  # fmt: skip
        for dtype, tolerance in tolerances(c)[-1:] if decay else tolerances(c):
            trainer = Trainer(data, c, dtype=dtype, large=0 if large else 10**6)
            trained = trainer.advance()
            oracle, losses = plain_loop(data, c, dtype)
            np.testing.assert_allclose(weights(trainer), oracle, rtol=tolerance, atol=tolerance)
            if decay == 0:
                np.testing.assert_allclose(trained, losses, rtol=max(tolerance, 1e-5))


@pytest.mark.parametrize("weighted", [False, True])
def test_the_long_run_ends_at_scikit_learns_optimum(weighted: bool) -> None:
    data = classes(n=300, weighted=weighted)
    trainer = Trainer(data, config(init="zeros", batch_size=0, lr=1.0, epochs=8_000), dtype=torch.float64)
    trainer.advance()
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000)
    oracle.fit(data.X_train, data.y_train, sample_weight=data.weights_train)
    found = weights(trainer)  # adding one vector to all classes changes no probability
    np.testing.assert_allclose(
        found[:, :-1] - found[:, :-1].mean(0), oracle.coef_ - oracle.coef_.mean(0), atol=1e-3
    )
    assert trainer.measure().test_accuracy == oracle.score(data.X_test, data.y_test)


@pytest.mark.parametrize(("optimizer", "lr"), [("sgd", 0.5), ("adam", 0.02)])
def test_rows_of_two_classes_have_weights_too(optimizer: str, lr: float) -> None:
    data = weigh(noisy(n=200))
    trainer = Trainer(
        data, config(batch_size=0, lr=lr, epochs=3000, optimizer=optimizer), dtype=torch.float64
    )
    trainer.advance()
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000)
    oracle.fit(data.X_train, data.y_train, sample_weight=data.weights_train)
    np.testing.assert_allclose(weights(trainer), [*oracle.coef_[0], oracle.intercept_[0]], atol=1e-3)
    p = oracle.predict_proba(data.X_test)[np.arange(len(data.y_test)), data.y_test]
    assert trainer.measure().test_loss == pytest.approx(
        float((data.weights_test * -np.log(p)).mean()), abs=1e-4
    )


def test_a_row_that_weighs_three_times_as_much_is_as_good_as_three_of_it() -> None:
    data = noisy(n=80)
    weight = np.where(np.arange(len(data.y_train)) < 20, 3.0, 1.0)
    thrice = np.repeat(np.arange(len(weight)), weight.astype(int))
    copies = Problem(
        **{**vars(data), "design_train": data.design_train[thrice], "y_train": data.y_train[thrice]}
    )
    weighed = Problem(**{**vars(data), "weights_train": weight / weight.mean()})
    found = []
    for problem in (copies, weighed):
        trainer = Trainer(problem, config(batch_size=0, epochs=50), dtype=torch.float64)
        trainer.advance()
        found.append(weights(trainer))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-10)


# --- time and state ---

CHANGES = {5: {"lr": 0.3}, 11: {"batch_size": 5, "weight_decay": 0.01}, 17: {"momentum": 0.5}}


def run_in_slices(c: Config, slices: list[int], *, resume: bool = False) -> tuple[Trainer, list[float]]:
    data = classes(weighted=True)
    trainer, losses = Trainer(data, c), []
    stops = sorted({*CHANGES, c.epochs, *(sum(slices[:i]) for i in range(1, len(slices) + 1))})
    for stop in (stop for stop in stops if stop <= c.epochs):
        if stop > trainer.epoch:
            losses += trainer.advance(epochs=stop - trainer.epoch).tolist()
        if stop in CHANGES:
            trainer.change(**CHANGES[stop])
        if resume:
            trainer = Trainer.resume(data, c, trainer.state())
    return trainer, losses


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@settings(max_examples=2)
@given(slices=st.lists(st.integers(1, 9), min_size=2, max_size=6), batch_size=st.sampled_from([0, 8]))
def test_slicing_and_resuming_never_change_a_bit(
    optimizer: str, slices: list[int], batch_size: int
) -> None:
    assert_slices_end_as_the_whole(
        config(optimizer=optimizer, batch_size=batch_size, epochs=25, lr=0.05, shuffle=batch_size > 0),
        slices,
    )


def test_slicing_and_resuming_never_change_a_bit_of_lbfgs() -> None:
    c = config(optimizer="lbfgs", batch_size=0, epochs=6, lr=0.05)
    assert_slices_end_as_the_whole(c, [1, 3])


def assert_slices_end_as_the_whole(c: Config, slices: list[int]) -> None:
    whole, whole_losses = run_in_slices(c, [])
    for resume in (False, True):
        sliced, losses = run_in_slices(c, slices, resume=resume)
        assert weights(sliced).tolist() == weights(whole).tolist()
        assert losses == whole_losses
        assert sliced.measure() == whole.measure()


def test_a_state_of_other_classes_is_refused() -> None:
    for data in (noisy(), classes(k=5)):
        with pytest.raises(EngineError, match="Start the run anew"):
            Trainer.resume(classes(), Config(), Trainer(data, Config()).state())


def test_snapshots_keep_all_weights_row_after_row() -> None:
    trainer = Trainer(classes(), config(epochs=3))
    trainer.advance()
    snapshot = trainer.snapshots()[-1]
    assert np.reshape([*snapshot.weights, snapshot.bias], (4, 4)).tolist() == weights(trainer).tolist()
    assert trainer.theta == [*snapshot.weights, snapshot.bias]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [0, 16])
def test_divergence_ends_the_run_and_names_the_epoch(optimizer: str, batch_size: int) -> None:
    data = classes()
    data.X_train[:] *= 1e34
    trainer = Trainer(data, config(optimizer=optimizer, lr=1e6, epochs=50, batch_size=batch_size))
    trained = trainer.advance()
    assert trainer.epoch == trainer.diverged_at
    assert trainer.finished
    assert not np.isfinite(trained[-1])
    trainer.measure()
