"""Many configs of one problem trained together: weights are a matrix, one product serves them all.

Full batch or mini-batch, every optimizer but LBFGS. Each config takes the steps that it would take alone,
up to rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lrtui.core.config import Config, changed
from lrtui.core.training.design import Part, parts
from lrtui.core.training.device import choose_device
from lrtui.core.training.epochs import Pass
from lrtui.core.training.gradient import loss_of, raw
from lrtui.core.training.lookout import Lookout, Snapshot
from lrtui.core.training.metrics import Mark
from lrtui.core.training.model import build_model
from lrtui.core.training.optimizers import build_optimizer
from lrtui.core.training.pace import Pace
from lrtui.core.training.threads import threads_for
from lrtui.core.training.threshold import threshold_of
from lrtui.core.training.views import GATHERED
from lrtui.datasets.dataset import Problem

# May differ in a batch; the threshold changes no weight.
ALIKE = frozenset({"lr", "weight_decay", "init", "init_std", "init_bias", "seed", "threshold"})
LOGITS = 1_000_000  # computed at a time, for all configs together
CHUNK = 64  # epochs between two looks for divergence

Block = tuple[Tensor, Any, Tensor, Any, Any, Tensor, Tensor, Any, Any]


def batch_key(config: Config, rows: int) -> str | None:
    """Configs with the same key can be trained together; ``None`` for one that must go alone."""
    if config.optimizer == "lbfgs":
        return None
    shuffled = config.shuffle and 0 < config.batch_size < rows
    free = ALIKE - {"seed"} if shuffled else ALIKE  # one order of the rows serves all
    return config.model_dump_json(exclude=set(free))


class BatchTrainer:
    """Trains configs with one ``batch_key`` on one problem.

    Attributes:
        epoch: epochs done. diverged: numbers of the configs whose loss or weights are not finite any more;
            what becomes of them is only told by training them alone.
    """

    def __init__(
        self, problem: Problem, configs: Sequence[Config], *, dtype: torch.dtype = torch.float32
    ) -> None:
        self.configs = configs
        self.epoch = 0
        self.diverged: set[int] = set()
        first = configs[0]
        self._config = first
        rows, columns = problem.X_train.shape
        self.threads = threads_for(rows * len(configs), columns)
        device = choose_device(first.device, rows, columns)
        self._train, self._test = parts(problem, first, device, dtype)
        self._base_rate = problem.base_rate
        self._theta = _first_weights(configs, columns, self._base_rate, dtype).to(device)
        self._gradient, self._direction = torch.zeros_like(self._theta), torch.zeros_like(self._theta)
        self._lr, self._decay = (
            self._theta.new_tensor([getattr(c, name) for c in configs]).unsqueeze(1).repeat(1, columns + 1)
            for name in ("lr", "weight_decay")
        )
        self._decays = any(c.weight_decay for c in configs)
        # torch.optim's step of size 1 from zero is a direction; each config goes its own lr along it.
        self._optimizer = build_optimizer(changed(first, lr=1.0, weight_decay=0.0), [self._direction])
        self._rows = Pass(
            self._train,
            self._theta[0],
            first.loss,
            first.batch_size,
            first.shuffle,
            torch.Generator().manual_seed(first.seed),
        )
        self._library: Any = np if device.type == "cpu" else torch
        self._rates: dict[float, Any] = {}  # of the steps of each number of rows
        self._shuffled, self._residual = self._rows.shuffled, self._rows.residual
        # NumPy's products of small matrices take half as long as torch's.
        self._raws = raw(self._theta), raw(self._gradient)
        self._raw_gradient = self._raws[1] if device.type == "cpu" else None
        self._rooms: dict[int, tuple[Tensor, Tensor, Any, Any]] = {}
        self._desk = self._train  # where an epoch finds its rows
        if self._rows.shuffled and rows * columns <= GATHERED:
            self._desk = _like(self._train)
        self._steps = (
            [] if self._gathers_by_step else [self._blocks(self._desk, *cut) for cut in self._cuts()]
        )

    @property
    def finished(self) -> bool:
        """All epochs are done, or every config has diverged."""
        return self.epoch >= self._config.epochs or len(self.diverged) == len(self.configs)

    @torch.no_grad()
    @np.errstate(all="ignore")
    def advance(self, *, seconds: float | None = None) -> None:
        """Go on to the end or for so long, at least one epoch."""
        pace = Pace(seconds, 1)
        while not self.finished:
            count = min(pace.epochs, CHUNK, self._config.epochs - self.epoch)
            with torch.inference_mode() if self._optimizer is None else torch.no_grad():
                for _ in range(count):
                    self._epoch()
            self.epoch += count
            self._look_for_divergence()
            if pace.over(count):
                break

    @torch.no_grad()
    def snapshots(self) -> list[Snapshot]:
        """Every config as it stands, measured."""
        lookout = Lookout(self._config.loss, self._train, self._test)
        pairs = zip(self.configs, self._theta, strict=True)
        marks = [Mark(self.epoch, theta.clone(), threshold_of(c, self._base_rate)) for c, theta in pairs]
        return lookout.look(marks, exact=False)

    def _look_for_divergence(self) -> None:
        X, theta = self._train.X, self._theta
        each = max(1, LOGITS // len(self.configs))
        sound = torch.isfinite(theta).all(1)
        for first in range(0, self._train.rows, each):
            cut = slice(first, first + each)
            weight = None if self._train.weight is None else self._train.weight[cut]
            sound &= torch.isfinite(
                loss_of(self._config.loss, theta @ X[cut].t(), self._train.y[cut], weight)
            )
        self.diverged |= {number for number, fine in enumerate(sound.tolist()) if not fine}

    @property
    def _gathers_by_step(self) -> bool:
        return self._rows.shuffled and self._desk is self._train

    def _cuts(self) -> list[tuple[int, int]]:
        n, size = self._train.rows, self._rows.step_rows
        return [(start, min(start + size, n)) for start in range(0, n, size)]

    def _epoch(self) -> None:
        what, part, desk = self._rows, self._train, self._desk
        if not self._shuffled:
            for blocks in self._steps:
                self._step(blocks)
            return
        order = what.order()
        if self._gathers_by_step:
            for start, stop in self._cuts():
                rows = order[start:stop]
                weight = None if part.weight is None else part.weight[rows]
                self._step(self._blocks(Part(part.X[rows], part.y[rows], weight), 0, stop - start))
            return
        torch.index_select(part.X, 0, order, out=desk.X)
        torch.index_select(part.y, 0, order, out=desk.y)
        if part.weight is not None and desk.weight is not None:
            torch.index_select(part.weight, 0, order, out=desk.weight)
        for blocks in self._steps:
            self._step(blocks)

    def _blocks(self, part: Part, start: int, stop: int) -> list[Block]:
        """The rows of an update, in blocks whose logits for all configs are not too many."""
        each = max(1, LOGITS // len(self.configs))
        found = []
        for first in range(start, stop, each):
            cut = slice(first, min(first + each, stop))
            rows = cut.stop - cut.start
            if rows not in self._rooms:
                z, r, scratch = self._theta.new_empty((3, len(self.configs), rows))
                self._rooms[rows] = z, r, raw(r), raw(scratch)
            weight = None if part.weight is None else raw(part.weight[cut])
            X, y = part.X[cut], part.y[cut]
            small = part.rows * len(self.configs) <= LOGITS
            if small and part is self._train:  # labels that stay in place: laid out once, subtracted faster
                y = y.repeat(len(self.configs), 1)
            found.append((X, raw(X), X.t(), raw(y), weight, *self._rooms[rows]))
        return found

    def _step(self, blocks: list[Block]) -> None:
        """One update of every config from the same rows."""
        theta, gradient, total, keep = self._theta, self._gradient, 0, 0
        write, raw_gradient = self._residual.write, self._raw_gradient
        for X, raw_X, X_transposed, y, weight, z, r, raw_r, raw_scratch in blocks:
            torch.mm(theta, X_transposed, out=z)
            write(z, y, weight, r, raw_r, raw_scratch)
            if raw_gradient is None or keep:
                gradient.addmm_(r, X, beta=keep)
            else:
                np.dot(raw_r, raw_X, out=raw_gradient)
            total, keep = total + len(raw_X), 1
        self._update(1 / total)

    def _update(self, share: float) -> None:
        """Every config's own step along its gradient, which is the mean one after times ``share``."""
        theta, gradient = self._theta, self._gradient
        decoupled = self._optimizer is None or self._config.optimizer == "adamw"
        if self._decays and decoupled:
            theta.mul_(1 - self._lr * self._decay)
        if self._optimizer is None:
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
        self._optimizer.step()
        theta.addcmul_(self._direction, self._lr)


def _first_weights(configs: Sequence[Config], columns: int, rate: float, dtype: torch.dtype) -> Tensor:
    """The first weights of each config (configs, p + 1); those that begin alike are drawn once."""
    keys = [(c.init, c.init_std, c.init_bias, c.seed) for c in configs]
    firsts = dict(zip(keys, configs, strict=True))
    drawn = {key: build_model(config, columns, rate, dtype).flatten() for key, config in firsts.items()}
    return torch.stack([drawn[key] for key in keys])


def _like(part: Part) -> Part:
    weight = None if part.weight is None else torch.empty_like(part.weight)
    return Part(torch.empty_like(part.X), torch.empty_like(part.y), weight)
