"""``cross-entropy-one-logit`` and ``missing-activation``: a loss that was not made for these outputs.

Reads the places ``loss`` and ``forward``, and the facts ``output`` and ``target`` (shapes) and
``target_dtype``.
"""

from __future__ import annotations

import libcst as cst

from lrtui.core.watch.patches.argmaxes import argmaxes, to_threshold
from lrtui.core.watch.patches.families.activations import way
from lrtui.core.watch.patches.flow import SQUASHING, Step, last_name, trace
from lrtui.core.watch.patches.losses import Loss, alike, become, loss_of
from lrtui.core.watch.patches.mending import drop, inside, thresholds, to_logit, wrapped
from lrtui.core.watch.patches.names import values
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import closed, made


def cross_entropy(script: Script) -> bool:
    """The loss of two classes, targets to match, and a threshold in place of each argmax."""
    loss = loss_of(script)
    if loss is None or loss.kind not in ("CrossEntropyLoss", "NLLLoss"):
        return False
    steps = list(trace(script, loss.output))
    source = next((step for step in steps if step.kind == "linear"), None)
    if not become(script, loss, "BCEWithLogitsLoss"):
        return False
    for step in steps:
        if step.kind in SQUASHING and not drop(script, step):
            return False
    for one in alike(script, loss):
        _as_column(script, one)
    for call in argmaxes(script, script.every(cst.Call)):
        if source is not None and any(one.node is source.node for one in trace(script, inside(call))):
            to_threshold(script, call, "0.0")
    return True


def _as_column(script: Script, loss: Loss) -> None:
    """Targets as floats of the predictions' shape."""
    output, target = script.shape("output"), script.shape("target")
    tail = ""
    if output is None or target is None or len(target) < len(output):
        tail = ".unsqueeze(1)"
    floats = str(script.fact("target_dtype") or "int64").startswith(("float", "torch.float"))

    def change(now: cst.CSTNode) -> cst.BaseExpression:
        assert isinstance(now, cst.BaseExpression)
        if isinstance(now, cst.Call) and last_name(now) == "long" and isinstance(now.func, cst.Attribute):
            return made(f"{{x}}.float(){tail}", x=closed(now.func.value))
        return made(f"{{x}}{'' if floats else '.float()'}{tail}", x=closed(now))

    if tail or not floats:
        script.edits.change(loss.target, change)


def missing(script: Script) -> bool:
    """The loss that takes logits, and thresholds at 0; for a loss by hand a sigmoid."""
    loss = loss_of(script)
    steps = way(script, loss)
    last = next((step for step in steps if step.kind == "linear"), None)
    if loss is None or loss.kind != "BCELoss":
        return last is not None and _squashed(script, last)
    dropped: set[cst.CSTNode] = set()
    for one in alike(script, loss):
        for step in trace(script, one.output):
            if step.kind == "linear":
                break
            if step.kind in SQUASHING or (
                step.kind in ("clamp", "relu") and step.node not in dropped and not drop(script, step)
            ):
                return False
            dropped.add(step.node)
    if last is not None:
        _at_zero(script, last)
    return become(script, loss, "BCEWithLogitsLoss")


def _at_zero(script: Script, last: Step) -> None:
    """Thresholds on the outputs as they are."""
    for one, value, limit in list(thresholds(script)):
        for step in trace(script, value):
            if step.kind in SQUASHING:
                break
            if step.node is last.node:
                to_logit(script, one, value, limit)
                break


def _squashed(script: Script, last: Step) -> bool:
    """Put a sigmoid behind the last layer: around its call, or as the next module in the row."""
    if last.inner is not None:
        assert isinstance(last.node, cst.BaseExpression)
        wrapped(script, last.node, f"{script.spelled(last.node, 'torch.sigmoid')}({{x}})")
        return True
    source = script.of(last.node)
    parent = source.parents[last.node]
    holder = source.parents[parent]
    built = next((one for one in values(script, last.node) if isinstance(one, cst.Call)), None)
    if not isinstance(holder, cst.Call | cst.List) or built is None:
        return False
    name = script.code(built.func).removesuffix(last_name(built)) or "torch.nn."
    items: list[cst.CSTNode] = [*(holder.args if isinstance(holder, cst.Call) else holder.elements)]
    script.edits.put(holder, items.index(parent), f"{name}Sigmoid()")
    return True


PATCHES = {"cross-entropy-one-logit": cross_entropy, "missing-activation": missing}
