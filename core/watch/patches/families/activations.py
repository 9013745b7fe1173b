"""``double-activation``, ``one-output-softmax``, ``relu-before-sigmoid``: what comes before the loss.

Reads the places ``loss`` and ``forward``; of ``one-output-softmax`` the facts ``columns`` (1 where it is
missing) and ``dim``. The activation is found by following the predictions back from the loss, and the
thresholds that meant probabilities by following what they compare.
"""

from __future__ import annotations

import libcst as cst

from lrtui.core.watch.patches.argmaxes import argmaxes, to_threshold
from lrtui.core.watch.patches.flow import Step, last_name, trace
from lrtui.core.watch.patches.losses import Loss, loss_lines, loss_of
from lrtui.core.watch.patches.mending import became_logits, drop, inside
from lrtui.core.watch.patches.names import values
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import argument, made

LOGITS = ("BCEWithLogitsLoss", "CrossEntropyLoss")


def way(script: Script, loss: Loss | None) -> list[Step]:
    """The steps back from the predictions; of a loss by hand those from each name in it."""
    if loss is not None:
        return list(trace(script, loss.output))
    names = [name for line in loss_lines(script) for name in script.own(line, cst.Name)]
    return [step for name in names for step in trace(script, name)]


def double(script: Script) -> bool:
    """Drop the activation that the loss has inside, and mend the thresholds; of two the last."""
    loss = loss_of(script)
    steps = way(script, loss)
    squashing = [step for step in steps if step.kind in ("sigmoid", "softmax")]
    if loss is not None and loss.kind in LOGITS and squashing:
        became_logits(script, squashing[0])
        return drop(script, squashing[0])
    if len(squashing) > 1 and squashing[0].kind == squashing[1].kind:
        return drop(script, squashing[0])
    return False


def softmax(script: Script) -> bool:
    """Over one column a sigmoid, or the logits that the loss wants; over the rows the columns."""
    loss = loss_of(script)
    step = next((one for one in way(script, loss) if one.kind in ("softmax", "log_softmax")), None)
    if step is None:
        return False
    if script.fact("columns") not in (None, 1):
        return _over_columns(script, step)
    if step.kind == "log_softmax":
        return False
    if loss is not None and loss.kind in LOGITS:
        became_logits(script, step)
        return drop(script, step) and _choices(script, step, "0.0")
    return _sigmoid(script, step) and _choices(script, step, "0.5")


def _choices(script: Script, step: Step, limit: str) -> bool:
    """Mend each argmax over what came through a step; there may be none."""
    for call in argmaxes(script, script.every(cst.Call)):
        if any(one.node is step.node for one in trace(script, inside(call))):
            to_threshold(script, call, limit)
    return True


def _built(script: Script, step: Step) -> cst.Call | None:
    """Where the module of a step is constructed; None of a function."""
    node = step.node
    if step.inner is not None:
        node = node.func if isinstance(node, cst.Call) else node
    found = values(script, node)
    return next((one for one in found if isinstance(one, cst.Call) and last_name(one)[:1].isupper()), None)


def _sigmoid(script: Script, step: Step) -> bool:
    built = _built(script, step)
    if built is None:
        torch = script.spelled(step.node, "torch.sigmoid")
        script.edits.change(step.node, lambda now: made(f"{torch}({{x}})", x=inside(now)))
        return True
    script.edits.change(built, lambda now: now.with_changes(args=[]))
    if isinstance(built.func, cst.Attribute):
        script.edits.change(built.func.attr, lambda _: cst.Name("Sigmoid"))
    else:
        script.replace(built.func, script.spelled(built, "torch.nn.Sigmoid"))
    return True


def _over_columns(script: Script, step: Step) -> bool:
    call = _built(script, step) or step.node
    if not isinstance(call, cst.Call):
        return False
    method = isinstance(call.func, cst.Attribute) and inside(call) is call.func.value
    module = call is not step.node
    given = argument(call, 0 if module or method else 1, "dim")
    if given is None:
        return False
    script.replace(given.value, "1")
    return True


def relu(script: Script) -> bool:
    """Drop the ReLU behind the last layer."""
    for step in way(script, loss_of(script)):
        if step.kind == "relu":
            return drop(script, step)
        if step.kind == "linear":
            return False
    return False


PATCHES = {"double-activation": double, "one-output-softmax": softmax, "relu-before-sigmoid": relu}
