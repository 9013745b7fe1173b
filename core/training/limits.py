"""What smoothness says about a learning rate: plain numbers that travel as JSON. No torch in here."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import inf, isfinite
from typing import Any

from lrtui.core.config import Config
from lrtui.core.config.steps import tidy

WITH_MOMENTUM = ("momentum", "nesterov")
MOST = 1e6  # a learning rate that the config takes


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
    """

    full: float
    row: float
    rows: int

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
        """What theory says of a config's learning rate; ``None`` for optimizers that it is silent on."""
        if config.optimizer != "sgd":
            return None
        if self.in_batches(config):
            return self.safe(config.batch_size, config.weight_decay)
        return self.stable_below(config.weight_decay)

    def safe_rate(self, config: Config) -> float:
        """An acting rate that theory calls safe: ``1 / L`` for full batches, ``1 / (2·L_b)`` otherwise."""
        if self.in_batches(config):
            return self.safe(config.batch_size, config.weight_decay)
        return self.stable_below(config.weight_decay) / 2

    def suggested(self, config: Config) -> float | None:
        """The safe rate as a learning rate of 1, 2 or 5; ``None`` where theory names none.

        Rounded up it is 1.6 times as much at most, and twice as much still converges.
        """
        if not has_theory(config):
            return None
        rate = tidy(self.safe_rate(config) * _one_update(config))
        return rate if 0 < rate <= MOST else None

    def to_dict(self) -> dict[str, Any]:
        """For the store; an infinite constant is ``None``."""
        return {name: value if isfinite(value) else None for name, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Smoothness:
        """The constants that ``to_dict`` told."""
        full, row = (inf if data[name] is None else float(data[name]) for name in ("full", "row"))
        return cls(full, row, int(data["rows"]))


def _one_update(config: Config) -> float:
    """The share of what a gradient does that its own update does; momentum does the rest later."""
    return 1 - config.momentum if config.optimizer in WITH_MOMENTUM else 1.0


def _over(number: float, divisor: float) -> float:
    return number / divisor if divisor > 0 else inf
