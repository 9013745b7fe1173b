"""What is measured at an epoch, as plain numbers that travel as JSON. No torch in here."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite
from typing import Any

BINS = 40
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
