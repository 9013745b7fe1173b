"""What a script's model answers, in the numbers that lrtui shows of its own runs."""

from __future__ import annotations

from math import isfinite, nan
from typing import Any

import numpy as np

from lrtui.core.training.measurement import BINS, Measurement
from lrtui.core.watch.observation import Array, Observation, numeric
from lrtui.core.watch.rules.activations import gives_logits
from lrtui.core.watch.rules.seen import losses
from lrtui.core.watch.scores import CLASSES, answers

CUT = 0.5
MANY = ("cross_entropy", "nll_loss")


def probabilities(output: Array, loss: str, *, logits: bool) -> Array | None:
    """p(y = 1) of each row, or of more than two columns p of each class; ``None`` for other outputs.

    ``logits`` says of one column that it holds log-odds.
    """
    found = output.astype(np.float64)
    if not np.isfinite(found).all() or not found.size:
        return None
    if found.ndim == 2 and found.shape[1] > 1:
        if loss not in MANY:
            return None
        shifted = np.exp(found - found.max(1, keepdims=True))
        shares: Array = shifted / shifted.sum(1, keepdims=True)
        return shares[:, 1] if shares.shape[1] == 2 else shares
    flat = found.ravel()
    if logits or flat.min() < 0 or flat.max() > 1:
        flat = 1 / (1 + np.exp(-np.clip(flat, -500, 500)))
    return np.asarray(flat)


def measured(seen: Observation, epoch: int) -> Measurement | None:
    """The script's own labels at its end; ``None`` where there are none, or none that are classes."""
    found = answers(seen)
    if found is None:
        return None
    labels, truth = found
    classes = np.unique(np.concatenate([labels, truth]))
    k = max(len(classes), 2)
    if k > CLASSES or not np.array_equal(classes, np.arange(len(classes))):
        return None
    p, of = _outputs(seen, truth)
    table = np.zeros((k, k), dtype=int)
    np.add.at(table, (truth.astype(int), labels.astype(int)), 1)
    return counted(epoch, _last(seen), table, histogram(p, of, k) or _by_label(labels, truth, k))


def of_batch(output: Array, truth: Array, loss: str, epoch: int, *, logits: bool) -> Measurement | None:
    """The same of one batch, by the usual cut; ``None`` where its targets are no classes."""
    p = probabilities(output, loss, logits=logits)
    k = p.shape[1] if p is not None and p.ndim == 2 else 2
    if p is None or len(p) != len(truth) or not np.isin(truth, np.arange(k)).all():
        return None
    labels = p.argmax(1) if p.ndim == 2 else (p > CUT).astype(int)
    table = np.zeros((k, k), dtype=int)
    np.add.at(table, (truth.astype(int), labels), 1)
    return counted(epoch, nan, table, histogram(p, truth, k) or _by_label(labels, truth, k))


def counted(epoch: int, loss: float, table: Array, bars: tuple[Any, Any]) -> Measurement:
    """The measurement that a table of rows by class and by label comes to."""
    rows, right = table.sum(1), table.diagonal()
    given = table.sum(0)
    accuracy = float(right.sum() / table.sum())
    recalls = right[rows > 0] / rows[rows > 0]
    return Measurement(
        epoch=epoch,
        train_loss=loss,
        test_loss=nan,
        train_accuracy=accuracy,
        test_accuracy=accuracy,
        base_accuracy=float(rows.max() / table.sum()),
        test_balanced_accuracy=float(recalls.mean()),
        test_auc=None,
        majority_label=int(given.argmax()),
        majority_share=float(given.max() / table.sum()),
        gradient_norm=nan,
        weight_norm=nan,
        confusion=tuple(int(count) for count in table.ravel()),
        histogram=bars,
    )


def histogram(p: Array | None, truth: Array, classes: int) -> tuple[Any, Any] | None:
    """Rows by p(y = 1) and by their class, in bins; ``None`` of more than two classes."""
    if p is None or p.ndim != 1 or classes != 2 or len(p) != len(truth):
        return None
    place = np.minimum((p * BINS).astype(int), BINS - 1)
    return tuple(  # type: ignore[return-value]
        tuple(int(n) for n in np.bincount(place[truth == one], minlength=BINS)) for one in (0, 1)
    )


def _by_label(labels: Array, truth: Array, classes: int) -> tuple[Any, Any]:
    if classes == 2:  # labels alone: all that is known is on which side a row lies
        found = histogram(np.where(labels > 0, 1 - 0.5 / BINS, 0.5 / BINS), truth, 2)
        assert found is not None, "as many labels as targets"
        return found
    counts = [np.bincount(one.astype(int), minlength=classes) for one in (labels, truth)]
    return tuple(int(n) for n in counts[0]), tuple(int(n) for n in counts[1])


def _outputs(seen: Observation, truth: Array) -> tuple[Array | None, Array]:
    """What the model gives at the end for the rows that the labels are of, as probabilities."""
    for loss in reversed(losses(seen)):
        for number, frame in reversed(list(seen.outputs.items())):
            output = seen.arrays.get((number, "output"))
            if output is None or len(output) != len(truth) or not frame["output"]:
                continue
            p = probabilities(output, loss.name, logits=gives_logits(seen, loss))
            if p is not None:
                return p, truth
    return None, truth


def _last(seen: Observation) -> float:
    frames = seen.by_kind.get("backward", [])
    told = [f for f in seen.by_kind.get("tensor", []) if frames and f["id"] == frames[-1]["id"]]
    value = numeric(told[-1].get("mean", "nan")) if told else nan
    return value if isfinite(value) else nan
