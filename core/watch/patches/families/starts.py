"""``bad-init``, ``dead-relu`` and ``saturated``: where training starts.

Reads the places ``init`` (calls that fill parameters in place) and ``parameter`` (made by hand); of
``saturated`` also ``loss``, where a sigmoid before ``BCELoss`` is what leaves no gradient. No facts. A call
that fills is taken out, which leaves the layer's own start; of a parameter made by hand the scale becomes
small.
"""

from __future__ import annotations

import libcst as cst

from lrtui.core.watch.patches.flow import last_name, trace
from lrtui.core.watch.patches.losses import become, loss_of
from lrtui.core.watch.patches.mending import became_logits, drop
from lrtui.core.watch.patches.names import literal
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import argument

SMALL = "0.01"
FILLED = {"full": 1, "full_like": 1}


def start(script: Script) -> bool:
    """Start small."""
    for line in script.statements("init"):
        if isinstance(line, cst.SimpleStatementLine | cst.Expr) and not any(
            script.own(line, cst.AssignTarget)
        ):
            script.edits.remove(_emptied(script, line))
    if script.edits:
        return True
    found = [_smaller(script, line) for line in script.statements("parameter", "init")]
    return any(found)


def _emptied(script: Script, line: cst.CSTNode) -> cst.CSTNode:
    """A line, or the loop or condition that is there for it alone."""
    source = script.of(line)
    holder = source.parents[source.block(line)] if source.block(line) is not source.tree else source.tree
    if isinstance(holder, cst.For | cst.If) and holder.orelse is None and len(holder.body.body) == 1:
        return _emptied(script, holder)
    return line


def _smaller(script: Script, line: cst.CSTNode) -> bool:
    for one in script.own(line, cst.BinaryOperation):
        if isinstance(one.operator, cst.Multiply):
            for factor in (one.left, one.right):
                if (written := literal(script, factor)) is not None:
                    script.replace(written, SMALL)
                    return True
    for call in script.own(line, cst.Call):
        place = FILLED.get(last_name(call))
        given = argument(call, place, "fill_value") if place is not None else None
        if given is None and last_name(call) == "normal":
            given = argument(call, 1, "std")
        if given is not None and (written := literal(script, given.value)) is not None:
            script.replace(written, SMALL if last_name(call) == "normal" else "0.0")
            return True
    return _zeros(script, line)


def _zeros(script: Script, line: cst.CSTNode) -> bool:
    for call in script.own(line, cst.Call):
        if last_name(call) in ("randn", "rand", "ones") and isinstance(call.func, cst.Attribute):
            script.edits.change(call.func.attr, lambda _: cst.Name("zeros"))
            return True
    return False


def saturated(script: Script) -> bool:
    """Start small, or let the loss take logits."""
    if start(script):
        return True
    loss = loss_of(script)
    if loss is None or loss.kind != "BCELoss":
        return False
    for step in trace(script, loss.output):
        if step.kind == "sigmoid":
            became_logits(script, step)
            return drop(script, step) and become(script, loss, "BCEWithLogitsLoss")
        if step.kind == "linear":
            break
    return False


PATCHES = {"bad-init": start, "dead-relu": start, "saturated": saturated}
