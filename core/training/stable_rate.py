"""What smoothness says about a learning rate: the one place that limits and advises them.

Plain numbers that travel as JSON; no torch in here. ``Smoothness.limit`` is what people are told, and every
learning rate that anything in lrtui advises comes from ``Smoothness.advised``, none of them beyond it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import floor, inf, isfinite, log10
from typing import Any

from lrtui.core.config import Config
from lrtui.core.config.steps import rung_below

WITH_MOMENTUM = ("momentum", "nesterov")
MOST = 1e6  # a learning rate that the config takes
QUIET = 0.01  # nats: what noise may cost, a third of what is called a difference anywhere
LEAST = 1e-300  # below, floats have not all their digits any more
SHORTER = (0.5, 0.2, 0.1)  # of the suggested rate, for who tries several: noise falls as the rate does
NEARLY = 0.95  # of the limit of full batches: as fast as they go, and still below it


def has_theory(config: Config) -> bool:
    """Whether the constants of smoothness say anything of a config's learning rate."""
    return config.optimizer in ("sgd", *WITH_MOMENTUM)


def acting_rate(config: Config) -> float:
    """The learning rate as it acts: momentum adds up ``1 / (1 − m)`` of it."""
    return _over(config.lr, _one_update(config))


def updates_per_epoch(config: Config, rows: int) -> int:
    """Steps that the optimizer takes in one pass over so many rows."""
    return -(-rows // config.batch_size) if 0 < config.batch_size < rows else 1


@dataclass(frozen=True)
class Smoothness:
    """Smoothness constants of the mean loss of a problem.

    Attributes:
        full: ``L = λmax(X̃ᵀX̃) / 4n``, or ``/ 2n`` of more than two classes.
        row: ``L_max = max‖x̃ᵢ‖² / 4``, or ``/ 2``: that of the worst single row.
        rows: n, the training rows.
        noise: the most that the gradients of single rows differ at the optimum, ``tr Cov``; 0: not known.
    """

    full: float
    row: float
    rows: int
    noise: float = 0.0

    def expected(self, batch_size: int) -> float:
        """Expected smoothness of batches of b rows drawn without replacement.

        ``L_b = [n(b−1)·L + (n−b)·L_max] / (b(n−1))`` (Gower et al. 2019). b = 0 or n: L.
        """
        n, b = self.rows, batch_size
        if b == 0 or b >= n:
            return self.full
        return (n * (b - 1) * self.full + (n - b) * self.row) / (b * (n - 1))

    def stable_below(self, weight_decay: float = 0.0) -> float:
        """Full-batch gradient descent falls monotonically for every lr below ``2 / (L + weight decay)``."""
        return _over(2.0, self.full + weight_decay)

    def safe(self, batch_size: int, weight_decay: float = 0.0) -> float:
        """Mini-batch SGD converges to its noise floor for every lr up to ``1 / (2·(L_b + decay))``."""
        return _over(0.5, self.expected(batch_size) + weight_decay)

    def in_batches(self, config: Config) -> bool:
        """Whether a config takes fewer rows to an update than there are."""
        return 0 < config.batch_size < self.rows

    def limit(self, config: Config) -> float | None:
        """The largest learning rate of which something is proved; ``None`` where nothing is known.

        With full batches of plain SGD the loss, weight decay's part included, never rises below it. With
        momentum m it never rises above where it began: what is left of the last update counts as energy,
        and ``loss + c·‖update‖²`` falls for every lr below ``2·(1 − m) / (L + weight decay)``, with
        ``c = m / 2·lr`` for heavy balls and ``m² / 2·lr`` for Nesterov's (by the descent lemma). Batches
        settle, to their noise floor, up to ``(1 − m) / (2·(L_b + weight decay))``.
        """
        if not has_theory(config):
            return None
        if self.in_batches(config):
            return self.safe(config.batch_size, config.weight_decay) * _one_update(config)
        return self.stable_below(config.weight_decay) * _one_update(config)

    def allows(self, config: Config, lr: float) -> bool:
        """Whether a learning rate keeps to the limit, if there is one."""
        limit = self.limit(config)
        return limit is None or (lr <= limit if self.in_batches(config) else lr < limit)

    def safe_rate(self, config: Config) -> float:
        """An acting rate that theory calls safe: ``1 / L`` for full batches, ``1 / (2·L_b)`` otherwise."""
        if self.in_batches(config):
            return self.safe(config.batch_size, config.weight_decay)
        return self.stable_below(config.weight_decay) / 2

    def most_safe(self, config: Config) -> float | None:
        """The largest learning rate that is safe; ``None`` where nothing is known."""
        return self.safe_rate(config) * _one_update(config) if has_theory(config) else None

    def suggested(self, config: Config) -> float | None:
        """The learning rate to take, of 1, 2 or 5; ``None`` where theory names none.

        The largest that is safe and, with batches, keeps the loss within 0.01 nats of where it settles.
        """
        if not has_theory(config):
            return None
        rate = rung_below(min(self.safe_rate(config), self._quiet_rate(config)) * _one_update(config))
        return rate if LEAST <= rate <= MOST else None

    def _quiet_rate(self, config: Config) -> float:
        """The acting rate at which the noise of batches costs 0.01 nats in the mean.

        Near the optimum it costs ``lr·tr(Cov g) / 4`` for small rates (the stationary distribution of SGD
        on a quadratic), where batches of b drawn without replacement have ``(n − b) / (b·(n − 1))`` of the
        covariance of single rows.
        """
        if not self.in_batches(config):
            return inf
        n, b = self.rows, config.batch_size
        return _over(4 * QUIET, self.noise * (n - b) / (b * (n - 1)))

    def advised(self, config: Config) -> tuple[float, ...]:
        """Learning rates to try, none beyond the limit: the suggested one, as much as is safe, and less.

        Empty where theory names none.
        """
        suggested, safe, limit = self.suggested(config), self.most_safe(config), self.limit(config)
        if suggested is None or safe is None or limit is None:
            return ()
        faster = () if self.in_batches(config) else (_rounded_down(NEARLY * limit),)
        less = (rung_below(suggested * share) for share in SHORTER)
        found = dict.fromkeys((suggested, _rounded_down(safe), *faster, *less))
        return tuple(rate for rate in found if LEAST <= rate <= MOST)

    def to_dict(self) -> dict[str, Any]:
        """For the store; an infinite constant is ``None``."""
        return {name: value if isfinite(value) else None for name, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Smoothness:
        """The constants that ``to_dict`` told."""
        full, row, noise = (
            inf if data[name] is None else float(data[name]) for name in ("full", "row", "noise")
        )
        return cls(full, row, int(data["rows"]), noise)


def _one_update(config: Config) -> float:
    """The share of what a gradient does that its own update does; momentum does the rest later."""
    return 1 - config.momentum if config.optimizer in WITH_MOMENTUM else 1.0


def _rounded_down(number: float) -> float:
    """The largest number of two digits that is not above a positive one."""
    exponent = floor(log10(number)) - 1
    digits = floor(number / 10.0**exponent)
    found = float(f"{digits}e{exponent}")
    return found if found <= number else float(f"{digits - 1}e{exponent}")  # the division was rounded up


def _over(number: float, divisor: float) -> float:
    return number / divisor if divisor > 0 else inf
