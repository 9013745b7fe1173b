"""Many configs of one problem trained together: weights are a matrix, one product serves them all.

Full batch or mini-batch, every optimizer but LBFGS. Each config takes the steps that it would take alone,
up to rounding. Of K > 2 classes each config has K rows of that matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lrtui.core.config import Config, changed
from lrtui.core.training.design import Part, parts, rows_of
from lrtui.core.training.device import choose_device
from lrtui.core.training.epochs import Pass
from lrtui.core.training.gradient import kind_of, loss_of, raw
from lrtui.core.training.lookout import Lookout, Snapshot
from lrtui.core.training.metrics import Mark
from lrtui.core.training.model import Rates, build_model, rates_of
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

Room = tuple[Tensor, Tensor, Any, Tensor, Tensor, Any, Any]
Block = tuple[Tensor, Any, Tensor, Any, Any, Tensor, Tensor, Any, Tensor, Tensor, Any, Any]


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
        self._config, self._kind = first, kind_of(first.loss, problem.classes)
        rows, columns = problem.X_train.shape
        self._outputs = problem.classes if problem.classes > 2 else 1
        together = rows if self._outputs == 1 else self._outputs * min(first.batch_size or rows, rows)
        self.threads = threads_for(together * len(configs), columns)
        device = choose_device(first.device, rows, columns)
        self._train, self._test = parts(problem, first, device, dtype)
        self._base_rate = problem.base_rate
        self._theta = _first_weights(configs, columns, rates_of(problem), dtype).to(device)
        self._gradient, self._direction = torch.zeros_like(self._theta), torch.zeros_like(self._theta)
        self._lr, self._decay = (
            self._theta.new_tensor([getattr(c, name) for c in configs for _ in range(self._outputs)])
            .unsqueeze(1)
            .repeat(1, columns + 1)
            for name in ("lr", "weight_decay")
        )
        self._decays = any(c.weight_decay for c in configs)
        # torch.optim's step of size 1 from zero is a direction; each config goes its own lr along it.
        self._optimizer = build_optimizer(changed(first, lr=1.0, weight_decay=0.0), [self._direction])
        self._rows = Pass(
            self._train,
            self._theta[0] if self._outputs == 1 else self._theta[: self._outputs],
            self._kind,
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
        self._rooms: dict[int, Room] = {}
        self._desk = self._train  # where an epoch finds its rows
        if self._rows.shuffled and rows * columns <= GATHERED:
            self._desk = _like(self._train)
        self._targets = self._desk.targets()  # of the rows there
        self._steps = (
            []
            if self._gathers_by_step
            else [self._blocks(self._desk, self._targets, *cut) for cut in self._cuts()]
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
        lookout = Lookout(self._kind, self._train, self._test)
        pairs = zip(self.configs, self._by_config(), strict=True)
        marks = [Mark(self.epoch, theta.clone(), threshold_of(c, self._base_rate)) for c, theta in pairs]
        return lookout.look(marks, exact=False)

    def _look_for_divergence(self) -> None:
        part, theta, shape = self._train, self._theta, self._shape
        sound = torch.isfinite(theta).view(len(self.configs), -1).all(1)
        for first in range(0, part.rows, self._each):
            cut = slice(first, first + self._each)
            weight = None if part.weight is None else part.weight[cut]
            z, y = (theta @ part.X[cut].t()).view(*shape, -1), rows_of(part, cut).targets()
            sound &= torch.isfinite(loss_of(self._kind, z, y, weight))
        self.diverged |= {number for number, fine in enumerate(sound.tolist()) if not fine}

    @property
    def _shape(self) -> tuple[int, ...]:
        """Of the logits of a row: one for each config, or K."""
        many = len(self.configs)
        return (many,) if self._outputs == 1 else (many, self._outputs)

    @property
    def _each(self) -> int:
        """Rows whose logits are not too many."""
        return max(1, LOGITS // len(self._theta))

    def _by_config(self) -> Tensor:
        """The weights of each config, in the shape that it has alone."""
        return self._theta if self._outputs == 1 else self._theta.view(*self._shape, -1)

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
                chosen = rows_of(part, order[start:stop])
                self._step(self._blocks(chosen, chosen.targets(), 0, stop - start))
            return
        torch.index_select(part.X, 0, order, out=desk.X)
        torch.index_select(part.y, 0, order, out=desk.y)
        if part.weight is not None and desk.weight is not None:
            torch.index_select(part.weight, 0, order, out=desk.weight)
        if self._targets is not desk.y:
            self._targets.copy_(desk.targets())
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
            small = part.rows * len(self._theta) <= LOGITS
            if small and part is self._train:  # labels that stay in place: laid out once, subtracted faster
                y = y.repeat(len(self.configs), *(1 for _ in y.shape))
            found.append((X, raw(X), X.t(), raw(y), weight, *self._rooms[rows]))
        return found

    def _step(self, blocks: list[Block]) -> None:
        """One update of every config from the same rows."""
        theta, gradient, total, keep = self._theta, self._gradient, 0, 0
        write, raw_gradient = self._residual.write, self._raw_gradient
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


def _first_weights(configs: Sequence[Config], columns: int, rates: Rates, dtype: torch.dtype) -> Tensor:
    """The first weights (configs · outputs, p + 1); those of configs that begin alike are drawn once."""
    keys = [(c.init, c.init_std, c.init_bias, c.seed) for c in configs]
    firsts = dict(zip(keys, configs, strict=True))
    drawn = {key: build_model(config, columns, rates, dtype).flatten() for key, config in firsts.items()}
    return torch.stack([drawn[key] for key in keys]).view(-1, columns + 1)


def _like(part: Part) -> Part:
    weight = None if part.weight is None else torch.empty_like(part.weight)
    return Part(torch.empty_like(part.X), torch.zeros_like(part.y), weight, classes=part.classes)
