"""What is measured at an epoch, as plain numbers that travel as JSON. No torch in here."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite, isqrt
from typing import Any

from lrtui.core.config import Config

BINS = 40
RARE = 0.1  # a label given to less than a tenth as many rows as have it is hardly predicted at all
ALL_BUT = 0.98  # of the test rows with one label
Counts = tuple[tuple[int, ...], tuple[int, ...]]


def as_numbers(data: dict[str, Any]) -> dict[str, Any]:
    """What was measured as numbers alone: those that are not finite are text in JSON, and nowhere else."""
    return {name: float(value) if isinstance(value, str) else value for name, value in data.items()}


def threshold_of(config: Config, base_rate: float) -> float:
    """From which p(y = 1) on a row is predicted 1; ``base_rate`` is the training part's share of ones."""
    return base_rate if config.threshold == "base-rate" else config.threshold


@dataclass(frozen=True)
class Measurement:
    """The state of a model at an epoch, on the full training and test part.

    Losses are those that training minimizes (weights of rows and classes included, weight decay not).
    ``base_accuracy`` is that of always answering the training part's commonest class;
    ``majority_label`` is the commonest prediction on the test part and ``majority_share`` its share;
    ``confusion`` counts test rows by their class and, within it, by prediction: true negatives, false
    positives, false negatives and true positives of two classes, K² numbers of K;
    ``histogram`` counts test rows by p(y = 1), by true class, in 40 bins of equal width; of more than two
    classes it counts them by predicted class and by true class.
    """

    epoch: int
    train_loss: float
    test_loss: float
    train_accuracy: float
    test_accuracy: float
    base_accuracy: float
    test_balanced_accuracy: float
    test_auc: float | None
    majority_label: int
    majority_share: float
    gradient_norm: float
    weight_norm: float
    confusion: tuple[int, ...]
    histogram: Counts

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return isqrt(len(self.confusion))

    @property
    def table(self) -> tuple[tuple[int, ...], ...]:
        """The confusion table: for each true class how many of its rows are predicted to be of which."""
        k = self.classes
        return tuple(self.confusion[row : row + k] for row in range(0, k * k, k))

    @property
    def others(self) -> tuple[int, int]:
        """How many test rows get another label than the commonest, and how many have another."""
        k, label = self.classes, self.majority_label
        rows = sum(self.confusion)
        return rows - sum(self.confusion[label::k]), rows - sum(self.confusion[k * label : k * label + k])

    @property
    def one_label(self) -> bool:
        """Whether (nearly) every test row gets one label, though the test part holds more of the others.

        A model that finds the 2 % positives of an imbalanced dataset also predicts 0 for 98 % of the rows,
        and is healthy: what counts is how many of the rarer predictions there are beside how many there
        should be.
        """
        predicted, actual = self.others
        few = predicted < max(1, RARE * actual)
        nearly = few or (self.majority_share >= ALL_BUT and 2 * predicted <= actual)
        return actual > 0 and nearly

    def to_json(self) -> dict[str, Any]:
        """A dict for ``json.dumps``; numbers that are not finite are text, see ``as_numbers``."""
        return {
            name: repr(value) if isinstance(value, float) and not isfinite(value) else value
            for name, value in vars(self).items()
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Measurement:
        """The measurement that ``to_json`` made; fields of a later version are left out."""
        known = {f.name for f in fields(cls)} & data.keys()
        values = {name: value for name, value in as_numbers(data).items() if name in known}
        values["confusion"] = tuple(data["confusion"])
        values["histogram"] = tuple(tuple(counts) for counts in data["histogram"])
        return cls(**values)
