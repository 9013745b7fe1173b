"""A script whose model is logistic or softmax regression, brought to the doctor as a run of lrtui's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lrtui.core.config import Config
from lrtui.core.doctor.diagnosis import Diagnosis
from lrtui.core.doctor.doctor import diagnose
from lrtui.core.doctor.outcome import Outcome
from lrtui.core.errors import ConfigError
from lrtui.core.watch.experiments import WIDE, by_class, few_steps, first_weights
from lrtui.core.watch.finding import Finding
from lrtui.core.watch.learned import Learned, input_of
from lrtui.core.watch.observation import Array, Observation, Op, numeric
from lrtui.core.watch.rules.activations import squashed
from lrtui.core.watch.rules.answers import CUTS
from lrtui.core.watch.rules.seen import LINEAR, SHAPING, losses, places
from lrtui.core.watch.scores import Scores
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.source import Source

OPTIMIZERS = {"SGD": "sgd", "Adam": "adam", "AdamW": "adamw", "RMSprop": "rmsprop", "LBFGS": "lbfgs"}
SQUASH = {"sigmoid", "softmax", "log_softmax"}
LOGISTIC = {
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "nll_loss",
    "by hand",
}
INFORMS = {"separable"}
ROWS_EACH, NEEDED = 2, 10  # rows a weight: of which fewer are learned by heart; that are enough
FINE = 0.9  # balanced accuracy on rows held back, from which so few were enough
EVEN = 0.8  # rows of the rarest class, over what each would have
SLOW = {"too-few-epochs", "lr-too-low", "saturated"}  # what first weights far away look like
RENAMED = {"train-test-mismatch": "target-mismatch"}


def layer_of(seen: Observation) -> Op | None:
    """The one linear operation that is the model, where it is no more than that."""
    for loss in losses(seen):
        if loss.name not in LOGISTIC:
            return None
        op, layer = seen.makers.get(loss.output), None
        while op is not None:
            if op.name in LINEAR:
                if layer is not None:
                    return None
                layer = op
            elif op.name not in SHAPING | SQUASH | {"add", "__add__", "log", "rsub"}:
                return None
            hidden = [one for one in op.given if one in seen.of_model and one not in seen.parameters]
            op = seen.makers.get(hidden[0]) if len(hidden) == 1 else None
        return layer
    return None


def ask_doctor(
    seen: Observation, data: Learned, go_on: Callable[[], bool]
) -> tuple[Diagnosis, Config] | None:
    """What the doctor says of it; ``None`` where it is no such model, or cannot be brought over."""
    layer = layer_of(seen)
    if layer is None:
        return None
    classes = np.unique(data.y)
    if not 2 <= len(classes) <= 50 or not np.array_equal(classes, np.arange(len(classes))):
        return None
    theta = _theta(seen, layer, len(classes), data.X.shape[1])
    config = config_of(seen, data)
    if theta is None or config is None:
        return None
    dataset = _dataset(data, len(classes))
    outcome = Outcome(
        theta, config.epochs, None if np.isfinite(theta).all() else config.epochs, _curve(seen)
    )
    try:
        return diagnose(dataset, config, outcome=outcome, go_on=go_on), config
    except (DatasetError, ConfigError, ValueError, FloatingPointError):
        return None


def weighed(seen: Observation) -> bool:
    """Whether the loss weighs rows or classes: what comes of it is not meant to be probabilities."""
    given = [
        value
        for loss in losses(seen)
        if loss.name in LOGISTIC
        for value in (loss.op.value(2, "weight"), loss.op.value(6, "pos_weight"))
    ]
    return any(isinstance(value, dict) for value in given)


def _curve(seen: Observation) -> list[float]:
    told: dict[int, float] = {}
    for frame in seen.by_kind.get("tensor", []):
        told[frame["id"]] = numeric(frame.get("mean", "nan"))
    return [told.get(frame["id"], float("nan")) for frame in seen.by_kind.get("backward", [])]


def _theta(seen: Observation, layer: Op, classes: int, columns: int) -> Array | None:
    """The weights at the end, bias last: (p + 1,), or of K classes (K·(p + 1),)."""
    held = [seen.arrays[number, "last"] for number in layer.given if (number, "last") in seen.arrays]
    if not held:
        return None
    weights = held[0].astype(np.float64)
    bias = held[1].astype(np.float64) if len(held) > 1 else _bias(seen, layer)
    outputs = weights.size // columns
    if weights.size % columns or outputs not in (1, classes):
        return None
    table = (
        weights.reshape(outputs, columns)
        if weights.shape[-1] == columns
        else weights.T.reshape(outputs, columns)
    )
    bias = np.zeros(outputs) if bias is None or bias.size != outputs else bias.ravel()
    if outputs == 2:
        return np.append(table[1] - table[0], bias[1] - bias[0])
    full = np.column_stack([table, bias])
    return full.ravel() if outputs > 1 else full[0]


def _bias(seen: Observation, layer: Op) -> Array | None:
    for op in seen.ops:
        if layer.out[0] in op.given and op.name in ("add", "__add__"):
            for number in op.given:
                if (number, "last") in seen.arrays:
                    return seen.arrays[number, "last"].astype(np.float64)
    return None


def config_of(seen: Observation, data: Learned) -> Config | None:
    """The script's settings as lrtui has them."""
    end, made = seen.first("end"), next(iter(seen.optimizers), None)
    if end is None:
        return None
    values: dict[str, Any] = {"scaling": "none", "lr": 0.0, "optimizer": "sgd", "weight_decay": 0.0}
    if made is not None:
        group = made["groups"][0]["values"]
        name = OPTIMIZERS.get(made["name"])
        if name is None:
            return None
        values |= {
            "lr": group.get("lr", 0.01),
            "weight_decay": group.get("weight_decay", 0.0),
            "optimizer": name,
        }
        if name == "sgd" and group.get("momentum"):
            values |= {
                "optimizer": "nesterov" if group.get("nesterov") else "momentum",
                "momentum": group["momentum"],
            }
    batches = max(-(-len(data.X) // data.batch), 1)
    steps = end["steps"] if made is not None else end["backwards"]
    first = [seen.arrays[key] for key in seen.arrays if key[1] == "first"]
    spread = max((float(np.std(entry)) for entry in first if entry.size > 1), default=0.0)
    values |= {
        "epochs": max(steps // batches, 1),
        "batch_size": 0 if batches == 1 else data.batch,
        "shuffle": _shuffled(seen, data),
        "threshold": round(_threshold(seen), 6),
        "init": "normal" if spread > 0 else "zeros",
        "init_std": min(max(spread, 1e-4), 1000.0),
        "loss": "bce"
        if any(loss.name == "binary_cross_entropy" for loss in losses(seen))
        else "bce-logits",
    }
    if values["lr"] == 0.0:
        return None
    try:
        return Config(**values)
    except ValueError:
        return None


def _shuffled(seen: Observation, data: Learned) -> bool:
    loaders = [frame for frame in seen.by_kind.get("loader", []) if frame["grad"]]
    if loaders:
        return all(frame["sampler"] != "SequentialSampler" for frame in loaders)
    for loss in losses(seen):
        number = input_of(seen, loss)
        picked = None if number is None else seen.makers.get(number)
        if picked is not None and picked.name == "__getitem__":
            base = seen.makers.get(picked.given[0])
            drawn = base is not None and base.name == "__getitem__" and len(base.given) == 2
            if len(picked.given) != 2:
                return drawn  # by slices of rows, which stay in their order where they were not drawn
            rows = seen.shape(picked.given[1])
            least, most = seen.bounds(picked.given[1])
            in_order = len(rows) == 1 and 1 < rows[0] == most - least + 1 < len(data.X)
            return drawn or not in_order
    return True


def _threshold(seen: Observation) -> float:
    """The probability at which the script cuts labels."""
    for op in seen.ops:
        value = op.value(1, "other") if op.name in CUTS else None
        if not isinstance(value, int | float) or isinstance(value, bool) or not op.given:
            continue
        if op.given[0] not in seen.of_model or op.given[0] in seen.trained:
            continue
        if squashed(seen, op.given[0]) is None:
            return float(1 / (1 + np.exp(-np.clip(value, -50, 50))))
        return min(max(float(value), 0.0), 1.0)
    return 0.5


def _dataset(data: Learned, classes: int) -> Dataset:
    X, y, mask = data.X, data.y, None
    if data.test is not None:
        X, y = np.concatenate([X, data.test[0]]), np.concatenate([y, data.test[1]])
        mask = np.arange(len(X)) >= len(data.X)
    return Dataset(
        Source("script"),
        np.ascontiguousarray(X, dtype=np.float64),
        y.astype(np.int8),
        tuple(f"column {index}" for index in range(X.shape[1])),
        tuple(str(index) for index in range(classes)),
        in_test=mask,
    )


def by_heart(seen: Observation, data: Learned, now: Scores) -> Finding | None:
    """Too few rows for so many weights, where rows held back show that something is lacking."""
    weights = (data.X.shape[1] + 1) * max(len(np.unique(data.y)) - 1, 1)
    rows, right = len(data.X), now.balanced_accuracy
    if data.test is None or right is None or right >= FINE or rows >= ROWS_EACH * weights:
        return None
    words = (
        f"{rows} training rows stand against {weights} weights, which can learn them by heart; on rows "
        f"held back the balanced accuracy is {right:.2f}. No setting replaces rows: bring about "
        f"{NEEDED * weights}."
    )
    facts = {"doctor": True, "sentence": words, "rows": rows, "weights": weights}
    return Finding("too-little-data", places(seen), facts)


def findings_of(seen: Observation, data: Learned, found: Diagnosis, config: Config) -> list[Finding]:
    """The doctor's findings, with the facts that a patch of the script needs."""
    named = []
    if by_class(data) and not config.shuffle:
        words = "The rows come class by class, and each batch holds one class alone."
        named.append(Finding("not-shuffled", places(seen), {"doctor": True, "sentence": words}))
    slow = any(finding.cause in SLOW for finding in found.findings)
    if slow and first_weights(seen) > WIDE:
        words = "The first weights are so large that the steps are spent on the way back from them."
        named.append(Finding("bad-init", places(seen), {"doctor": True, "sentence": words}))
    if found.cause == "lr-too-low" and (short := few_steps(seen, data)) is not None:
        named.append(Finding("too-few-epochs", places(seen), {**short, "doctor": True}))
    for finding in found.findings:
        if finding.cause in INFORMS or (finding.cause == "imbalance" and _even(data)):
            continue
        facts: dict[str, Any] = {
            "sentence": finding.sentence,
            "doctor": True,
            **_evidence(finding.evidence),
        }
        facts |= _facts(finding.fix or {}, data, finding.cause)
        named.append(Finding(RENAMED.get(finding.cause, finding.cause), places(seen), facts))
    return named


def _even(data: Learned) -> bool:
    """Whether the classes are about as frequent as each other."""
    counts = np.unique(data.y, return_counts=True)[1]
    return bool(counts.min() > EVEN * counts.mean())


def _evidence(evidence: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in evidence.items() if np.isfinite(value)}


def _facts(fix: Mapping[str, Any], data: Learned, cause: str) -> dict[str, Any]:
    facts = {name: fix[name] for name in ("lr", "epochs", "weight_decay", "batch_size") if name in fix}
    share = float(np.mean(data.y == 1))
    if "threshold" in fix or cause == "threshold":
        threshold = fix.get("threshold", "base-rate")
        facts["threshold"] = share if threshold == "base-rate" else threshold
    if cause == "imbalance":
        facts["pos_weight"] = round((1 - share) / max(share, 1e-6), 3)
    return facts
