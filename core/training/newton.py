"""Epochs of Newton's method, which takes from the curvature of the loss how far to go: no learning rate.

An epoch is one iteration over all rows, ``θ ← θ − t·H⁻¹g`` for the mean loss plus ``½·weight decay·‖θ‖²``,
the bias included as in torch.optim. The whole step is taken first, and halved until the loss falls as it
should (Armijo's rule; Boyd and Vandenberghe, Convex Optimization, 2004, §9.5). All of it is computed in
float64, rows by the block, whatever the type of the weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np
import torch
from torch import Tensor

from lrtui.core.training.epochs import EpochSpec
from lrtui.core.training.losses import logits, residuals, summed_gradient
from lrtui.core.training.optimizers import Update
from lrtui.core.training.ranks import sum_number

BLOCK = 500_000  # numbers taken to float64 at a time
DENSE = 2_000  # weights: up to here H is made and factored; beyond, only products with it
PRODUCTS = 200  # with H in one epoch: a step less close to the best still goes down
HALVINGS = 20
ENOUGH = 1e-4  # of the decrease that the gradient promises
UNSEEN = 64 * np.finfo(np.float64).eps  # a decrease, of the loss or of 1, that rounding hides
LAST_STEPS = 3  # whose decrease is unseen: each squares what is left
SINGULAR = 1e-12  # a pivot of H in units that make its diagonal 1: what lies below is rounding
RIDGES = (1e-14, *(10.0**power for power in range(-9, 0)))


@dataclass(frozen=True)
class Look:
    """The loss, its gradient and its curvature at some weights: means over the rows, decay included.

    ``hessian`` is (M, M) for all M weights, row after row, or only its diagonal (M,).
    """

    loss: float
    objective: float
    gradient: Tensor
    hessian: Tensor


class NewtonEpochs:
    """One iteration an epoch; once nothing can be gained any more an epoch costs nothing."""

    longest = 1

    def __init__(
        self,
        what: EpochSpec,
        weight_decay: float | Tensor,
        *,
        block: int = BLOCK,
        dense: int = DENSE,
        close: Callable[[float], float] = lambda loss: 0.0,
    ) -> None:
        """With ``block`` numbers at a time, and H itself for up to ``dense`` weights.

        ``weight_decay`` pulls on all weights alike, or is that of each column (p + 1,). At a loss, so many
        nats above the lowest are ``close``: whoever stops there pays for no epoch beyond.
        """
        self._what = what
        self._decay = torch.as_tensor(weight_decay, dtype=torch.float64).to(what.theta.device)
        self._rows = max(1, block // what.part.X.shape[1])
        self._dense = what.theta.numel() <= dense
        self._ahead: Look | None = None  # at the weights that the last epoch went to
        self._unseen_steps = 0
        self._settled: float | None = None  # the loss of the weights that nothing moves any more
        self._close = close
        self.near = False  # whether the last epoch's step was to win no more than is close

    @property
    def settled(self) -> bool:
        """Whether nothing can be gained any more."""
        return self._settled is not None

    def run(self, count: int, update: Update) -> list[float]:
        """So many epochs; the loss of each as it began, the mean over its rows."""
        return [self._epoch() for _ in range(count)]

    def _epoch(self) -> float:
        if self._settled is not None:
            return self._settled
        theta = self._what.theta
        here = theta.double()
        seen, self._ahead = self._ahead or self._look(here), None
        if not isfinite(seen.loss):
            return seen.loss
        direction = self._what.ranks.from_first(self._direction(here, seen))
        slope = float(torch.dot(direction, seen.gradient.flatten()))
        self.near = -slope / 2 <= self._close(seen.loss)  # the half of Newton's decrement, squared
        found = self._descended(here, direction.view_as(here), seen.objective, slope)
        if found is None or torch.equal(found, theta):
            self._settled = seen.loss
        else:
            theta.copy_(found)
        return seen.loss

    def _descended(self, here: Tensor, direction: Tensor, objective: float, slope: float) -> Tensor | None:
        """The weights to go to, in their own type, or ``None`` where no step makes the loss fall."""
        type_ = self._what.theta.dtype
        if -slope <= UNSEEN * (1 + abs(objective)):
            self._unseen_steps += 1
            return (here + direction).to(type_) if self._unseen_steps <= LAST_STEPS else None
        for step in (0.5**halved for halved in range(HALVINGS)):
            found = (here + step * direction).to(type_)
            # The whole step is nearly always taken: what the next epoch needs is seen in the same pass.
            self._ahead = self._look(found.double()) if step == 1 and not self.near else None
            there = self._objective(found.double()) if self._ahead is None else self._ahead.objective
            if there < objective + ENOUGH * step * slope:
                return found
            self._ahead = None
        origin = torch.zeros_like(here)  # so far out that the loss has hardly any curvature: begin anew
        return origin.to(type_) if self._objective(origin) < objective else None

    def _direction(self, here: Tensor, seen: Look) -> Tensor:
        """``−H⁻¹g`` (M,), solved in units that make the diagonal of H 1: scales do no harm."""
        gradient = seen.gradient.flatten()
        diagonal = seen.hessian.diagonal() if self._dense else seen.hessian
        unit = torch.where(diagonal > 0, diagonal, 1).rsqrt()
        if self._dense:
            scaled = seen.hessian * unit * unit.unsqueeze(1)
            for ridge in RIDGES:  # columns that say the same leave H singular
                raised = scaled.clone()
                raised.diagonal().add_(ridge)
                factor, failed = torch.linalg.cholesky_ex(raised)
                if failed or float(factor.diagonal().min()) ** 2 < SINGULAR:
                    continue
                found = torch.cholesky_solve((unit * gradient).unsqueeze(1), factor)
                if ridge > RIDGES[0]:  # what is along such columns is rounding: away with it
                    found = torch.cholesky_solve(scaled @ found, factor)
                return -unit * found.squeeze(1)
            return -gradient
        return -unit * self._solved_by_products(here, unit, unit * gradient)

    def _solved_by_products(self, here: Tensor, unit: Tensor, right: Tensor) -> Tensor:
        """By conjugate gradients, the closer the nearer to the optimum (Nocedal and Wright 2006, §7.1)."""
        from scipy.sparse.linalg import LinearOperator, cg  # takes long to import

        def product(v: np.ndarray) -> np.ndarray:
            along = (unit * torch.from_numpy(v).to(unit)).view_as(here)
            found: np.ndarray = (unit * self._product(here, along).flatten()).cpu().numpy()
            return found

        size = len(unit)
        length = float(right.norm())
        found, _ = cg(
            LinearOperator((size, size), matvec=product, dtype=np.float64),
            right.cpu().numpy(),
            rtol=min(0.1, sqrt(length)),
            maxiter=min(size, PRODUCTS),
        )
        return torch.from_numpy(found).to(unit)

    # --- passes over the rows ---

    def _look(self, theta: Tensor) -> Look:
        loss, n, decay = self._what.loss, self._what.part.all_rows, self._decay
        total, gradient = 0.0, torch.zeros_like(theta)
        size, outputs = theta.numel(), loss.outputs
        columns = size // outputs
        hessian = theta.new_zeros(
            (outputs, columns, outputs, columns) if self._dense else (outputs, columns)
        )
        for X, y, weight in self._blocks():
            z = logits(X, theta)
            total += float(loss.rows(z, y, weight).sum())
            gradient += summed_gradient(X, residuals(loss, z, y, weight), torch.empty_like(theta))
            for of in range(outputs):
                curved = loss.curve(z, _along(z, of, outputs), weight).view(outputs, -1)
                if self._dense:
                    for by in range(of + 1):
                        hessian[by, :, of].addmm_(X.t(), X * curved[by].unsqueeze(1))
                else:
                    hessian[of] += curved[of] @ X.square()
        if self._dense:
            for of in range(outputs):
                for by in range(of):
                    hessian[of, :, by] = hessian[by, :, of].t()
        if self._what.ranks.world > 1:
            seen = torch.tensor(total, dtype=torch.float64), gradient, hessian
            summed, gradient, hessian = self._what.ranks.sum(*seen)
            total = float(summed)
        hessian = hessian.view(size, size) if self._dense else hessian.view(size)
        hessian /= n
        (hessian.diagonal() if self._dense else hessian).add_(decay.expand(theta.shape).flatten())
        gradient.div_(n).add_(theta * decay)
        mean = total / n
        return Look(mean, mean + self._penalty(theta), gradient, hessian)

    def _objective(self, theta: Tensor) -> float:
        loss = self._what.loss
        total = sum(float(loss.rows(logits(X, theta), y, weight).sum()) for X, y, weight in self._blocks())
        return sum_number(self._what.ranks, total) / self._what.part.all_rows + self._penalty(theta)

    def _product(self, theta: Tensor, along: Tensor) -> Tensor:
        """``H·v`` of weights ``along``, in the shape of the weights."""
        found = torch.zeros_like(theta)
        for X, _, weight in self._blocks():
            curved = self._what.loss.curve(logits(X, theta), logits(X, along), weight)
            found += summed_gradient(X, curved, torch.empty_like(theta))
        found = self._what.ranks.sum(found)[0]
        return found.div_(self._what.part.all_rows).add_(along * self._decay)

    def _penalty(self, theta: Tensor) -> float:
        return float((self._decay * theta.square()).sum()) / 2

    def _blocks(self) -> Iterator[tuple[Tensor, Tensor, Tensor | None]]:
        """Rows, targets and weights in float64, by the block."""
        part, loss = self._what.part, self._what.loss
        for start in range(0, part.rows, self._rows):
            cut = slice(start, min(start + self._rows, part.rows))
            X = part.X[cut].double()
            weight = None if part.weight is None else part.weight[cut].double()
            yield X, loss.targets(part.y[cut], X).double(), weight
            part.let_go(cut.start, cut.stop)


def _along(z: Tensor, of: int, outputs: int) -> Tensor:
    """1 in one of the logits of each row, and 0 in the others; of the shape of ``z``."""
    if outputs == 1:
        return torch.ones_like(z)
    found = torch.zeros_like(z)
    found[of] = 1
    return found
