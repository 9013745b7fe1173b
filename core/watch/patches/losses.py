"""The loss of a script: a loss module or function of torch at the place ``loss``."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from lrtui.core.watch.patches.flow import last_name, trace
from lrtui.core.watch.patches.names import bindings, values
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import argument

FUNCTIONS = {
    "BCELoss": "binary_cross_entropy",
    "BCEWithLogitsLoss": "binary_cross_entropy_with_logits",
    "CrossEntropyLoss": "cross_entropy",
    "NLLLoss": "nll_loss",
    "MSELoss": "mse_loss",
    "L1Loss": "l1_loss",
    "SmoothL1Loss": "smooth_l1_loss",
    "HuberLoss": "huber_loss",
    "SoftMarginLoss": "soft_margin_loss",
}
MODULES = {function: module for module, function in FUNCTIONS.items()}


@dataclass(frozen=True)
class Loss:
    """A call of a loss.

    Attributes:
        kind: the name of its class in ``torch.nn``, also where the function is called.
        call: where predictions and targets are given.
        built: where the module is constructed; None of a function.
        output: the predictions.
        target: the targets.
    """

    kind: str
    call: cst.Call
    built: cst.Call | None
    output: cst.BaseExpression
    target: cst.BaseExpression


def loss_lines(script: Script) -> list[cst.CSTNode]:
    """The statements at the place ``loss``; where it is not known, those that bind what goes backward."""
    found = script.statements("loss")
    if found:
        return found
    for call in script.calls_of("backward", "backward"):
        assert isinstance(call.func, cst.Attribute)
        for one in bindings(script, call.func.value):
            if one.kind == "assign":
                found.append(script.of(one.node).statement(one.node))
    return found


def loss_of(script: Script) -> Loss | None:
    """The loss of torch that is called at the place ``loss``; None of one that is written by hand."""
    for statement in loss_lines(script):
        for call in script.own(statement, cst.Call):
            output, target = argument(call, 0, "input"), argument(call, 1, "target")
            if output is None or target is None:
                continue
            name = last_name(call)
            if name in MODULES:
                return Loss(MODULES[name], call, None, output.value, target.value)
            for built in values(script, call.func):
                if isinstance(built, cst.Call) and last_name(built) in FUNCTIONS:
                    return Loss(last_name(built), call, built, output.value, target.value)
    return None


def alike(script: Script, loss: Loss) -> list[Loss]:
    """Calls of the same loss on the same model's outputs, this one first, then where it is evaluated."""
    found = [loss]
    origin = _last(script, loss.output)
    for call in script.every(cst.Call):
        if call is loss.call:
            continue
        output, target = argument(call, 0, "input"), argument(call, 1, "target")
        if output is None or target is None:
            continue
        if loss.built is None:
            same = last_name(call) == last_name(loss.call)
        else:
            same = loss.built in values(script, call.func)
        if same and (origin is None or _last(script, output.value) is origin):
            found.append(Loss(loss.kind, call, loss.built, output.value, target.value))
    return found


def _last(script: Script, output: cst.BaseExpression) -> cst.CSTNode | None:
    return next((step.node for step in trace(script, output) if step.kind == "linear"), None)


def become(script: Script, loss: Loss, kind: str) -> bool:
    """Let it be another loss wherever it is taken; False where an argument would mean something else."""
    losses = alike(script, loss)
    for one in losses:
        both = [argument(one.call, 0, "input"), argument(one.call, 1, "target")]
        given = [*one.call.args, *(one.built.args if one.built is not None else ())]
        others = [arg for arg in given if arg not in both]
        if any(arg.keyword is None or arg.keyword.value != "reduction" for arg in others):
            return False
    if loss.built is not None:
        _rename(script, loss.built, kind)
    else:
        for one in losses:
            _rename(script, one.call, FUNCTIONS[kind])
    return True


def _rename(script: Script, call: cst.Call, name: str) -> None:
    """Call another function of the same module, in the way in which this one is called."""
    func = call.func
    if isinstance(func, cst.Attribute):
        script.edits.change(func.attr, lambda _: cst.Name(name))
        return
    qualified = script.qualified(func)
    written = script.spelled(func, f"{qualified.rpartition('.')[0] or 'torch.nn'}.{name}")
    script.replace(func, written)
