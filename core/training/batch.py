"""Many configs of one problem trained together: weights are a matrix, one product serves them all.

Full batch or mini-batch, every optimizer of first order. Each config takes the steps that it would take
alone, up to rounding. Of K > 2 classes each config has K rows of that matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lrtui.core.config import Config, changed, fields_that
from lrtui.core.training.arrays import raw
from lrtui.core.training.design import Part, parts, rows_of
from lrtui.core.training.device import choose_device, threads_for
from lrtui.core.training.epochs import EpochSpec, TimeBudget
from lrtui.core.training.losses import find_loss, mean_loss
from lrtui.core.training.measurement import threshold_of
from lrtui.core.training.model import build_model, class_shares
from lrtui.core.training.optimizers import build_optimizer, step_of
from lrtui.core.training.scoring import WeightsAt
from lrtui.core.training.small_batch import GATHERED
from lrtui.core.training.snapshotter import Snapshot, Snapshotter
from lrtui.datasets.preparing.problem import Problem

LOGITS = 1_000_000  # computed at a time, for all configs together
CHUNK = 64  # epochs between two looks for divergence

Room = tuple[Tensor, Tensor, Any, Tensor, Tensor, Any, Any]
Block = tuple[Tensor, Any, Tensor, Any, Any, Tensor, Tensor, Any, Tensor, Tensor, Any, Any]


def batch_key(config: Config, rows: int) -> str | None:
    """Configs with the same key can be trained together; ``None`` for one that must go alone."""
    if config.optimizer in ("lbfgs", "newton") or config.patience:  # each of these ends when it likes
        return None
    shuffled = config.shuffle and 0 < config.batch_size < rows
    free = set(fields_that(lambda knob: knob.batched))
    return config.model_dump_json(exclude=free - {"seed"} if shuffled else free)  # one order serves all


class BatchTrainer:
    """Trains configs with one ``batch_key`` on one problem.

    Attributes:
        epoch: epochs done. diverged: numbers of the configs whose loss or weights are not finite any more;
            what becomes of them is only told by training them alone.
    """

    def __init__(
        self,
        problem: Problem,
        configs: Sequence[Config],
        *,
        dtype: torch.dtype = torch.float32,
        logits: int = LOGITS,
        gathered: int = GATHERED,
    ) -> None:
        """With so many ``logits`` at a time, and up to ``gathered`` numbers of rows drawn at once."""
        self.configs = configs
        self._logits = logits
        self.epoch = 0
        self.diverged: set[int] = set()
        first = configs[0]
        self._config, self._loss = first, find_loss(first.loss, problem.classes)
        rows, columns = problem.X_train.shape
        self._outputs = self._loss.outputs
        together = rows if self._outputs == 1 else self._outputs * min(first.batch_size or rows, rows)
        self.threads = threads_for(together * len(configs), columns)
        device = choose_device(first.device, rows, columns)
        self._train, self._test = parts(problem, first, device, dtype)
        self._base_rate = problem.base_rate
        self._theta = _first_weights(configs, columns, class_shares(problem), dtype).to(device)
        self._gradient, self._direction = torch.zeros_like(self._theta), torch.zeros_like(self._theta)
        self._lr, self._decay = (
            self._theta.new_tensor([getattr(c, name) for c in configs for _ in range(self._outputs)])
            .unsqueeze(1)
            .repeat(1, columns + 1)
            for name in ("lr", "weight_decay")
        )
        self._decays = any(c.weight_decay for c in configs)
        # torch.optim's step of size 1 from zero is a direction; each config goes its own lr along it.
        optimizer = build_optimizer(changed(first, lr=1.0, weight_decay=0.0), [self._direction])
        self._take_step = None if optimizer is None else step_of(optimizer)
        self._rows = EpochSpec(
            self._train,
            self._theta[: self._outputs].view(*self._loss.shape, -1),
            self._loss,
            first.batch_size,
            first.shuffle,
            torch.Generator().manual_seed(first.seed),
        )
        self._library: Any = np if device.type == "cpu" else torch
        self._rates: dict[float, Any] = {}  # of the steps of each number of rows
        self._shuffled, self._residual = self._rows.shuffled, self._loss.residual(self._theta)
        # NumPy's products of small matrices take half as long as torch's.
        self._raws = raw(self._theta), raw(self._gradient)
        self._raw_gradient = self._raws[1] if device.type == "cpu" else None
        self._rooms: dict[int, Room] = {}
        self._buffers = self._train  # where an epoch finds its rows
        if self._rows.shuffled and rows * columns <= gathered:
            self._buffers = _like(self._train)
        self._targets = self._buffers.targets()  # of the rows there
        self._steps = (
            []
            if self._gathers_by_step
            else [self._blocks(self._buffers, self._targets, *cut) for cut in self._cuts()]
        )

    @property
    def finished(self) -> bool:
        """All epochs are done, or every config has diverged."""
        return self.epoch >= self._config.epochs or len(self.diverged) == len(self.configs)

    @torch.no_grad()
    @np.errstate(all="ignore")
    def advance(self, *, epochs: int | None = None, seconds: float | None = None) -> None:
        """Go on by so many epochs or for so long, or to the end; at least one epoch."""
        pace = TimeBudget(seconds, 1)
        until = self._config.epochs if epochs is None else min(self._config.epochs, self.epoch + epochs)
        while self.epoch < until and not self.finished:
            count = min(pace.epochs, CHUNK, until - self.epoch)
            with torch.inference_mode() if self._take_step is None else torch.no_grad():
                for _ in range(count):
                    self._epoch()
            self.epoch += count
            self._look_for_divergence()
            if pace.over(count):
                break

    @torch.no_grad()
    def snapshots(self) -> list[Snapshot]:
        """Every config as it stands, measured."""
        snapshotter = Snapshotter(self._loss, self._train, self._test)
        pairs = zip(self.configs, self._by_config(), strict=True)
        marks = [
            WeightsAt(self.epoch, theta.clone(), threshold_of(c, self._base_rate)) for c, theta in pairs
        ]
        return snapshotter.look(marks, exact=False)

    def _look_for_divergence(self) -> None:
        part, theta, shape = self._train, self._theta, self._shape
        sound = torch.isfinite(theta).view(len(self.configs), -1).all(1)
        for first in range(0, part.rows, self._each):
            cut = slice(first, first + self._each)
            weight = None if part.weight is None else part.weight[cut]
            z, y = (theta @ part.X[cut].t()).view(*shape, -1), rows_of(part, cut).targets()
            sound &= torch.isfinite(mean_loss(self._loss, z, y, weight))
        self.diverged |= {number for number, fine in enumerate(sound.tolist()) if not fine}

    @property
    def _shape(self) -> tuple[int, ...]:
        """Of the logits of a row: one for each config, or K."""
        return len(self.configs), *self._loss.shape

    @property
    def _each(self) -> int:
        """Rows whose logits are not too many."""
        return max(1, self._logits // len(self._theta))

    def _by_config(self) -> Tensor:
        """The weights of each config, in the shape that it has alone."""
        return self._theta.view(*self._shape, -1)

    @property
    def _gathers_by_step(self) -> bool:
        return self._rows.shuffled and self._buffers is self._train

    def _cuts(self) -> list[tuple[int, int]]:
        n, size = self._train.rows, self._rows.step_rows
        return [(start, min(start + size, n)) for start in range(0, n, size)]

    def _epoch(self) -> None:
        what, part, buffers = self._rows, self._train, self._buffers
        if not self._shuffled:
            for blocks in self._steps:
                self._step(blocks)
            return
        order = what.order()
        if self._gathers_by_step:
            for start, stop in self._cuts():
                chosen = rows_of(part, order[start:stop])
                self._step(self._blocks(chosen, chosen.targets(), 0, stop - start))
            return
        torch.index_select(part.X, 0, order, out=buffers.X)
        torch.index_select(part.y, 0, order, out=buffers.y)
        if part.weight is not None and buffers.weight is not None:
            torch.index_select(part.weight, 0, order, out=buffers.weight)
        if self._targets is not buffers.y:
            self._targets.copy_(buffers.targets())
        for blocks in self._steps:
            self._step(blocks)

    def _blocks(self, part: Part, targets: Tensor, start: int, stop: int) -> list[Block]:
        """The rows of an update, in blocks whose logits for all configs are not too many."""
        found: list[Block] = []
        for first in range(start, stop, self._each):
            cut = slice(first, min(first + self._each, stop))
            rows = cut.stop - cut.start
            if rows not in self._rooms:
                z, r, scratch = self._theta.new_empty((3, len(self._theta), rows))
                shape = (*self._shape, rows)
                shaped = z.view(shape), r.view(shape), raw(r.view(shape)), raw(scratch.view(shape))
                self._rooms[rows] = z, r, raw(r), *shaped
            weight = None if part.weight is None else raw(part.weight[cut])
            X, y = part.X[cut], targets[..., cut]
            small = part.rows * len(self._theta) <= self._logits
            if small and part is self._train:  # labels that stay in place: laid out once, subtracted faster
                y = y.repeat(len(self.configs), *(1 for _ in y.shape))
            found.append((X, raw(X), X.t(), raw(y), weight, *self._rooms[rows]))
        return found

    def _step(self, blocks: list[Block]) -> None:
        """One update of every config from the same rows."""
        theta, gradient, total, keep = self._theta, self._gradient, 0, 0
        write, raw_gradient = self._residual, self._raw_gradient
        for X, raw_X, X_transposed, y, weight, z, r, raw_r, z_apart, r_apart, raw_apart, scratch in blocks:
            torch.mm(theta, X_transposed, out=z)
            write(z_apart, y, weight, r_apart, raw_apart, scratch)
            if raw_gradient is None or keep:
                gradient.addmm_(r, X, beta=keep)
            else:
                np.dot(raw_r, raw_X, out=raw_gradient)
            total, keep = total + len(raw_X), 1
            self._train.let_go()
        self._update(1 / total)

    def _update(self, share: float) -> None:
        """Every config's own step along its gradient, which is the mean one after times ``share``."""
        theta, gradient = self._theta, self._gradient
        decoupled = self._take_step is None or self._config.optimizer == "adamw"
        if self._decays and decoupled:
            theta.mul_(1 - self._lr * self._decay)
        if self._take_step is None:
            if share not in self._rates:
                self._rates[share] = raw(self._lr * share)
            raw_theta, raw_gradient = self._raws
            self._library.multiply(raw_gradient, self._rates[share], out=raw_gradient)
            self._library.subtract(raw_theta, raw_gradient, out=raw_theta)
            return
        gradient.mul_(share)
        if self._decays and not decoupled:
            gradient.addcmul_(theta, self._decay)
        self._direction.zero_().grad = gradient
        self._take_step()
        theta.addcmul_(self._direction, self._lr)


def _first_weights(
    configs: Sequence[Config], columns: int, shares: Sequence[float], dtype: torch.dtype
) -> Tensor:
    """The first weights (configs · outputs, p + 1); those of configs that begin alike are drawn once."""
    keys = [(c.init, c.init_std, c.init_bias, c.seed) for c in configs]
    firsts = dict(zip(keys, configs, strict=True))
    drawn = {key: build_model(config, columns, shares, dtype).flatten() for key, config in firsts.items()}
    return torch.stack([drawn[key] for key in keys]).view(-1, columns + 1)


def _like(part: Part) -> Part:
    weight = None if part.weight is None else torch.empty_like(part.weight)
    return Part(torch.empty_like(part.X), torch.zeros_like(part.y), weight, classes=part.classes)
