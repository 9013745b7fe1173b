"""The trainer: a thing that can be advanced, changed, put down and taken up again."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import partial
from math import isfinite
from typing import Any, Self, TypeVar

import torch
from torch import Tensor

from lrtui.core.config import Change, Config, changed, live_fields
from lrtui.core.errors import ConfigError, EngineError
from lrtui.core.training.design import parts, watched_part
from lrtui.core.training.device import choose_device, threads_for
from lrtui.core.training.early_stopping import Best, EarlyStopping
from lrtui.core.training.epochs import Epochs, EpochSpec, TimeBudget
from lrtui.core.training.losses import find_loss
from lrtui.core.training.measurement import Measurement, threshold_of
from lrtui.core.training.model import build_model, class_shares
from lrtui.core.training.optimizers import apply_live, build_optimizer, update_of
from lrtui.core.training.ranks import ALONE, Ranks
from lrtui.core.training.scoring import WeightsAt
from lrtui.core.training.snapshotter import Snapshot, Snapshotter
from lrtui.core.training.state import pack_state, unpack_state
from lrtui.core.training.ways import LARGE, ways_of
from lrtui.datasets.preparing.problem import Problem

Found = TypeVar("Found")
Memory = tuple[Tensor, dict[str, Any] | None, Tensor]
"""Weights, what the optimizer remembers, and the generator's state."""


class Trainer:
    """Trains one config on one problem. Knows no store, no screen, and no clock but its budget.

    How time is sliced never changes the result: the same problem, config, seed and changes at the same
    epochs give bit-identical weights.

    Attributes:
        config: the config as it stands, changes included.
        epoch: epochs done. diverged_at: the first epoch whose training loss was not finite.
        seconds: time spent training. changes: every change, with the epoch after which it took effect.
        device: where it trains. spilled: whether that is the CPU because the memory of the GPU was full.
    """

    def __init__(
        self,
        problem: Problem,
        config: Config,
        *,
        dtype: torch.dtype = torch.float32,
        large: int = LARGE,
        start: Sequence[float] | None = None,
        ranks: Ranks = ALONE,
    ) -> None:
        """With rows in blocks from ``large`` numbers an update on.

        ``start`` are weights to begin with in place of those of the config, in the order of ``theta``.
        ``ranks`` have the other rows of the problem, if there are any.

        Raises:
            EngineError: they are of another number of features or classes.
        """
        ranks.lead("begin", config=config, dtype=dtype, large=large, start=start)
        self.config = config
        self.spilled = False
        self._problem = problem
        self.epoch = 0
        self.diverged_at: int | None = None
        self.seconds = 0.0
        self.changes: list[Change] = []
        self._loss = find_loss(config.loss, problem.classes)
        rows, columns = problem.all_train_rows, problem.X_train.shape[1]
        self.device = choose_device(config.device, rows, columns)
        self.ranks, self._large = ranks, large
        self.threads = min(threads_for(len(problem.y_train), columns), ranks.threads)
        try:
            self.train, self.test = parts(problem, config, self.device, dtype)
        except torch.OutOfMemoryError:
            if ranks.world > 1:  # all of them compute on the same kind of device
                raise
            self.device, self.spilled = torch.device("cpu"), True
            self.train, self.test = parts(problem, config, self.device, dtype)
        self._base_rate = problem.base_rate
        self.model = build_model(config, columns, class_shares(problem), dtype).to(self.device)
        self._theta = self.model.flatten()
        if start is not None:
            self._begin_with(start)
        self._optimizer = build_optimizer(config, [self._theta])
        self._generator = torch.Generator().manual_seed(config.seed)
        self._epochs: Epochs | None = None
        self._snapshotter = Snapshotter(self._loss, self.train, self.test, ranks)
        self._snapshotter.pass_by(self._mark(), 0.0, last=False)
        self._stride = 1
        watched = watched_part(problem, config, self.device, dtype, self.test)
        self._stopping = EarlyStopping(self._loss, watched, ranks)
        if config.patience:
            self._stopping.look(0, self._theta)

    @property
    def finished(self) -> bool:
        """All epochs are done, patience is over, or the run diverged and its config says to stop there."""
        diverged = self.diverged_at is not None and self.config.stop_on_divergence
        return self.epoch >= self.config.epochs or diverged or self.stopped_early

    @property
    def stopped_early(self) -> bool:
        """Whether patience is over."""
        return self._stopping.is_over(self.epoch, self.config.patience)

    @property
    def best(self) -> Best | None:
        """The epoch of the lowest watched loss so far, where patience watches and nothing diverged."""
        return self._stopping.best if self.config.patience and self.diverged_at is None else None

    def _begin_with(self, start: Sequence[float]) -> None:
        if len(start) != self._theta.numel():
            raise EngineError("These weights are of other features or classes.", "Start without them.")
        self._theta.copy_(torch.tensor(start, dtype=torch.float64).view_as(self._theta))

    @torch.no_grad()
    def advance(self, *, epochs: int | None = None, seconds: float | None = None) -> array[float]:
        """Go on by so many epochs or for so long, whichever is over first; at least one epoch.

        Returns the training loss of each.
        """
        pace = TimeBudget(seconds, self._stride)
        until = self.config.epochs if epochs is None else min(self.config.epochs, self.epoch + epochs)
        losses = array("f")
        while self.epoch < until and not self.finished:
            before = self.epoch
            count = min(pace.epochs, self._snapshotter.due - self.epoch, until - self.epoch)
            losses.extend(self._with_room(partial(self._train, count)))
            last = self.epoch == self.config.epochs or self.stopped_early
            if last or self.epoch >= self._snapshotter.due:
                self._snapshotter.pass_by(self._mark(), self.seconds + pace.spent, last=last)
            if pace.over(self.epoch - before):
                break
        self._stride = pace.epochs
        self.seconds += pace.spent
        return losses

    @torch.no_grad()
    def snapshots(self) -> list[Snapshot]:
        """What was to be looked at since the last time; measuring it counts as training time."""
        pace = TimeBudget(None, 1)
        found = self._with_room(lambda: self._snapshotter.fetch())
        self.seconds += pace.spent
        return found

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
        self.ranks.lead("change", **values)
        anew = self.stopped_early and config.epochs > self.epoch  # more epochs: patience begins anew
        for name in values:
            old, new = getattr(self.config, name), getattr(config, name)
            if old != new:
                self.changes.append(Change(self.epoch, name, old, new))
        if anew and config.patience == self.config.patience:
            self._stopping.begin(self.epoch)
            self.changes.append(Change(self.epoch, "patience", config.patience, config.patience))
        if config.patience and not self.config.patience:
            self._stopping.begin(self.epoch)
            self._stopping.look(self.epoch, self._theta)
        elif not config.patience:
            self._stopping.forget()
        self.config = config
        self._epochs = None
        apply_live(self._optimizer, config)

    @torch.no_grad()
    def follow(self, what: str, **details: Any) -> None:
        """What the trainer of rank 0 does, as it leads all ranks."""
        ways: dict[str, Callable[..., object]] = {
            "train": self._train,
            "look": self._snapshotter.look,
            "change": self.change,
            "take_up": self.take_up,
        }
        ways[what](**details)

    def measure(self) -> Measurement:
        """The present state, measured; disturbs nothing."""
        return self.snapshot().measurement

    @torch.no_grad()
    def snapshot(self) -> Snapshot:
        """The present state, measured, with the weights."""
        return self._with_room(lambda: self._snapshotter.look([self._mark()]))[0]

    @torch.no_grad()
    def shown(self) -> Snapshot:
        """What the run is judged by: once it has ended with patience its best epoch, else as it is."""
        best = self.best if self.finished else None
        return self.snapshot() if best is None else self.snapshot_of_best(best)

    @torch.no_grad()
    def snapshot_of_best(self, best: Best) -> Snapshot:
        """The best epoch, measured."""
        return self._snapshotter.look([WeightsAt(best.epoch, best.theta, self._threshold)])[0]

    @property
    def theta(self) -> list[float]:
        """The weights as they stand, bias last; those of K > 2 classes one after the other."""
        found: list[float] = self._theta.flatten().tolist()
        return found

    def _mark(self) -> WeightsAt:
        return WeightsAt(self.epoch, self._theta.clone(), self._threshold)

    @property
    def _threshold(self) -> float:
        return threshold_of(self.config, self._base_rate)

    # --- epochs ---

    def _with_room(self, work: Callable[[], Found]) -> Found:
        """What some work gives; where the memory of a GPU is full it is done on the CPU, from here on."""
        if self.device.type == "cpu" or self.ranks.world > 1:
            return work()
        before = self._memory()
        try:
            return work()
        except torch.OutOfMemoryError:
            self._remember(before)
            self._spill()
            return work()

    def _spill(self) -> None:
        """Go on on the CPU, where rows go through in blocks, from the weights as they stand."""
        on_cpu = changed(self.config, device="cpu")
        fresh = type(self).resume(self._problem, on_cpu, self.state(), dtype=self._theta.dtype)
        fresh._snapshotter.take_over(self._snapshotter)
        fresh._large, fresh.spilled = self._large, True
        self.__dict__.update(fresh.__dict__)

    def _train(self, count: int) -> list[float]:
        """Up to so many epochs at once; stops at the first whose loss is not finite, if that is asked."""
        self.ranks.lead("train", count=count)
        epochs = self._epochs or self._ways()
        update = update_of(self.config, self._theta, self._optimizer)
        count = min(count, epochs.longest, 1 if self.config.patience else count)
        before = self._memory() if count > 1 and self.diverged_at is None else None
        losses = epochs.run(count, update)
        done = None
        if not isfinite(sum(losses)):  # or the sum overflows, which costs time but no truth
            done = next((i for i, loss in enumerate(losses, 1) if not isfinite(loss)), None)
        if done is not None and self.diverged_at is None:
            self.diverged_at = self.epoch + done
            if self.config.stop_on_divergence and before is not None and done < count:
                self._remember(before)  # epochs are run by the chunk: back, and only as far as that one
                losses = epochs.run(done, update)
        self.epoch += len(losses)
        if self.config.patience:
            self._stopping.look(self.epoch, self._theta)
        return losses

    def _ways(self) -> Epochs:
        c = self.config
        what = EpochSpec(
            self.train, self._theta, self._loss, c.batch_size, c.shuffle, self._generator, self.ranks
        )
        self._epochs = ways_of(what, c, self._optimizer, self.threads, self._large)
        return self._epochs

    def _memory(self) -> Memory:
        return self._theta.clone(), deepcopy(self._optimizer_state()), self._generator.get_state()

    def _remember(self, memory: Memory) -> None:
        theta, optimizer, generator = memory
        self._theta.copy_(theta)
        self._load_optimizer(optimizer)
        self._generator.set_state(generator)

    def _optimizer_state(self) -> dict[str, Any] | None:
        return None if self._optimizer is None else self._optimizer.state_dict()

    def _load_optimizer(self, state: dict[str, Any] | None) -> None:
        if self._optimizer is not None and state is not None:
            self._optimizer.load_state_dict(state)

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
                "optimizer": self._optimizer_state(),
                "generator": self._generator.get_state(),
                "stopping": self._stopping.state(),
            }
        )

    @classmethod
    def resume(
        cls,
        problem: Problem,
        config: Config,
        state: bytes,
        *,
        dtype: torch.dtype = torch.float32,
        ranks: Ranks = ALONE,
    ) -> Self:
        """The trainer that ``state`` was taken from; ``config`` is the one that the run began with.

        Raises:
            EngineError: the state is broken, or belongs to another problem.
        """
        trainer = cls(problem, config, dtype=dtype, ranks=ranks)
        trainer.take_up(state)
        return trainer

    def take_up(self, state: bytes) -> None:
        """Go on from ``state``, in which a trainer of the same problem and config was put down.

        Raises:
            EngineError: the state is broken, or belongs to another problem.
        """
        self.ranks.lead("take_up", state=state)
        with unpack_state(state) as found:
            self.config = Config.model_validate_json(found["config"])
            self.epoch = found["epoch"]
            self.diverged_at = found["diverged_at"]
            self.seconds = found["seconds"]
            self.changes = [Change(*change) for change in found["changes"]]
            self.model.load_state_dict(found["model"])
            self._load_optimizer(found["optimizer"])
            self._generator.set_state(found["generator"])
            self._stopping.take_up(found.get("stopping"))
        self._snapshotter.take_up(self.epoch)
