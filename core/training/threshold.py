"""From which p(y = 1) on a row is predicted 1. No torch in here: the dashboard draws it."""

from __future__ import annotations

from lrtui.core.config import Config


def threshold_of(config: Config, base_rate: float) -> float:
    """The threshold of a config as a number; ``base_rate`` is the training part's share of ones."""
    return base_rate if config.threshold == "base-rate" else config.threshold
