"""What stands between the last layer and the loss, or the label."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lrtui.core.watch.finding import Finding, Place
from lrtui.core.watch.observation import Observation, Op
from lrtui.core.watch.rules.seen import (
    LINEAR,
    Loss,
    definition_of,
    losses,
    made,
    made_by,
    part_of,
    places,
    within_model,
)

SIGMOIDS = {"sigmoid", "sigmoid_", "logsigmoid", "expit", "special_expit"}
OF_LOGITS = {"binary_cross_entropy_with_logits", "soft_margin_loss"}
SOFTMAXES = {"softmax", "log_softmax"}
RELUS = {"relu", "relu_", "relu6", "softplus", "abs", "square", "clamp_min"}
INVERSES = {"reciprocal", "div", "__truediv__", "__rtruediv__", "__rdiv__", "true_divide"}
HAND = {"add", "__add__", "__radd__", "rsub", "exp"}


def squashed(seen: Observation, number: int) -> Op | None:
    """The operation that made probabilities of numbers, if the tensor holds such."""
    op, _ = made_by(seen, number)
    if op is None:
        return None
    if op.name in SIGMOIDS | {"softmax"}:
        return op
    low, high = seen.bounds(number)
    if op.name in INVERSES and low >= 0 and high <= 1 and op.given:
        names = {
            other.name for _, other in list(seen.upward(op.given[-1], through_outputs=True))[:6] if other
        }
        return op if "exp" in names else None
    return None


def gives_logits(seen: Observation, loss: Loss) -> bool:
    """Whether what the model gives are log-odds: the loss, or the script before it, takes their sigmoid."""
    op = squashed(seen, loss.output)
    outside = op is not None and op.name != "softmax" and not within_model(op)
    return outside or loss.name in OF_LOGITS


def _placed(seen: Observation, op: Op, loss: Loss | None = None) -> dict[str, list[Place]]:
    part = part_of(seen, op)
    own = part is not None and bool(part["torch"]) and part["class"] not in ("Sequential", "ModuleList")
    return places(
        seen,
        loss=None if loss is None else loss.place,
        layer=made(part) if own else None,
        activation=op.place,
        definition=definition_of(seen, op),
    )


def double(seen: Observation) -> Iterator[Finding]:
    """Sigmoid before a loss that has its own, softmax before cross entropy, or two in a row."""
    for loss in losses(seen):
        op = squashed(seen, loss.output)
        if op is None:
            continue
        again = squashed(seen, op.given[0]) if op.given else None
        if loss.name in ("binary_cross_entropy_with_logits", "cross_entropy"):
            pass
        elif again is not None and loss.name in ("binary_cross_entropy", "nll_loss", "by hand", "mse_loss"):
            op = again
        else:
            continue
        part = part_of(seen, op)
        facts: dict[str, Any] = {
            "activation": op.name,
            "loss": loss.name,
            "layer": part["class"] if part else None,
        }
        yield Finding("double-activation", _placed(seen, op, loss), facts)
        return


def missing(seen: Observation) -> Iterator[Finding]:
    """A loss that wants probabilities, and gets any number."""
    for op in seen.ops:
        if (
            op.name == "log"
            and op.given
            and op.out
            and op.out[0] in seen.trained
            and _bare(seen, op.given[0])
        ):
            low, high = seen.bounds(op.given[0])
            facts: dict[str, Any] = {"loss": "by hand", "low": _number(low), "high": _number(high)}
            yield Finding("missing-activation", places(seen), facts)
            return
    for loss in losses(seen):
        maker, _ = made_by(seen, loss.output)
        low, high = seen.bounds(loss.output)
        outside = low < 0 or high > 1
        bare = maker is not None and (maker.name in LINEAR | {"relu"} or "add" in maker.name)
        made = "" if maker is None else maker.name
        logarithm = loss.name == "nll_loss" and made not in ("", "log_softmax", "log")
        plain = loss.name == "binary_cross_entropy" and (outside or bare)
        if plain or (logarithm and (high > 0 or bare or made == "softmax")):
            facts = {"loss": loss.name, "low": _number(low), "high": _number(high)}
            yield Finding("missing-activation", places(seen, loss=loss.place), facts)
            return


def _bare(seen: Observation, number: int) -> bool:
    """Whether a tensor is what a linear layer gives, with no more than constants added."""
    op, _ = made_by(seen, number)
    while op is not None and op.name in HAND | {"sub", "__sub__", "mul"} and op.name != "exp":
        tensors = op.given
        if len(tensors) == 2:  # a bias, or targets
            return op.name in ("add", "__add__") and any(one in seen.parameters for one in tensors)
        op, _ = made_by(seen, tensors[0])
    return op is not None and op.name in LINEAR


def _number(value: float) -> float | None:
    return value if value == value and abs(value) != float("inf") else None


def rectified(seen: Observation) -> Iterator[Finding]:
    """ReLU before the last sigmoid: nothing is ever below 0.5."""
    sigmoids = [
        op for op in seen.ops if op.name in SIGMOIDS and op.given and op.out and op.out[0] in seen.trained
    ]
    wanted: list[tuple[int, Op | None]] = [(op.given[0], op) for op in sigmoids]
    wanted += [
        (loss.output, None) for loss in losses(seen) if loss.name == "binary_cross_entropy_with_logits"
    ]
    ends = {number for loss in losses(seen) for number, _ in _straight(seen, loss.output)}
    for number, sigmoid in wanted:
        if sigmoid is not None and sigmoid.out[0] not in ends:
            continue
        op, _ = made_by(seen, number)
        if op is not None and op.name in RELUS and seen.shape(number)[1:] in ((), (1,)):
            part = part_of(seen, op)
            facts: dict[str, Any] = {"activation": op.name, "layer": part["class"] if part else None}
            yield Finding("relu-before-sigmoid", _placed(seen, op), facts)
            return


def _straight(seen: Observation, number: int) -> Iterator[tuple[int, Op | None]]:
    """A tensor and those it was shaped from, to the first that gave values."""
    op = seen.makers.get(number)
    yield number, op
    while (
        op is not None and (op.name in {"log", "clamp"} or made_by(seen, number)[0] is not op) and op.given
    ):
        number = op.given[0]
        op = seen.makers.get(number)
        yield number, op


def one_output(seen: Observation) -> Iterator[Finding]:
    """Softmax over one column, or over the rows of the batch."""
    for op in seen.ops:
        if op.name not in SOFTMAXES or not op.given or op.given[0] not in seen.of_model:
            continue
        shape = seen.shape(op.given[0])
        dim = op.value(1, "dim")
        if dim is None:
            dim = 0 if len(shape) in (0, 1, 3) else 1
        if not isinstance(dim, int) or not shape or len(shape) > 2:
            continue
        dim %= len(shape)
        last = _is_answer(seen, op)
        rows = shape[0] > 1 and dim == 0 and last and _is_batch(seen, shape[0])
        columns = len(shape) == 2 and shape[dim] == 1 and dim == 1
        if columns or rows:
            part = part_of(seen, op)
            name = next((loss.name for loss in losses(seen)), None)
            facts: dict[str, Any] = {
                "columns": shape[1] if len(shape) == 2 else 1,
                "dim": dim,
                "loss": name,
                "kind": "column" if columns else "rows",
                "layer": part["class"] if part else None,
            }
            yield Finding("one-output-softmax", _placed(seen, op), facts)
            return


def _is_batch(seen: Observation, rows: int) -> bool:
    return any(
        seen.shape(n)[:1] == (rows,) for frame in seen.outputs.values() for n in frame["inputs"]
    ) or not (seen.outputs)


def _is_answer(seen: Observation, op: Op) -> bool:
    """Whether it makes what a model gives, or stands outside of any."""
    return bool(op.out) and (
        op.out[0] in seen.outputs or not any(entry[0] == "model" for entry in op.within)
    )


def one_logit(seen: Observation) -> Iterator[Finding]:
    """Cross entropy over one column: always 0."""
    failed = [loss for loss in losses(seen) if loss.name in ("cross_entropy", "nll_loss")]
    for loss in failed:
        shape = seen.shape(loss.output)
        if len(shape) == 2 and shape[1] == 1:
            facts: dict[str, Any] = {
                "output": list(shape),
                "target": list(seen.shape(loss.target)),
                "target_dtype": seen.tensors.get(loss.target, {}).get("dtype"),
                "loss": loss.name,
            }
            yield Finding("cross-entropy-one-logit", places(seen, loss=loss.place), facts)
            return


RULES = (double, missing, rectified, one_output, one_logit)
