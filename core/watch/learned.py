"""The data that a script learned from and is tested on, put together from what was captured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import entr

from lrtui.core.watch.observation import Array, Frame, Observation
from lrtui.core.watch.rules.seen import LINEAR, Loss, losses

MOST = 50  # different targets that are classes
BATCHES = 64  # put together where no whole table was seen


@dataclass(frozen=True)
class Learned:
    """Rows as the model gets them.

    Attributes:
        X: (n, p). y: (n,). test: the same of rows that the script answers for without learning from them.
        batch: rows of a batch. whole: whether all rows that it learns from are here.
    """

    X: Array
    y: Array
    batch: int
    test: tuple[Array, Array] | None = None
    whole: bool = True


def learned(seen: Observation) -> Learned | None:
    """The captured data, where inputs are a table and targets are one number a row."""
    for loss in losses(seen):
        number = input_of(seen, loss)
        x = None if number is None else _array(seen, number)
        if number is None or x is None or x.ndim != 2:
            continue
        y = _array(seen, loss.target)
        if y is None or y.size != len(x):
            continue
        table = _base(seen, number, loss.target) or _dataset(seen, len(x))
        if table is not None and table[0].ndim == 2 and table[0].shape[1] == x.shape[1]:
            return Learned(table[0], table[1].ravel(), len(x), _tested(seen, x.shape[1]))
        X, Y, whole = _batches(seen, number, loss, x, y)
        return Learned(X, Y, len(x), _tested(seen, x.shape[1]), whole)
    return None


def base_loss(y: Array) -> float:
    """The lowest mean loss of a model that answers every row alike, in nats: the entropy of the classes."""
    counts = np.unique(y, return_counts=True)[1]
    return float(entr(counts / counts.sum()).sum())


def input_of(seen: Observation, loss: Loss) -> int | None:
    """The tensor that goes into the model whose output a loss is made of."""
    for number, op in seen.upward(loss.output):
        if number in seen.outputs:
            inputs = seen.outputs[number]["inputs"]
            return int(inputs[0]) if len(inputs) == 1 else None
        if op is not None and op.name in LINEAR and not seen.outputs:
            data = [one for one in op.given if one not in seen.of_model and seen.shape(one)]
            if data:
                return data[0]
    return None


def _array(seen: Observation, number: int) -> Array | None:
    for use in ("input", "target", "base", "dataset"):
        if (number, use) in seen.arrays:
            return seen.arrays[number, use]
    return None


def _base(seen: Observation, x: int, y: int) -> tuple[Array, Array] | None:
    """The tables that a batch of rows and of targets were picked from."""
    of: Mapping[int, Frame] = {f["of"]: f for f in seen.by_kind.get("values", []) if f["use"] == "base"}
    if x in of and y in of:
        one, other = seen.arrays[of[x]["id"], "base"], seen.arrays[of[y]["id"], "base"]
        return (one, other) if len(one) == other.size else None
    return None


def _dataset(seen: Observation, batch: int) -> tuple[Array, Array] | None:
    for frame in seen.by_kind.get("loader", []):
        arrays = [seen.arrays.get((number, "dataset")) for number in frame["tensors"]]
        if not frame["grad"] or len(arrays) != 2:
            continue
        x, y = arrays
        if x is not None and y is not None and len(x) >= batch and len(x) == y.size:
            return x, y
    return None


def _batches(seen: Observation, number: int, first: Loss, x: Array, y: Array) -> tuple[Array, Array, bool]:
    rows: dict[int, tuple[Array, Array]] = {number: (x, y.ravel())}
    for loss in losses(seen):
        other = input_of(seen, loss)
        if other is None or other in rows or len(rows) >= BATCHES:
            continue
        one, targets = _array(seen, other), _array(seen, loss.target)
        if (
            one is not None
            and targets is not None
            and one.shape[1:] == x.shape[1:]
            and targets.size == len(one)
        ):
            rows[other] = one, targets.ravel()
    X = np.concatenate([pair[0] for pair in rows.values()])
    return X, np.concatenate([pair[1] for pair in rows.values()]), len(rows) == 1


def asked(seen: Observation, label: int) -> list[int]:
    """The inputs that a label comes from, where nothing was learned from what the model gave for them."""
    found = []
    for number, op in seen.upward(label):
        if number in seen.trained:
            continue
        if number in seen.outputs:
            found += seen.outputs[number]["inputs"][:1]
        elif op is not None and op.name in LINEAR and not seen.outputs:
            found += [one for one in op.given if one not in seen.of_model and seen.shape(one)]
    return found


def _tested(seen: Observation, columns: int) -> tuple[Array, Array] | None:
    """Rows that the model is only asked about, with the targets that its labels are compared with."""
    pairs = [frame for frame in seen.by_kind.get("decision", []) if frame["how"] == "compare"]
    for frame in pairs:
        given = frame["given"]
        if len(given) != 2 or given[0][1] == given[1][1]:
            continue
        label, truth = (given[0][0], given[1][0]) if given[0][1] else (given[1][0], given[0][0])
        y = seen.arrays.get((truth, "final"))
        for number in asked(seen, label):
            x = _array(seen, number)
            if (
                x is not None
                and y is not None
                and x.ndim == 2
                and x.shape[1] == columns
                and len(x) == y.size
            ):
                return x, y.ravel()
    return None
