"""``eval-mode`` and ``train-mode``: ``model.train()`` before training, ``model.eval()`` before evaluation.

Reads the places ``forward`` and ``evaluate``; no facts.
"""

from __future__ import annotations

import libcst as cst

from lrtui.core.watch.patches.flow import last_name
from lrtui.core.watch.patches.names import values
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import dotted, within

AROUND = (cst.For, cst.With, cst.While, cst.If)


def train(script: Script) -> bool:
    """Train in train mode, and evaluate in eval mode what was evaluated so before."""
    return _set(script, "forward", "train", "evaluate") and _follow(script, "evaluate", "eval", "forward")


def evaluate(script: Script) -> bool:
    """Evaluate in eval mode, and train in train mode what is trained afterwards."""
    return _set(script, "evaluate", "eval", "forward") and _follow(script, "forward", "train", "evaluate")


def _set(script: Script, phase: str, mode: str, other: str) -> bool:
    """Set the mode of a phase wherever it begins."""
    for line in script.statements(phase):
        model = _model(script, line)
        if model is None or line in script.statements(other):
            continue
        if not _turned(script, line, f"{model}.", mode, other):
            script.edits.before(_outermost(script, line, other), f"{model}.{mode}()")
    return bool(script.edits)


def _turned(script: Script, line: cst.CSTNode, model: str, mode: str, other: str) -> bool:
    """Set this mode where the wrong one is set for this line and for no line of the other phase."""
    source = script.of(line)
    scope = source.scope(line)
    wrong = [
        call
        for call in within(scope, cst.Call)
        if script.code(call.func) in (f"{model}train", f"{model}eval")
        and source.before(call, line)
        and source.block(call) in source.around(line)
    ]
    last = wrong[-1] if wrong else None
    if last is None or not isinstance(last.func, cst.Attribute):
        return False
    if any(source.before(last, one) and source.before(one, line) for one in script.statements(other)):
        return False
    script.edits.change(last.func.attr, lambda _: cst.Name(mode))
    if last.args:
        script.edits.drop(last, 0)
    return True


def _follow(script: Script, phase: str, mode: str, other: str) -> bool:
    """Set the mode of the other phase where nothing does it after the first one's."""
    for line in script.statements(phase):
        model = _model(script, line)
        if model is not None and not _has(script, line, f"{model}.{mode}", other):
            script.edits.before(_outermost(script, line, other), f"{model}.{mode}()")
    return True


def _model(script: Script, line: cst.CSTNode) -> str | None:
    """What is called in a line that is a module."""
    for call in script.own(line, cst.Call):
        name = dotted(call.func)
        if name is None or name.split(".")[0] in script.of(line).imports:
            continue
        for made in values(script, call.func):
            if (
                isinstance(made, cst.Call)
                and last_name(made)[:1].isupper()
                and not last_name(made).endswith("Loss")
            ):
                return name
    return None


def _outermost(script: Script, line: cst.CSTNode, other: str) -> cst.CSTNode:
    """The outermost block of its function around a line that the other phase is not in."""
    source = script.of(line)
    others = {one for place in script.statements(other) for one in (place, *_around(script, place))}
    best = line
    for one in source.around(line):
        if isinstance(one, cst.FunctionDef | cst.ClassDef | cst.Lambda) or one in others:
            break
        if isinstance(one, AROUND):
            best = one
    return best


def _around(script: Script, line: cst.CSTNode) -> list[cst.CSTNode]:
    return script.of(line).around(line)


def _has(script: Script, line: cst.CSTNode, call: str, other: str) -> bool:
    """Whether the mode is set before a line, and again whenever the other phase has changed it."""
    source = script.of(line)
    scope = source.scope(line)
    others = [
        one for one in script.statements(other) if script.of(one) is source and source.scope(one) is scope
    ]
    shared = [
        loop
        for loop in source.around(line)
        if isinstance(loop, cst.For | cst.While) and any(loop in source.around(one) for one in others)
    ]
    for one in within(scope, cst.Call):
        if script.code(one.func) == call and source.before(one, line):
            late = all(source.before(where, one) for where in others if source.before(where, line))
            if late and all(loop in source.around(one) for loop in shared):
                return True
    return False


PATCHES = {"eval-mode": train, "train-mode": evaluate}
