"""``no-nonlinearity``: linear layers in a row, which are one.

Reads the places ``loss`` and ``forward``; no facts. Every layer whose output goes into another with nothing
but shapes and dropout between them gets a nonlinearity: ReLU, and in layers of fewer than 16 units, where
many would die, tanh.
"""

from __future__ import annotations

import libcst as cst

from lrtui.core.watch.patches.families.activations import way
from lrtui.core.watch.patches.flow import Step, last_name
from lrtui.core.watch.patches.losses import loss_of
from lrtui.core.watch.patches.mending import wrapped
from lrtui.core.watch.patches.names import literal, values
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import argument, number

FEW = 16


def insert(script: Script) -> bool:
    """Put a nonlinearity behind each layer that goes into another."""
    between = True
    for step in way(script, loss_of(script)):
        if step.kind == "linear":
            if not between:
                _behind(script, step)
            between = False
        elif step.kind in ("relu", "other", "sigmoid", "softmax", "log_softmax") or step.kind == "end":
            between = True
    return bool(script.edits)


def _behind(script: Script, step: Step) -> None:
    built = _layer(script, step)
    width = None
    if built is not None and last_name(built) == "Linear":
        given = argument(built, 1, "out_features")
        width = number(literal(script, given.value)) if given is not None else None
    few = width is not None and width < FEW
    if step.inner is not None:
        assert isinstance(step.node, cst.BaseExpression)
        name = script.spelled(step.node, "torch.tanh" if few else "torch.relu")
        wrapped(script, step.node, f"{name}({{x}})")
        return
    source = script.of(step.node)
    parent = source.parents[step.node]
    holder = source.parents[parent]
    if built is None or not isinstance(holder, cst.Call | cst.List):
        return
    prefix = script.code(built.func).removesuffix(last_name(built))
    module = f"{prefix}{'Tanh' if few else 'ReLU'}()"
    if not prefix:
        module = f"{script.spelled(step.node, 'torch.nn.Tanh' if few else 'torch.nn.ReLU')}()"
    if isinstance(holder, cst.Call) and last_name(holder) == "append":
        script.edits.after(source.statement(holder), f"{script.code(holder.func)}({module})")
        return
    items: list[cst.CSTNode] = [*(holder.args if isinstance(holder, cst.Call) else holder.elements)]
    script.edits.put(holder, items.index(parent), module)


def _layer(script: Script, step: Step) -> cst.Call | None:
    node = step.node
    if step.inner is not None:
        node = node.func if isinstance(node, cst.Call) else node
    return next((one for one in values(script, node) if isinstance(one, cst.Call)), None)


PATCHES = {"no-nonlinearity": insert}
