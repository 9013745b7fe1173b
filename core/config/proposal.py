"""Defaults that fit the data: how a large table is best trained on first, from its size alone.

The plain defaults take small steps, which suits a few thousand rows. Of more than 20,000 rows the first
run is to take about ten seconds at most, and to end within 1 % of the optimum: that takes the curvature.
Only numbers of rows, columns and classes count, so that a table gets the same proposal on every machine. No
torch and no NumPy in here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from lrtui.core.config.fields import Config, knob
from lrtui.core.config.text import changed, shown_value
from lrtui.datasets.classes import logit_count
from lrtui.datasets.columns import expanded_columns

FIELDS = ("optimizer", "lr", "batch_size", "epochs", "momentum")
"""Who has set one of these knows how to train: then nothing is proposed."""
SMALL = 20_000  # rows: up to here the plain defaults are quick
NEWTON = {"optimizer": "newton", "epochs": 20}
NEWTON_WEIGHTS = 1_000  # up to here its matrix is small beside the rows
NEWTON_WORK = 8e9  # multiplications in an iteration: about a second on one core
LBFGS = {"optimizer": "lbfgs", "lr": 1.0, "batch_size": 0, "epochs": 20}  # of 20 steps each
EVEN = ("standard", "minmax", "maxabs")  # scalings with which its steps, of which none is tested, are safe


class Size(NamedTuple):
    """How large a problem is.

    Attributes:
        rows: of the whole table. train_rows: of its training part.
        columns: as the model sees them, without the bias. classes: of the target.
    """

    rows: int
    train_rows: int
    columns: int
    classes: int

    @classmethod
    def of(cls, config: Config, rows: int, encoded: int, classes: int) -> Size:
        """The size of what a config makes of a table with so many columns once categories are encoded."""
        train_rows = round(rows * (1 - config.test_size) * (1 - config.validation))
        return cls(rows, train_rows, expanded_columns(config.features, encoded), classes)


def proposal(size: Size, *, even: bool = True) -> dict[str, Any]:
    """The fields that are better set otherwise than by default for a problem of this size, by their names.

    ``even``: the features are of one scale. Nothing for up to 20,000 rows, nor for features of any scale
    that are too many for Newton's method.
    """
    if size.rows <= SMALL:
        return {}
    outputs = logit_count(size.classes)
    weights = outputs * (size.columns + 1)
    blocks = outputs * (outputs + 1) / 2  # of its matrix, which is symmetric
    work = size.train_rows * blocks * (size.columns + 1) ** 2
    fits = weights <= NEWTON_WEIGHTS and work <= NEWTON_WORK
    if fits and (outputs == 1 or not even):
        return dict(NEWTON)
    return dict(LBFGS) if even else {}


def is_plain(config: Config) -> bool:
    """Whether a config trains by the plain defaults."""
    return all(getattr(config, name) == getattr(Config(), name) for name in FIELDS)


def plain(config: Config) -> Config:
    """A config with the plain defaults for all that could be proposed."""
    return config.model_copy(update={name: getattr(Config(), name) for name in FIELDS})


def fitted(config: Config, size: Size) -> Config:
    """A config of which nobody has set how it trains, as it is proposed for this size."""
    values = proposal(size, even=config.scaling in EVEN)
    return changed(config, **values) if values and is_plain(config) else config


def proposal_text(config: Config) -> str:
    """``optimizer newton, epochs 20``: what of a config differs from the plain defaults."""
    differs = (name for name in FIELDS if getattr(config, name) != getattr(Config(), name))
    return ", ".join(f"{knob(name).label} {shown_value(name, getattr(config, name))}" for name in differs)


def leaves_open(names: Iterable[str]) -> bool:
    """Whether who has set these fields has left it open how to train."""
    return not set(FIELDS) & set(names)
