"""What is measured at an epoch, as plain numbers that travel as JSON. No torch in here."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite
from typing import Any

BINS = 40
RARE = 0.1  # a label given to less than a tenth as many rows as have it is hardly predicted at all
Counts = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Measurement:
    """The state of a model at an epoch, on the full training and test part.

    Losses are those that training minimizes (class weights included, weight decay not).
    ``base_accuracy`` is that of always answering the training part's commoner class;
    ``majority_label`` is the commoner prediction on the test part and ``majority_share`` its share;
    ``confusion`` counts test rows: true negatives, false positives, false negatives, true positives;
    ``histogram`` counts test rows by p(y = 1), by true class, in 40 bins of equal width.
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
    positive_share: float
    gradient_norm: float
    weight_norm: float
    confusion: tuple[int, int, int, int]
    histogram: Counts

    @property
    def one_label(self) -> bool:
        """Whether nearly every test row gets one label, though the test part holds more of the other.

        A model that finds the 2 % positives of an imbalanced dataset also predicts 0 for 98 % of the rows,
        and is healthy: what counts is how many of the rarer prediction there are beside how many there
        should be.
        """
        true_negative, false_positive, false_negative, true_positive = self.confusion
        predicted = (true_negative + false_negative, false_positive + true_positive)
        actual = (true_negative + false_positive, false_negative + true_positive)
        other = 1 - self.majority_label
        return actual[other] > 0 and predicted[other] < max(1, RARE * actual[other])

    def to_json(self) -> dict[str, Any]:
        """A dict for ``json.dumps``; numbers that are not finite are kept as text."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: repr(value) if isinstance(value, float) and not isfinite(value) else value
            for name, value in found.items()
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Measurement:
        """The measurement that ``to_json`` made; fields of a later version are left out."""
        known = {f.name for f in fields(cls)} & data.keys()
        values: dict[str, Any] = {
            name: float(data[name]) if isinstance(data[name], str) else data[name] for name in known
        }
        values["confusion"] = tuple(data["confusion"])
        values["histogram"] = tuple(tuple(counts) for counts in data["histogram"])
        return cls(**values)
