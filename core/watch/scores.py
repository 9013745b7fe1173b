"""What a script's own predictions score on the inputs that were captured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from lrtui.core.watch.observation import Array, Observation, numeric
from lrtui.core.watch.rules.activations import gives_logits, squashed
from lrtui.core.watch.rules.seen import LOGISTIC, losses

ONE_LABEL = 0.98  # of the rows
CLASSES = 50  # beyond which numbers are no labels


@dataclass(frozen=True)
class Scores:
    """Numbers of one run; ``None`` where there is none.

    Attributes:
        accuracy, balanced_accuracy: of the labels that the script makes, by the targets that it has.
        majority_share: of the label that is made most often. loss: the last that was seen in training.
        rows: how many labels. classes: how many different targets.
        test_loss: of rows that it does not learn from, where it is a loss of probabilities.
    """

    accuracy: float | None = None
    balanced_accuracy: float | None = None
    majority_share: float | None = None
    loss: float | None = None
    rows: int = 0
    classes: int = 0
    test_loss: float | None = None

    @property
    def one_label(self) -> bool:
        """Whether nearly all rows get one label, where there are others to give."""
        return self.classes > 1 and self.majority_share is not None and self.majority_share >= ONE_LABEL

    def to_json(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def scores(seen: Observation) -> Scores:
    """Of labels where the script compares them with targets; else by the usual cut of its outputs."""
    loss, test_loss, found = _last_loss(seen), held_loss(seen), answers(seen)
    scored = Scores(loss=loss) if found is None else _scored(*found, loss)
    return replace(scored, test_loss=test_loss)


def answers(seen: Observation) -> tuple[Array, Array] | None:
    """The labels that the script makes at its end, and the targets that go with them."""
    for labels, truth in (_compared(seen), _masked(seen), *_usual(seen)):
        if labels is not None and truth is not None and len(labels) == len(truth) and len(labels) > 1:
            return labels, truth
    return None


def _scored(labels: Array, truth: Array, loss: float | None) -> Scores:
    values, counts = np.unique(labels, return_counts=True)
    classes = np.unique(truth)
    if len(values) > CLASSES or len(classes) > CLASSES:
        return Scores(loss=loss, rows=len(labels))
    right = labels == truth
    shares = [float(right[truth == value].mean()) for value in classes]
    return Scores(
        float(right.mean()),
        float(np.mean(shares)),
        float(counts.max() / len(labels)),
        loss,
        len(labels),
        len(classes),
    )


def _last_loss(seen: Observation) -> float | None:
    frames = seen.by_kind.get("backward", [])
    if not frames:
        return None
    told = [frame for frame in seen.by_kind["tensor"] if frame["id"] == frames[-1]["id"]]
    value = numeric(told[-1].get("mean", "nan")) if told else float("nan")
    return value if np.isfinite(value) else None


def _compared(seen: Observation) -> tuple[Array | None, Array | None]:
    """Labels and targets of the comparison that comes last in the script's run, all of its batches."""
    found: dict[Any, list[tuple[Array, Array]]] = {}
    for frame in seen.by_kind.get("decision", []):
        if frame["how"] != "compare" or len(frame["given"]) != 2:
            continue
        (one, first), (other, second) = frame["given"]
        if first == second:
            continue
        if second:
            one, other = other, one
        labels, truth = seen.arrays.get((one, "final")), seen.arrays.get((other, "final"))
        if labels is not None and truth is not None and labels.size == truth.size > 1:
            found.setdefault(tuple(frame["place"] or ()), []).append((labels.ravel(), truth.ravel()))
    if not found:
        return None, None
    largest = max(
        found.values(), key=lambda pairs: (sum(len(labels) for labels, _ in pairs) > 1, _late(found, pairs))
    )
    return np.concatenate([pair[0] for pair in largest]), np.concatenate([pair[1] for pair in largest])


def _masked(seen: Observation) -> tuple[Array | None, Array | None]:
    """Labels, and targets that are compared with a class, so as to count class by class."""
    labels = truth = None
    for frame in seen.by_kind.get("decision", []):
        if len(frame["given"]) != 1:
            continue
        number, hangs = frame["given"][0]
        values = seen.arrays.get((number, "final"))
        if values is None or values.size < 2:
            continue
        if frame["how"] == "decide" and hangs:
            labels = values.ravel()
        elif frame["how"] == "compare" and not hangs:
            truth = values.ravel()
    return (labels, truth) if labels is not None and truth is not None else (None, None)


def _late(found: dict[Any, list[tuple[Array, Array]]], pairs: list[tuple[Array, Array]]) -> int:
    return next(index for index, value in enumerate(found.values()) if value is pairs)


def _usual(seen: Observation) -> Iterator[tuple[Array | None, Array | None]]:
    """Labels by the usual cut of what goes into the loss, or of what a model gives."""
    for loss in reversed(losses(seen)):
        truth = seen.arrays.get((loss.target, "target"))
        outputs = [number for number, _ in seen.upward(loss.output) if number in seen.outputs]
        for number in outputs[:1]:
            output = seen.arrays.get((number, "output"))
            told = truth is not None and len(np.unique(truth)) > 1  # not the ones of a GAN, say
            if told and truth is not None and output is not None and len(output) == len(truth):
                one = truth.ndim < 2 or truth.shape[1] == 1
                yield (
                    _cut(output, truth, logits=gives_logits(seen, loss)),
                    truth.ravel() if one else None,
                )


def _cut(output: Array, truth: Array, *, logits: bool) -> Array:
    """Labels of outputs: of one column, cut between the two values that the targets have."""
    if output.ndim == 2 and output.shape[1] > 1:
        return np.asarray(output.argmax(1))
    values = np.unique(truth)
    low, high = values.tolist() if len(values) == 2 else (0.0, 1.0)
    cut = 0.0 if logits else (low + high) / 2
    return np.where(output.ravel() > cut, high, low).astype(np.float32)


def held_loss(seen: Observation) -> float | None:
    """The mean loss of what a model gives for rows that it is only asked about."""
    loss = next(reversed(losses(seen)), None)
    for frame in reversed(seen.by_kind.get("decision", [])):
        given = frame["given"]
        if frame["how"] != "compare" or len(given) != 2 or given[0][1] == given[1][1]:
            continue
        label, truth = (given[0][0], given[1][0]) if given[0][1] else (given[1][0], given[0][0])
        y = seen.arrays.get((truth, "final"))
        for number, _ in seen.upward(label):
            output = seen.arrays.get((number, "output"))
            asked = number not in seen.trained and (number in seen.outputs or not seen.outputs)
            if asked and output is not None and y is not None and loss is not None:
                logits = gives_logits(seen, loss) if seen.outputs else squashed(seen, number) is None
                found = _logistic(output.astype(np.float64), y.ravel(), loss.name, logits=logits)
                return found if found is not None and np.isfinite(found) else None
    return None


def _logistic(output: Array, y: Array, loss: str, *, logits: bool) -> float | None:
    """Cross entropy in nats of logits or probabilities, of as many rows as there are targets."""
    if loss == "cross_entropy" and output.ndim == 2 and len(output) == len(y):
        if not np.isin(y, np.arange(output.shape[1])).all():
            return None  # of one column, say
        rows = np.arange(len(y))
        shifted = output - output.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, y.astype(int)]))
    flat = output.ravel()
    if loss not in LOGISTIC or len(flat) != len(y) or not np.isin(y, (0, 1)).all():
        return None
    if not logits:
        flat = np.clip(flat, 1e-7, 1 - 1e-7)
        flat = np.log(flat) - np.log1p(-flat)
    return float(np.mean(np.logaddexp(0.0, flat) - flat * y))
