"""The rows that a model is trained or measured on, as tensors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor

from lrtui.core.config import Config
from lrtui.core.training.losses import Loss, default_loss, row_weights
from lrtui.core.training.weighting import weights_by_class
from lrtui.datasets.array_types import Design, Floats, Labels
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.storage.mapped import WINDOW, Reader, mapping_of
from lrtui.datasets.storage.own_rows import OwnRows

STAYS = 250_000_000  # bytes of a part on disk that stay in memory between passes


@dataclass(frozen=True)
class Part:
    """A part of a problem: ``X`` is the design matrix (n, p + 1), labels and row weights are (n,).

    Labels are numbers of the type of ``X``, or whole ones of 64 bits where there are more than two classes.
    ``disk`` lets go of rows that lie in a file, where they do. Of ranks that share the rows, ``counts`` are
    those of each class (K,) of all together, and ``own`` the places that a rank has in their order.
    """

    X: Tensor
    y: Tensor
    weight: Tensor | None
    disk: Reader | None = None
    classes: int = 2
    counts: tuple[int, ...] | None = None
    own: OwnRows | None = None

    @property
    def loss(self) -> Loss:
        """What so many classes are trained with, computed from logits."""
        return default_loss(self.classes)

    @property
    def rows(self) -> int:
        """How many rows it has here."""
        return self.y.numel()

    @property
    def all_rows(self) -> int:
        """How many rows it has on all ranks together."""
        return self.rows if self.counts is None else sum(self.counts)

    def targets(self) -> Tensor:
        """What a residual is the difference to: labels (n,), or one-hot (K, n) of more than two classes."""
        return self.loss.targets(self.y, self.X)

    def let_go(self, start: int = 0, stop: int | None = None) -> None:
        """Rows that lie in a file were read: they need not stay in memory."""
        if self.disk is not None:
            self.disk.done(start, self.rows if stop is None else stop)

    def windows(self) -> Iterator[slice]:
        """Its rows in pieces, each to be let go of before the next; one piece where they lie in memory."""
        each = self.rows
        if self.disk is not None:
            each = max(1, WINDOW // (self.X.shape[1] * self.X.element_size()))
        for start in range(0, self.rows, max(each, 1)):
            stop = min(start + each, self.rows)
            yield slice(start, stop)
            self.let_go(start, stop)


def parts(problem: Problem, config: Config, device: torch.device, dtype: torch.dtype) -> tuple[Part, Part]:
    """The training and the test part; they share the problem's memory where device and type allow it."""
    make, whole = partial(_part, problem, config, device, dtype), problem.whole
    train = make(problem.design_train, problem.y_train, problem.weights_train)
    test = make(problem.design_test, problem.y_test, problem.weights_test)
    if whole is None:
        return train, test
    return (
        replace(train, counts=tuple(whole.train.tolist()), own=whole.own),
        replace(test, counts=tuple(whole.test.tolist())),
    )


def watched_part(
    problem: Problem, config: Config, device: torch.device, dtype: torch.dtype, test: Part
) -> Part:
    """The rows on which early stopping watches the loss: those kept apart for it, else the test part."""
    apart = problem.validation
    if apart is None:
        return test
    found = _part(problem, config, device, dtype, apart.design, apart.y, apart.weights)
    counts = None if problem.whole is None else problem.validation_counts
    return found if counts is None else replace(found, counts=tuple(counts.tolist()))


def _part(
    problem: Problem,
    config: Config,
    device: torch.device,
    dtype: torch.dtype,
    design: Design,
    labels: Labels,
    given: Floats | None,
) -> Part:
    y = _tensor(labels, device, default_loss(problem.classes).label_type(dtype))
    X = _tensor(design, device, dtype)
    weight = row_weights(weights_by_class(problem, config), y)
    if given is not None:
        rows = _tensor(given, device, torch.float64)
        weight = rows if weight is None else rows * weight
    weight = None if weight is None else weight.to(dtype)
    on_disk = mapping_of(design) is not None and X.data_ptr() == design.ctypes.data
    return Part(X, y, weight, Reader(design, STAYS) if on_disk else None, problem.classes)


def rows_of(part: Part, rows: slice | Tensor) -> Part:
    """Some rows of a part, in memory."""
    weight = None if part.weight is None else part.weight[rows]
    return Part(part.X[rows], part.y[rows], weight, classes=part.classes)


def _tensor(values: Design | Labels | Floats, device: torch.device, dtype: torch.dtype) -> Tensor:
    return torch.from_numpy(values).to(device=device, dtype=dtype)
