"""Suspects of a model of any kind: settings that measurements speak against, to be tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from lrtui.core.watch.finding import Finding
from lrtui.core.watch.learned import Learned
from lrtui.core.watch.observation import Observation
from lrtui.core.watch.rules.seen import places
from lrtui.core.watch.scores import Scores

FAR = 3.0  # means or spreads of columns, beyond which their scale may be to blame
LOW = {
    "Adam": 1e-3,
    "AdamW": 1e-3,
    "RMSprop": 1e-3,
    "SGD": 0.05,
}  # rates below which steps may be too small
MANY = 2000  # steps that are hardly too few
RARE = 0.25
UNSURE = 0.7  # nats a row: a loss as of who knows nothing of two classes
SMALL = 4  # rows of a batch
WIDE = 8.0  # times the spread of first weights that a layer needs


def suspects(seen: Observation, data: Learned, now: Scores) -> Iterator[Finding]:
    """The likeliest first."""

    def suspect(cause: str, sentence: str, **facts: Any) -> Finding:
        return Finding(cause, places(seen), {"suspect": True, "sentence": sentence, **facts})

    if dead_relus(seen):
        yield suspect(
            "dead-relu", "A whole layer of ReLUs gives 0 for every row, and no gradient passes it."
        )
    spread, centre = data.X.std(axis=0), np.abs(data.X.mean(axis=0))
    used = spread[spread > 0]
    if len(used) and (used.max() > FAR * 3 or used.max() / used.min() > 30):
        yield suspect(
            "unscaled",
            f"The columns' spreads run from {used.min():.3g} to {used.max():.3g}.",
            smallest=float(used.min()),
            largest=float(used.max()),
        )
    elif len(used) and (centre[spread > 0] / used).max() > FAR:
        yield suspect("uncentred", "Columns lie far from 0 for their spread.")
    yield from batches(seen, data)
    yield from _steps(seen, data, suspect)
    if now.test_loss is not None and now.test_loss > UNSURE and (now.loss or 0.0) < now.test_loss / 4:
        epochs = _epochs(seen, data)
        yield suspect(
            "overfitting",
            f"The loss is {now.loss or 0.0:.3g} on rows it learns from, and {now.test_loss:.3g} on others.",
            tries=[
                {"weight_decay": 0.1},
                {"epochs": max(epochs // 25, 1)},
                {"epochs": max(epochs // 8, 1)},
            ],
        )
    values, counts = np.unique(data.y, return_counts=True)
    if len(values) == 2 and counts.min() / counts.sum() < RARE:
        yield suspect(
            "imbalance",
            f"Only {counts.min() / counts.sum():.0%} of the rows are of the rarer class.",
            pos_weight=round(float(counts[0] / counts[1]), 3),
        )


def _steps(seen: Observation, data: Learned, suspect: Callable[..., Finding]) -> Iterator[Finding]:
    """Settings of the optimizer."""
    made = next(iter(seen.optimizers), None)
    end = seen.first("end") or {}
    steps = int(end.get("steps", 0))
    lr, usual = _rate(seen)
    decay = float((made or {}).get("groups", [{"values": {}}])[0]["values"].get("weight_decay", 0.0) or 0.0)
    if decay >= 0.01:
        yield suspect(
            "weight-decay-too-strong",
            f"A weight decay of {decay:g} holds the weights near 0.",
            weight_decay=0.0,
        )
    if first_weights(seen) > WIDE:
        yield suspect("bad-init", "The first weights are far larger than such layers need.")
    if lr and lr > 10 * usual:
        yield suspect(
            "lr-too-high", f"The learning rate {lr:g} is high for this optimizer.", tries=_rates(usual)
        )
    if lr and lr < usual / 5:
        yield suspect(
            "lr-too-low", f"The learning rate {lr:g} is low for this optimizer.", tries=_rates(usual)
        )
    if (few := _few(steps, seen, data)) is not None:
        yield suspect("too-few-epochs", **few)


def _few(steps: int, seen: Observation, data: Learned) -> dict[str, Any] | None:
    if not 0 < steps < MANY / 10:
        return None
    times = dict.fromkeys((10, -(-MANY // steps)))
    tries = [{"epochs": many * _epochs(seen, data)} for many in times]
    return {"sentence": f"After {steps:,} steps the loss still falls.", "tries": tries}


def few_steps(seen: Observation, data: Learned) -> dict[str, Any] | None:
    """What to say and to try where steps are few, and their learning rate is one as people take it."""
    lr, usual = _rate(seen)
    if lr < usual / 5:
        return None
    return _few(int((seen.first("end") or {}).get("steps", 0)), seen, data)


def _rate(seen: Observation) -> tuple[float, float]:
    """The learning rate of the optimizer that takes the most steps, and one below which few go."""
    made: Mapping[str, Any] = next(iter(seen.optimizers), {})
    values = made["groups"][0]["values"] if made else {}
    return float(values.get("lr", 0.0) or 0.0), LOW.get(made.get("name", ""), 0.01)


def _epochs(seen: Observation, data: Learned) -> int:
    steps = int((seen.first("end") or {}).get("steps", 0))
    return max(steps // max(-(-len(data.X) // data.batch), 1), 1)


def _rates(usual: float) -> list[dict[str, float]]:
    """Learning rates to try: of small data, where steps are few, a larger one is as usual."""
    return [{"lr": 10 * usual}, {"lr": usual}]


def batches(seen: Observation, data: Learned) -> Iterator[Finding]:
    """What can be wrong with batches, of any model: the doctor knows of neither noise nor order."""
    if by_class(data):
        words = "The rows come class by class, and each batch holds one class alone."
        yield Finding("not-shuffled", places(seen), {"suspect": True, "sentence": words, "likely": True})
    if data.batch <= SMALL and len(data.X) > 10 * SMALL:
        words = f"Batches of {data.batch} give gradients that are mostly noise."
        sizes = [{"batch_size": 64}, {"batch_size": 16}]
        yield Finding("batch-too-small", places(seen), {"suspect": True, "sentence": words, "tries": sizes})


def dead_relus(seen: Observation) -> bool:
    """Whether some layer's ReLUs are 0 for all rows of a batch that is learned from."""
    relus = [op for op in seen.ops if op.name in ("relu", "relu_", "clamp_min") and op.out]
    return any(seen.bounds(op.out[0])[1] == 0 and op.out[0] in seen.trained for op in relus)


def by_class(data: Learned) -> bool:
    """Whether rows in their order change class hardly ever."""
    return data.batch < len(data.y) and int((np.diff(data.y) != 0).sum()) < len(np.unique(data.y)) + 2


def first_weights(seen: Observation) -> float:
    """The largest ratio of a layer's first spread to what its inputs ask for."""
    ratios = [0.0]
    for (_, use), values in seen.arrays.items():
        if use == "first" and values.ndim in (1, 2) and values.size > 1:
            inputs = values.shape[1] if values.ndim == 2 and values.shape[1] > 1 else values.shape[0]
            ratios.append(float(values.std() * np.sqrt(inputs)))
    return max(ratios)
