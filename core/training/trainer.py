"""The trainer: a thing that can be advanced, changed, put down and taken up again."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any, Self

import torch
from torch import Tensor
from torch.nn import functional

from lrtui.core.config import Config, changed, live_fields
from lrtui.core.errors import ConfigError
from lrtui.core.store.records import Change
from lrtui.core.training.device import choose_device
from lrtui.core.training.gradient import (
    class_weights,
    loss_of,
    residual,
    row_weights,
    write_gradient,
)
from lrtui.core.training.measurement import Measurement
from lrtui.core.training.metrics import Part, measure
from lrtui.core.training.model import build_model
from lrtui.core.training.optimizers import apply_live, build_optimizer
from lrtui.core.training.schedule import next_snapshot
from lrtui.core.training.state import pack_state, unpack_state
from lrtui.datasets.dataset import Problem

CLOCK_SECONDS = 0.002  # epochs between two looks at the clock take about so long


@dataclass(frozen=True)
class Snapshot:
    """What was measured at an epoch, with the weights in the order of the features."""

    measurement: Measurement
    weights: tuple[float, ...]
    bias: float


@dataclass(frozen=True)
class Progress:
    """What happened in one ``advance``: the training loss of each epoch after ``first_epoch − 1``."""

    first_epoch: int
    losses: array[float]
    snapshots: list[Snapshot]
    epoch: int
    finished: bool
    diverged_at: int | None


class Trainer:
    """Trains one config on one problem. Knows no store, no screen, and no clock but its budget.

    How time is sliced never changes the result: the same problem, config, seed and changes at the same
    epochs give bit-identical weights.

    Attributes:
        config: the config as it stands, changes included.
        epoch: epochs done. diverged_at: the first epoch whose training loss was not finite.
        seconds: time spent training. changes: every change, with the epoch after which it took effect.
    """

    def __init__(self, problem: Problem, config: Config, *, dtype: torch.dtype = torch.float32) -> None:
        self.config = config
        self.epoch = 0
        self.diverged_at: int | None = None
        self.seconds = 0.0
        self.changes: list[Change] = []
        self.device = choose_device(config.device, *problem.X_train.shape)
        y = torch.tensor(problem.y_train, dtype=dtype, device=self.device)
        weights = class_weights(config, y)
        self.train = self._part(problem.X_train, problem.y_train, weights, dtype)
        self.test = self._part(problem.X_test, problem.y_test, weights, dtype)
        rate = float(problem.y_train.mean())
        self.model = build_model(config, problem.X_train.shape[1], rate, dtype).to(self.device)
        self._weight, self._bias = self.model.linear.weight, self.model.linear.bias
        self._weight.grad = torch.zeros_like(self._weight)
        self._bias.grad = torch.zeros_like(self._bias)
        self._optimizer = build_optimizer(config, [self._weight, self._bias])
        self._generator = torch.Generator().manual_seed(config.seed)
        self._pending = [self.snapshot()]
        self._due = next_snapshot(0)
        self._stride = 1

    def _part(self, X: Any, y: Any, weights: tuple[float, float] | None, dtype: torch.dtype) -> Part:
        labels = torch.tensor(y, dtype=dtype, device=self.device)
        rows = torch.tensor(X, dtype=dtype, device=self.device)
        return Part(rows, labels, row_weights(weights, labels))

    @property
    def finished(self) -> bool:
        """All epochs are done, or the run diverged and its config says to stop there."""
        diverged = self.diverged_at is not None and self.config.stop_on_divergence
        return self.epoch >= self.config.epochs or diverged

    @torch.no_grad()
    def advance(self, *, epochs: int | None = None, seconds: float | None = None) -> Progress:
        """Go on by so many epochs or for so long, whichever is over first; at least one epoch."""
        started = time.perf_counter()
        until = self.config.epochs if epochs is None else min(self.config.epochs, self.epoch + epochs)
        first, losses = self.epoch + 1, array("f")
        stretch = _Stretch(started, seconds, self._stride)
        while self.epoch < until and not self.finished:
            loss = self._epoch()
            self.epoch += 1
            losses.append(loss)
            if not isfinite(loss) and self.diverged_at is None:
                self.diverged_at = self.epoch
            if self.epoch == self._due or self.epoch == self.config.epochs:
                self._pending.append(self.snapshot())
                self._due = next_snapshot(self.epoch)
            if stretch.over():
                break
        self._stride = stretch.stride
        snapshots, self._pending = self._pending, []
        self.seconds += time.perf_counter() - started
        return Progress(first, losses, snapshots, self.epoch, self.finished, self.diverged_at)

    def change(self, **values: Any) -> None:
        """Change live hyperparameters from the next epoch on.

        Raises:
            ConfigError: a field is not live, or a value is out of its limits.
        """
        for name in values.keys() - live_fields():
            raise ConfigError(f"{name} cannot change in a run that goes on.", "Start a new run with it.")
        if "epochs" in values:
            values["epochs"] = max(int(values["epochs"]), self.epoch, 1)
        config = changed(self.config, **values)
        for name in values:
            old, new = getattr(self.config, name), getattr(config, name)
            if old != new:
                self.changes.append(Change(self.epoch, name, old, new))
        self.config = config
        apply_live(self._optimizer, config)

    def measure(self) -> Measurement:
        """The present state, measured; disturbs nothing."""
        with torch.no_grad():
            return measure(
                self.epoch,
                self.config.loss,
                self.config.threshold,
                self._weight,
                self._bias,
                self.train,
                self.test,
            )

    def snapshot(self) -> Snapshot:
        """The present state, measured, with the weights."""
        weights = self._weight.detach().flatten().tolist()
        return Snapshot(self.measure(), tuple(weights), self._bias.item())

    # --- one epoch ---

    def _epoch(self) -> float:
        """One pass over the training rows; its loss as the epoch passed, the mean over its rows."""
        X, y, weight = self.train.X, self.train.y, self.train.weight
        n, size = y.numel(), self.config.batch_size
        if size == 0 or size >= n:
            return self._step(X, y, weight)
        if self.config.shuffle:
            order = torch.randperm(n, generator=self._generator).to(self.device)
            X, y = X[order], y[order]
            weight = None if weight is None else weight[order]
        total = 0.0
        for start in range(0, n, size):
            rows = slice(start, start + size)
            loss = self._step(X[rows], y[rows], None if weight is None else weight[rows])
            total += loss * y[rows].numel()
        return total / n

    def _step(self, X: Tensor, y: Tensor, weight: Tensor | None) -> float:
        """One update from some rows; returns their loss before it."""
        config = self.config
        if config.optimizer == "lbfgs":
            closure = self._closure(X, y, weight)
            loss = closure()
            if isfinite(loss):
                self._optimizer.step(closure)
            return loss
        loss = self._backward(X, y, weight)
        if config.optimizer == "sgd":
            # What torch.optim.SGD does without momentum, less its overhead.
            for parameter in (self._weight, self._bias):
                gradient = parameter.grad
                if gradient is not None:
                    if config.weight_decay:
                        gradient.add_(parameter, alpha=config.weight_decay)
                    parameter.add_(gradient, alpha=-config.lr)
        else:
            self._optimizer.step()
        return loss

    def _backward(self, X: Tensor, y: Tensor, weight: Tensor | None) -> float:
        """Write the gradient of the mean loss of some rows into ``.grad``; returns the loss."""
        z = functional.linear(X, self._weight, self._bias).squeeze(-1)
        loss = float(loss_of(self.config.loss, z, y, weight))
        r = residual(self.config.loss, z, y, weight)
        gradient, bias_gradient = self._weight.grad, self._bias.grad
        if gradient is not None and bias_gradient is not None:
            write_gradient(X, r, gradient, bias_gradient)
        return loss

    def _closure(self, X: Tensor, y: Tensor, weight: Tensor | None) -> Callable[[], float]:
        @torch.no_grad()  # LBFGS turns gradients on around it
        def closure() -> float:
            loss = self._backward(X, y, weight)
            decay = self.config.weight_decay
            for parameter in (self._weight, self._bias):
                if decay and parameter.grad is not None:
                    parameter.grad.add_(parameter, alpha=decay)
                    loss += decay / 2 * float(parameter.square().sum())
            return loss

        return closure

    # --- putting down and taking up ---

    def state(self) -> bytes:
        """Everything that is needed to go on later, bit by bit as if nothing had been between."""
        return pack_state(
            {
                "config": self.config.model_dump_json(),
                "epoch": self.epoch,
                "diverged_at": self.diverged_at,
                "seconds": self.seconds,
                "changes": [(c.epoch, c.field, c.old, c.new) for c in self.changes],
                "model": self.model.state_dict(),
                "optimizer": self._optimizer.state_dict(),
                "generator": self._generator.get_state(),
            }
        )

    @classmethod
    def resume(
        cls, problem: Problem, config: Config, state: bytes, *, dtype: torch.dtype = torch.float32
    ) -> Self:
        """The trainer that ``state`` was taken from; ``config`` is the one that the run began with.

        Raises:
            EngineError: the state is broken, or belongs to another problem.
        """
        trainer = cls(problem, config, dtype=dtype)
        with unpack_state(state) as found:
            trainer.config = Config.model_validate_json(found["config"])
            trainer.epoch = found["epoch"]
            trainer.diverged_at = found["diverged_at"]
            trainer.seconds = found["seconds"]
            trainer.changes = [Change(*change) for change in found["changes"]]
            trainer.model.load_state_dict(found["model"])
            trainer._optimizer.load_state_dict(found["optimizer"])
            trainer._generator.set_state(found["generator"])
        trainer._pending = []
        trainer._due = next_snapshot(trainer.epoch)
        return trainer


class _Stretch:
    """The time budget of one ``advance``; looks at the clock seldom where epochs are short."""

    def __init__(self, started: float, seconds: float | None, stride: int) -> None:
        self._until = None if seconds is None else started + seconds
        self._looked_at = started
        self._left = self.stride = stride

    def over(self) -> bool:
        """Called after every epoch."""
        self._left -= 1
        if self._until is None or self._left > 0:
            return False
        now = time.perf_counter()
        spent = now - self._looked_at
        # The next stretch is as long as CLOCK_SECONDS allows, and grows at most twofold.
        fitting = int(self.stride * CLOCK_SECONDS / max(spent, 1e-9))
        self.stride = max(1, min(2 * self.stride, fitting))
        self._looked_at, self._left = now, self.stride
        return now >= self._until
