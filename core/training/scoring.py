"""What is measured, and what follows from the rows that were counted, of any number of classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor


@dataclass(frozen=True)
class WeightsAt:
    """The weights θ, bias last, and the threshold at an epoch: what is needed to measure it.

    θ is (p + 1,), or (K, p + 1) for K > 2 classes, where the threshold has no meaning.
    """

    epoch: int
    theta: Tensor
    threshold: float


def accuracies(
    actual: Sequence[int], predicted: Sequence[int], right: Sequence[int], commonest: int
) -> dict[str, Any]:
    """What a ``Measurement`` says of rows (K,) of each class of the test part, that get it, and both.

    ``commonest`` is the training part's commonest class. Balanced accuracy is the mean recall over the
    classes that the test part holds.
    """
    rows, majority = sum(actual), predicted.index(max(predicted))
    recalls = [hits / count for hits, count in zip(right, actual, strict=True) if count]
    return {
        "test_accuracy": sum(right) / rows,
        "base_accuracy": actual[commonest] / rows,
        "test_balanced_accuracy": sum(recalls) / len(recalls),
        "majority_label": majority,
        "majority_share": predicted[majority] / rows,
    }
