"""``imbalance``, ``threshold`` and ``target-coding``: classes that are weighted, told apart and coded.

Reads the places ``loss``, ``target`` and ``compare``, and the facts ``pos_weight`` or ``weights``,
``threshold`` (a probability) with ``scale``, and ``values`` (the lowest and the highest target).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import libcst as cst

from lrtui.core.watch.patches.datapath import Table, point, tables
from lrtui.core.watch.patches.families.metrics import every_comparison, made_by, predicted, sides
from lrtui.core.watch.patches.families.settings import text
from lrtui.core.watch.patches.flow import SQUASHING, last_name, trace
from lrtui.core.watch.patches.losses import alike, loss_of
from lrtui.core.watch.patches.mending import ORDERED, ORDERS, wrapped
from lrtui.core.watch.patches.names import literal
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import argument, number, with_argument


def weight(script: Script) -> bool:
    """Let the rare class weigh more in the loss."""
    loss = loss_of(script)
    figures = _figures(script, "weights")
    single = script.figure("pos_weight")
    if loss is None:
        return False
    name = {"BCEWithLogitsLoss": "pos_weight", "CrossEntropyLoss": "weight", "NLLLoss": "weight"}.get(
        loss.kind
    )
    if name == "pos_weight" and single is not None:
        figures = [single]
    elif name == "weight" and not figures and single is not None:
        figures = [1.0, single]
    call = loss.built or loss.call
    if name is None or not figures or argument(call, None, name) is not None:
        return False
    tensor = script.spelled(call, "torch.tensor")
    rows = ", ".join(text(value) for value in figures)
    value = cst.parse_expression(f"{tensor}([{rows}])")
    script.edits.change(call, lambda now: _with(now, name, value))
    return True


def _with(now: cst.CSTNode, name: str, value: cst.BaseExpression) -> cst.Call:
    assert isinstance(now, cst.Call)
    return with_argument(now, name, value)


def _figures(script: Script, name: str) -> list[float]:
    value = script.fact(name)
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [float(one) for one in value if isinstance(one, int | float)]


def threshold(script: Script) -> bool:
    """Compare with another threshold; on logits with its log-odds."""
    value = script.figure("threshold")
    if value is None or not 0 < value < 1:
        return False
    found = False
    for line in script.statements("compare"):
        for node, limit in _limits(script, line):
            written = literal(script, limit)
            if written is None:
                continue
            logits = _on_logits(script, node, written)
            script.replace(written, f"{math.log(value / (1 - value)):.4g}" if logits else text(value))
            found = True
    return found


def _limits(script: Script, line: cst.CSTNode) -> list[tuple[cst.BaseExpression, cst.BaseExpression]]:
    found = []
    for one in script.own(line, cst.Comparison):
        if len(one.comparisons) == 1 and isinstance(one.comparisons[0].operator, ORDERS):
            found.append((one.left, one.comparisons[0].comparator))
    for call in script.own(line, cst.Call):
        if last_name(call) in ORDERED and call.args and isinstance(call.func, cst.Attribute):
            found.append(
                (call.func.value if len(call.args) == 1 else call.args[0].value, call.args[-1].value)
            )
    return found


def _on_logits(script: Script, node: cst.BaseExpression, written: cst.BaseExpression) -> bool:
    scale = script.fact("scale")
    if isinstance(scale, str):
        return scale.startswith("logit")
    for step in trace(script, node):
        if step.kind in (*SQUASHING, "linear"):
            return step.kind == "linear"
    return number(written) == 0


def recode(script: Script) -> bool:
    """Targets from 0 to 1, after the line that binds all of them, else where the loss takes them."""
    low, high = [*_figures(script, "values"), 0.0, 0.0][:2]
    loss = loss_of(script)
    if not low < high or (low, high) == (0.0, 1.0) or loss is None:
        return False
    formula = _formula(low, high)
    whole = list(tables(script, loss.target))
    place = point(script, whole[-1]) if whole and _counted(script, whole[-1]) else None
    if place is None:
        for one in alike(script, loss):
            wrapped(script, one.target, formula.replace("{y}", "{x}"))
        return True
    name = whole[-1].name
    script.edits.before(place, f"{name} = {formula.replace('{y}', name)}")
    return True


def _counted(script: Script, table: Table) -> bool:
    """Whether labels 0 and 1 are compared with the targets as they are: these then change for all."""
    found = False
    for line in every_comparison(script):
        for one, other in sides(script, line):
            target = other if predicted(script, one) else one
            label = one if target is other else other
            if not any(entry.statement is table.statement for entry in tables(script, target)):
                continue
            if any(last_name(call) in ("sign", "where") for call in made_by(script, label)):
                return False
            found = True
    return found


def _formula(low: float, high: float) -> str:
    """From low and high to 0 and 1; whole numbers leave whole targets whole."""
    if not low:
        return f"{{y}} / {high:g}"
    shifted = f"{{y}} - {low:g}" if low > 0 else f"{{y}} + {-low:g}"
    return shifted if high - low == 1 else f"({shifted}) / {high - low:g}"


PATCHES = {"imbalance": weight, "threshold": threshold, "target-coding": recode}
