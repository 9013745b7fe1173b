"""What a class weighs in the loss. No torch in here."""

from __future__ import annotations

from lrtui.core.config import Config


def class_weights(config: Config, rows: float, positive: float) -> tuple[float, float] | None:
    """The weights of class 0 and 1: ``n / (2·n_c)`` for ``balanced``, as in scikit-learn; else ``None``.

    ``rows`` and ``positive`` are counted on the training part. Where it holds one class, both weigh 1.
    """
    if config.class_weight == "none":
        return None
    if positive in (0, rows):
        return 1.0, 1.0
    return rows / (2 * (rows - positive)), rows / (2 * positive)
